"""The capacity study (notes 4.4.4): polynomials fitted one by one, as in the notes, and batched."""

import pandas as pd

from benchmarks.bench import Bench
from benchmarks.measuring import Case, in_rounds, summarise
from d2l_lab.errors import LabError
from d2l_lab.pipeline.environment import MEMORY

DEGREES = (1, 19)  # degrees of the fits one by one; a fit takes the same time at every degree


def measure(bench: Bench) -> dict[str, pd.DataFrame]:
    """Measure the whole study, and a few of its fits one by one.

    Returns
    -------
    capacity : DataFrame
        way (one by one, batched); seconds_per_fit, with the least and the greatest value, and the
        number of measurements; fits, their number in the study; seconds_of_all fits, extrapolated
        for the first way, and measured for the second, including exact fits and tables.
    """
    try:
        asked = bench.plan["study", "capacity"].settings
    except KeyError:
        raise LabError(
            "config.yaml: studies.capacity: is left out; put it in to measure it"
        ) from None
    given, settings = asked["given"], asked["settings"]
    folds = settings["replicates"] * settings["folds"]
    fits = (folds + settings["replicates"]) * given["polynomial"]["max_degree"]
    highest = given["polynomial"]["max_degree"] - 1
    alone = {
        "polynomial": given["polynomial"],
        "examples": given["polynomial_examples"],
        "degrees": [min(degree, highest) for degree in DEGREES],
        **{key: settings[key] for key in ("folds", "epochs", "batch_size", "learning_rate")},
    }
    cases = [
        Case({"way": "one by one"}, "polynomials_one_by_one", alone),
        Case({"way": "batched"}, "study", asked, variables=MEMORY),
    ]
    rows = [
        {**case.about, "seconds_per_fit": seconds / (fits if case.module == "study" else 1)}
        for case, answer in in_rounds(cases, bench.rounds)
        for seconds in answer["seconds"]
    ]
    table = summarise(pd.DataFrame(rows), ["way"], "seconds_per_fit")
    return {"capacity": table.assign(fits=fits, seconds_of_all=table["seconds_per_fit"] * fits)}
