"""The numbers and comparisons in the pages' sentences, computed from the tables.

Each finding is a function of the tables listed in `finding_tables.TABLES`. It returns what a text
refers to, as in ``{{ rates.best }}``, or raises `NotMeasuredError` if the run has no such data.
"""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from d2l_lab.book.claim_blocks import UPHELD
from d2l_lab.book.experiments import Experiments, estimate
from d2l_lab.tables.claims import OURS
from d2l_lab.tables.statistics import half_width

ROUNDING = float(np.finfo(np.float32).eps)  # the relative spacing of 32-bit numbers
KINDRED = {  # similar classes of Fashion-MNIST
    "tops": ("T-shirt/top", "Pullover", "Coat", "Shirt"),
    "shoes": ("Sandal", "Sneaker", "Ankle boot"),
}


class NotMeasuredError(LookupError):
    """The run did not measure this."""


FINDINGS: dict[str, Callable[..., Any]] = {}


def finding(find: Callable) -> Callable:
    """Register a function as a finding; `TABLES` lists the tables that it gets."""
    FINDINGS[find.__name__] = find
    return find


class Judged:
    """A claim with its verdict; without a verdict, all attributes are false.

    Parameters
    ----------
    row : mapping, optional
        The claim's row in the table of claims.
    """

    def __init__(self, row: Mapping[str, Any] | None = None):
        known = dict(row or {})
        verdict = known.get("verdict")
        self.known = bool(known)
        self.holds = verdict in UPHELD
        self.fails = verdict == "does not hold"
        self.open = verdict == "not decided"
        self.mean = self.evidence = known.get("evidence", np.nan)
        self.low = known.get("ci_low", np.nan)
        self.high = known.get("ci_high", np.nan)
        self.threshold = known.get("threshold", np.nan)
        self.n = known.get("n", np.nan)

    def __getitem__(self, name: str) -> float:
        """Return ``mean``, ``low`` or ``high``, like for any row with an interval."""
        return getattr(self, name)


class Verdicts:
    """All claims, as attributes named by their ids; and how many of those of the notes hold.

    `ours` counts the claims that are not in the notes.
    """

    def __init__(self, claims: pd.DataFrame):
        self._rows = {row["id"]: row for row in claims.to_dict("records")}
        verdicts = claims.loc[claims["kind"] != OURS, "verdict"]
        self.ours = len(claims) - len(verdicts)
        self.all = len(verdicts)
        self.holding = int(verdicts.isin(UPHELD).sum())
        self.failing = int((verdicts == "does not hold").sum())
        self.undecided = int((verdicts == "not decided").sum())

    def __getattr__(self, name: str) -> Judged:
        """Return a claim, even one without a verdict."""
        if name.startswith("_"):
            raise AttributeError(name)
        return Judged(self._rows.get(name))


@finding
def claims(table: pd.DataFrame) -> Verdicts:
    """Return the verdict and the evidence of each claim."""
    return Verdicts(table)


# chapter 3


@finding
def descent(closed_form: pd.DataFrame, distances: pd.DataFrame) -> SimpleNamespace:
    """Follow the mean distance of SGD from the closed form."""
    means = distances.groupby("step")["distance"].mean()
    truth = float(np.linalg.norm(closed_form["error"]))
    below = means.index[means < truth]
    return SimpleNamespace(
        steps=int(means.index[-1]),
        start=means.iloc[0],
        end=means.iloc[-1],
        truth=truth,
        factor=means.iloc[0] / means.iloc[-1],
        crosses=len(below) > 0,
        crossing=int(below[0]) if len(below) else None,
        times_truth=means.iloc[-1] / truth,
    )


@finding
def rates(table: pd.DataFrame) -> SimpleNamespace:
    """Compare the final losses of all learning rates."""
    means = table.groupby("learning_rate").agg({"loss": "mean", "diverged": "max"})
    kept = means.loc[~means["diverged"].astype(bool), "loss"]
    lost = means.index[means["diverged"].astype(bool)]
    if kept.empty:
        raise NotMeasuredError("every rate diverged")
    return SimpleNamespace(
        slowest=kept.index[0],
        slowest_loss=kept.iloc[0],
        best=kept.idxmin(),
        best_loss=kept.min(),
        best_estimate=estimate(table.loc[table["learning_rate"] == kept.idxmin(), "loss"]),
        largest=kept.index[-1],
        diverges=len(lost) > 0,
        diverging=lost[0] if len(lost) else None,
        factor=kept.iloc[0] / kept.min(),
    )


@finding
def loop(table: pd.DataFrame) -> SimpleNamespace:
    """Compare a loop and one operation, by the medians at the greatest length."""
    last = table[table["length"] == table["length"].max()]
    medians = last.groupby("way")["seconds"].median()
    return SimpleNamespace(
        length=int(last["length"].iloc[0]),
        loop=medians["loop"],
        vectorised=medians["vectorised"],
        factor=medians["loop"] / medians["vectorised"],
    )


@finding
def linear(training: pd.DataFrame, models: pd.DataFrame) -> SimpleNamespace:
    """Follow the test loss of linear regression from scratch, epoch by epoch."""
    name = _first_model(models, "linear_regression.scratch")
    means = _mean_history(training, name, "test", "loss")
    return SimpleNamespace(
        epochs=int(means.index[-1]),
        first=means.iloc[0],
        last=means.iloc[-1],
        factor=means.iloc[0] / means.iloc[-1],
    )


@finding
def learned(parameters: pd.DataFrame, models: pd.DataFrame) -> dict[str, SimpleNamespace]:
    """Compare the learned parameters of each model with the true ones, by model."""
    found = {}
    parameters = parameters.assign(true=parameters["true"].astype(float))
    for name, rows in parameters.groupby("model", sort=False):
        absent = rows[rows["true"] == 0]
        greatest = rows.loc[rows["error"].abs().idxmax()]
        found[name] = SimpleNamespace(
            error=abs(greatest["error"]),
            parameter=greatest["parameter"],
            beyond=absent["learned"].abs().max() if len(absent) else None,
            features=rows["parameter"].nunique(),
        )
    by_module = SimpleNamespace()
    linear_name = _first_model(models, "linear_regression.scratch", default=None)
    by_module.linear = found.get(linear_name)
    names = models.loc[models["module"] == "polynomial_regression.concise", "model"]
    wide = [found[name] for name in names if name in found and found[name].beyond is not None]
    by_module.wide = wide[0] if wide else None
    return by_module


@finding
def ways(table: pd.DataFrame) -> SimpleNamespace:
    """Compare the implementations of each model: the differences, relative to the values."""
    both = table[table["kind"] == "ways"].copy()
    both["relative"] = both["greatest_difference"] / both["greatest_value"].replace(0, np.nan)
    found = SimpleNamespace(rounding=ROUNDING)
    for family in ("linear_regression", "softmax_regression", "mlp"):
        of_family = both[both["family"] == family]
        if of_family.empty or of_family["relative"].isna().all():
            setattr(found, family, None)
            continue
        parameters = of_family[~of_family["quantity"].isin(["loss", "accuracy"])]
        losses = of_family[of_family["quantity"] == "loss"]
        accuracies = of_family[of_family["quantity"] == "accuracy"]
        worst = parameters.loc[parameters["relative"].idxmax()]
        about = SimpleNamespace(
            loss=losses["relative"].max(),
            parameters=worst["relative"],
            parameter=worst["quantity"],
            spacings=worst["relative"] / ROUNDING,
            accuracy=accuracies["greatest_difference"].max() if len(accuracies) else None,
        )
        setattr(found, family, about)
    return found


@finding
def classes_of_images(table: pd.DataFrame) -> SimpleNamespace:
    """Count the images of the classes."""
    train = table.loc[table["split"] == "train", "count"]
    test = table.loc[table["split"] == "test", "count"]
    return SimpleNamespace(
        classes=len(train),
        train=int(train.sum()),
        test=int(test.sum()),
        balanced=train.nunique() == 1 and test.nunique() == 1,
        each=int(train.iloc[0]),
        least=int(train.min()),
        most=int(train.max()),
    )


@finding
def reading(table: pd.DataFrame) -> SimpleNamespace:
    """Compare the times of reading an epoch."""
    loader = table[table["way"] == "DataLoader"]
    alone = loader.loc[loader["workers"] == 0, "seconds"]
    several = loader[loader["workers"] > 0]
    resident = table.loc[table["way"] != "DataLoader", "seconds"]
    if loader.empty or resident.empty or alone.empty:
        raise NotMeasuredError("nothing to compare")
    fastest = several.loc[several["seconds"].idxmin()] if len(several) else None
    return SimpleNamespace(
        alone=alone.iloc[0],
        resident=resident.iloc[0],
        factor=loader["seconds"].min() / resident.iloc[0],
        has_workers=fastest is not None,
        workers=int(fastest["workers"]) if fastest is not None else 0,
        with_workers=fastest["seconds"] if fastest is not None else np.nan,
        workers_help=fastest is not None and fastest["seconds"] < alone.iloc[0],
    )


@finding
def overflow(table: pd.DataFrame) -> SimpleNamespace:
    """Find where the plain formulas of softmax and cross-entropy fail."""
    broken = table[table["plain_finite"] < 1]
    if broken.empty:
        raise NotMeasuredError("nothing overflows")
    last, wrong = table.iloc[-1], table["greatest_difference"].idxmax()
    return SimpleNamespace(
        scale=broken["scale"].iloc[0],
        finite=broken["plain_finite"].iloc[0],
        last_scale=last["scale"],
        last_finite=last["plain_finite"],
        library=table["stable_finite"].min(),
        difference=table["greatest_difference"].max(),
        difference_scale=table.loc[wrong, "scale"],
    )


@finding
def classifiers(
    summary: pd.DataFrame, folds: pd.DataFrame, training: pd.DataFrame, models: pd.DataFrame
) -> SimpleNamespace:
    """Return the accuracies of the classifiers from scratch, and the beginning of their curves."""
    found = SimpleNamespace(softmax_regression=None, mlp=None)
    for family in ("softmax_regression", "mlp"):
        name = _first_model(models, f"{family}.scratch", default=None)
        if name is None or not (training["model"] == name).any():
            continue
        means = {row["metric"]: row for row in _rows_of(summary, name)}
        validated = {row["metric"]: row for row in _rows_of(folds, name)}
        needed = {"test_accuracy", "test_loss"} - means.keys()
        if needed or "validation_accuracy" not in validated:
            continue
        running = _mean_history(training, name, "train_running", "accuracy")
        test = _mean_history(training, name, "test", "accuracy")
        spread = _spread(training, name, "test"), _spread(training, name, "train_running")
        train = validated.get("train_accuracy", validated.get("train_running_accuracy"))
        about = SimpleNamespace(
            accuracy=means["test_accuracy"],
            loss=means["test_loss"],
            validation=validated["validation_accuracy"],
            gap=train["mean"] - validated["validation_accuracy"]["mean"],
            running_first=running.iloc[0],
            test_first=test.iloc[0],
            loss_first=_mean_history(training, name, "train_running", "loss").iloc[0],
            loss_last=_mean_history(training, name, "train_running", "loss").iloc[-1],
            test_spread=spread[0],
            running_spread=spread[1],
            fall=_fall(_mean_history(training, name, "train_running", "loss")),
        )
        setattr(found, family, about)
    if found.softmax_regression is None:
        raise NotMeasuredError("no classifier")
    return found


@finding
def confused(
    counts: pd.DataFrame, accuracies: pd.DataFrame, models: pd.DataFrame, summary: pd.DataFrame
) -> SimpleNamespace:
    """Find the classes that softmax regression from scratch confuses, and the MLP's numbers."""
    name = _first_model(models, "softmax_regression.scratch")
    mine = accuracies[accuracies["model"] == name]
    if mine.empty:
        raise NotMeasuredError(name)
    of_model = counts[counts["model"] == name]
    wrong = of_model[of_model["true"] != of_model["predicted"]]
    most = wrong.loc[wrong["count"].idxmax()]
    hardest, spread = mine.loc[mine["mean"].idxmin()], mine.loc[mine["sd"].idxmax()]
    found = SimpleNamespace(
        hardest=hardest["name"],
        hardest_mean=hardest["mean"],
        easiest=mine.loc[mine["mean"].idxmax(), "name"],
        easiest_mean=mine["mean"].max(),
        true=most["true"],
        predicted=most["predicted"],
        pair=most["count"] / of_model.loc[of_model["true"] == most["true"], "count"].sum(),
        widest=spread["name"],
        widest_sd=spread["sd"],
        narrowest_sd=mine["sd"].min(),
        overall_sd=next(
            row["sd"] for row in _rows_of(summary, name) if row["metric"] == "test_accuracy"
        ),
        kindred=None,
        perceptron=None,
    )
    groups = {each: group for group, names in KINDRED.items() for each in names}
    if groups.keys() <= {*of_model["true"]}:
        pairs = wrong.assign(of=wrong["true"].map(groups), as_=wrong["predicted"].map(groups))
        within = pairs.loc[pairs["of"].notna() & (pairs["of"] == pairs["as_"]), "count"].sum()
        found.kindred = within / wrong["count"].sum()
    other = _first_model(models, "mlp.scratch", default=None)
    theirs = accuracies[(accuracies["model"] == other) & (accuracies["name"] == hardest["name"])]
    if not theirs.empty:
        found.perceptron = theirs["mean"].iloc[0]
    return found


@finding
def formed(table: pd.DataFrame) -> SimpleNamespace:
    """Follow the weights of softmax regression, as images, over the epochs."""
    by_epoch = table.set_index("epoch")
    likeness = by_epoch["correlation_mean"]
    return SimpleNamespace(
        likest=int(likeness.idxmax()),
        likest_mean=likeness.max(),
        likest_accuracy=by_epoch.loc[likeness.idxmax(), "test_accuracy"],
        last=int(by_epoch.index[-1]),
        last_mean=likeness.iloc[-1],
        last_accuracy=by_epoch["test_accuracy"].iloc[-1],
        first_weight=by_epoch.loc[1, "greatest_weight"],
        last_weight=by_epoch["greatest_weight"].iloc[-1],
    )


# chapter 4


@finding
def collapse(difference: pd.DataFrame, results: pd.DataFrame) -> SimpleNamespace:
    """Compare a network without activation function with the single layer that equals it."""
    means = results.groupby("model", sort=False)["test_accuracy"].mean()
    return SimpleNamespace(
        difference=difference["greatest_difference"].max(),
        logit=difference["greatest_logit"].max(),
        changed=int(difference["changed_predictions"].sum()),
        accuracies=means.to_dict(),
        replicates=results["replicate"].nunique(),
    )


@finding
def vanishing(table: pd.DataFrame) -> SimpleNamespace:
    """Compare the first layer's gradient in the deepest and the shallowest network."""
    means = table.groupby(["initial", "activation", "depth"], sort=False)["first_layer"].mean()
    shallow, deep = int(table["depth"].min()), int(table["depth"].max())
    if shallow == deep:
        raise NotMeasuredError("one depth")
    factors = {
        (initial, activation): means[initial, activation, deep]
        / means[initial, activation, shallow]
        for initial, activation in dict.fromkeys(index[:2] for index in means.index)
    }
    last = table.groupby(["initial", "activation", "depth"], sort=False)["last_layer"].mean()
    return SimpleNamespace(
        shallow=shallow,
        deep=deep,
        factors={
            f"{initial}_{activation}": value for (initial, activation), value in factors.items()
        },
        last_layer=last["notes", "relu", deep] / last["notes", "relu", shallow],
    )


@finding
def degrees(test: pd.DataFrame, weights: pd.DataFrame, choice: pd.DataFrame) -> SimpleNamespace:
    """Compare the polynomials of all degrees, by the medians over the datasets."""
    medians = test.groupby(["method", "split", "degree"])["loss"].median()
    exact, sgd = medians["exact", "test"], medians["sgd", "test"]
    best, highest = int(exact.idxmin()), int(exact.index[-1])
    greatest = weights.groupby(["method", "degree"])["greatest_weight"].median()
    modes = choice.groupby(["method", "rule"])["degree"].agg(lambda found: (found == best).sum())
    return SimpleNamespace(
        best=best,
        highest=highest,
        datasets=int(test["replicate"].nunique()),
        exact_best=exact[best],
        exact_highest=exact[highest],
        exact_rises=exact[highest] > 10 * exact[best],
        exact_train_best=medians["exact", "train"][best],
        exact_train_highest=medians["exact", "train"][highest],
        sgd_highest=sgd[highest],
        sgd_best=sgd[best],
        weight_best=greatest["exact", best],
        weight_highest=greatest["exact", highest],
        sgd_weight=greatest["sgd", highest],
        line=exact[1] if 1 in exact.index else None,
        chosen={f"{method}_{rule}": int(count) for (method, rule), count in modes.items()},
    )


@finding
def sizes(table: pd.DataFrame) -> SimpleNamespace:
    """Compare the losses of the least and the most flexible polynomial, by number of examples."""
    medians = table.groupby(["method", "degree", "split", "examples"])["loss"].median()
    lowest, highest = int(table["degree"].min()), int(table["degree"].max())
    most = int(table["examples"].max())
    gap = medians["exact", lowest, "test"] / medians["exact", lowest, "train"]
    flexible = medians["exact", highest, "train"]
    solved = [n for n in flexible.index if n <= highest + 1]  # no more examples than weights
    return SimpleNamespace(
        most=most,
        lowest=lowest,
        highest=highest,
        simple_train=medians["exact", lowest, "train"][most],
        simple_test=medians["exact", lowest, "test"][most],
        simple_ratio=gap[most],
        complex_test=medians["exact", highest, "test"][most],
        complex_train=flexible[most],
        interpolated=max(solved) if solved else None,
        interpolated_train=flexible[max(solved)] if solved else None,
    )


@finding
def rate_choice(table: pd.DataFrame, choice: pd.DataFrame, test: pd.DataFrame) -> SimpleNamespace:
    """Return the learning rate that was picked, validated and tested."""
    results = test.set_index("split")
    validation, tested = results.loc["validation"], results.loc["test"]
    return SimpleNamespace(
        rates=sorted(table["learning_rate"].unique()),
        rate=choice["learning_rate"].iloc[0],
        validation=validation["accuracy"],
        validation_error=validation["accuracy_error"],
        test=tested["accuracy"],
        test_error=tested["accuracy_error"],
        difference=abs(validation["accuracy"] - tested["accuracy"]),
        joint_error=np.hypot(validation["accuracy_error"], tested["accuracy_error"]),
    )


@finding
def joint_choice(table: pd.DataFrame, choice: pd.DataFrame, test: pd.DataFrame) -> SimpleNamespace:
    """Return the settings that were picked together, and the best rate of each depth."""
    validated = table[table["split"] == "validation"]
    keys = ["hidden_layers", "weight_decay", "learning_rate"]
    means = validated.groupby(keys)["loss"].mean()
    best = {
        int(layers): losses.idxmin()[2] for layers, losses in means.groupby(level="hidden_layers")
    }
    row, tested = choice.iloc[0], test.set_index("split").loc["test"]
    return SimpleNamespace(
        combinations=len(means),
        layers=int(row["hidden_layers"]),
        decay=row["weight_decay"],
        rate=row["learning_rate"],
        validation=row["validation_accuracy"],
        test=tested["accuracy"],
        test_error=tested["accuracy_error"],
        best_rates=best,
        depends=len(set(best.values())) > 1,
        rates_of_layers=", ".join(
            f"{rate:g} ({layers}: {means.xs(layers, level='hidden_layers').min():.3f})"
            for layers, rate in best.items()
        ),
    )


@finding
def polynomials(models: pd.DataFrame, summary: pd.DataFrame) -> SimpleNamespace:
    """Compare training and test loss of the polynomials, from the fewest features to the most."""
    of_module = models[models["module"] == "polynomial_regression.concise"]
    rows = []
    for model in of_module.drop_duplicates("model").sort_values("features").to_dict("records"):
        means = {row["metric"]: row["mean"] for row in _rows_of(summary, model["model"])}
        if {"train_loss", "test_loss"} <= means.keys():
            train, test = means["train_loss"], means["test_loss"]
            about = {"train": train, "test": test, "ratio": test / train}
            features = model["features"]
            about |= {"features": None if pd.isna(features) else int(features)}
            rows.append(SimpleNamespace(model=model["model"], epochs=int(model["epochs"]), **about))
    if not rows:
        raise NotMeasuredError("no polynomial")
    return SimpleNamespace(rows=rows, fewest=rows[0], most=rows[-1])


# published numbers


@finding
def published(table: pd.DataFrame) -> SimpleNamespace:
    """Count the published numbers by their verdict, and pick out those that need an explanation."""
    judged = table[table["verdict"].isin(["within", "below", "above"])]
    if judged.empty:
        raise NotMeasuredError("no published number has the settings of this run")
    averaged = judged[judged["factor"] != 1]
    return SimpleNamespace(
        all=len(table),
        judged=len(judged),
        within=int((judged["verdict"] == "within").sum()),
        in_interval_of_mean=int((judged["in_interval_of_mean"].astype(str) == "True").sum()),
        expected=0.05 * len(judged),
        outside=_rows_as_objects(judged[judged["verdict"] != "within"]),
        averaged=_rows_as_objects(averaged),
        impossible=_rows_as_objects(table[table["verdict"] == "impossible"]),
    )


@finding
def facing_pages(
    table: pd.DataFrame, models: pd.DataFrame, summary: pd.DataFrame
) -> SimpleNamespace:
    """Compare the two test accuracies of one translation's perceptrons with our spread."""
    theirs = table[(table["source"] == "tang") & (table["quantity"] == "test_accuracy")]
    theirs = theirs[theirs["module"].str.startswith("mlp.")]
    rows = _rows_of(summary, _first_model(models, "mlp.scratch"))
    ours = next((row for row in rows if row["metric"] == "test_accuracy"), None)
    if len(theirs) != 2 or ours is None or ours["n"] < 2 or _has_other_data(theirs):
        raise NotMeasuredError("no two perceptrons")
    first, second = theirs["published"].astype(float)
    return SimpleNamespace(
        first=first,
        second=second,
        gap=abs(first - second),
        spread=half_width(ours["sd"] * np.sqrt(2), ours["n"] - 1),
    )


@finding
def overfitting(test: pd.DataFrame) -> SimpleNamespace:
    """Count the datasets on which the highest degree's test loss is twice the training loss."""
    highest = int(test["degree"].max())
    wide = test[test["degree"] == highest].pivot(
        index=["method", "replicate"], columns="split", values="loss"
    )
    overfits = (wide["test"] > 2 * wide["train"]).groupby("method").sum()
    ratios = (wide["test"] / wide["train"]).groupby("method").median()
    return SimpleNamespace(
        degree=highest,
        datasets=int(test["replicate"].nunique()),
        sgd=int(overfits["sgd"]),
        exact=int(overfits["exact"]),
        sgd_ratio=ratios["sgd"],
        exact_ratio=ratios["exact"],
    )


# the checklist of reproducibility


@finding
def trainings(models: pd.DataFrame, summary: pd.DataFrame) -> SimpleNamespace:
    """Count the trainings; find the smallest and largest model and numbers of runs."""
    if models.empty:
        raise NotMeasuredError("no model")
    largest = models.loc[models["parameters"].idxmax()]
    return SimpleNamespace(
        models=models["model"].nunique(),
        runs=int(models["training_runs"].sum()),
        validations=int(models["validation_runs"].sum()),
        fewest=int(models["training_runs"].min()),
        most=int(models["training_runs"].max()),
        least=int(models["parameters"].min()),
        largest=largest["model"],
        greatest=int(largest["parameters"]),
        devices=", ".join(models["device"].unique()),
        diverged=int(summary.groupby(["model", "device"])["diverged"].max().sum()),
    )


@finding
def halves(table: pd.DataFrame) -> SimpleNamespace:
    """Describe the datasets, in particular those with classes."""
    sizes = table.pivot(index="dataset", columns="split", values="examples")
    of_classes = table[table["classes"].notna()].drop_duplicates("dataset")
    return SimpleNamespace(
        datasets=[
            SimpleNamespace(name=name, train=int(row["train"]), test=int(row["test"]))
            for name, row in sizes.reindex(table["dataset"].unique()).iterrows()
        ],
        classes=[
            SimpleNamespace(**row) for row in of_classes.astype({"classes": int}).to_dict("records")
        ],
        licences=sorted(table["licence"].unique()),
    )


@finding
def machine(jobs: pd.DataFrame) -> SimpleNamespace:
    """Add up the times of all jobs, find their largest memory, and name the machines."""
    is_training = jobs["stage"].isin(["train", "kfold"])
    if not is_training.any():
        raise NotMeasuredError("no training")
    longest = jobs.loc[jobs["seconds"].idxmax()]
    return SimpleNamespace(
        jobs=len(jobs),
        minutes=jobs["seconds"].sum() / 60,
        training_minutes=jobs.loc[is_training, "seconds"].sum() / 60,
        trainings=int(is_training.sum()),
        mean_seconds=jobs.loc[is_training, "seconds"].mean(),
        longest=f"{longest['stage']}/{longest['name']}",
        longest_seconds=longest["seconds"],
        mebibytes=jobs["peak_mebibytes"].max(),
        **{key: ", ".join(jobs[key].astype(str).unique()) for key in ("cpu", "platform", "python")},
    )


@finding
def searched(table: pd.DataFrame, choice: pd.DataFrame) -> SimpleNamespace:
    """Return the bounds of the joint search, its number of trainings, and its choice."""
    row = choice.iloc[0]
    keys = ["hidden_layers", "weight_decay", "learning_rate"]
    bounds = {key: (table[key].min(), table[key].max()) for key in keys}
    combinations = table[keys].drop_duplicates()
    return SimpleNamespace(
        bounds=bounds,
        combinations=len(combinations),
        folds=int(table["fold"].nunique()),
        runs=len(combinations) * int(table["fold"].nunique()),
        layers=int(row["hidden_layers"]),
        decay=row["weight_decay"],
        rate=row["learning_rate"],
    )


def _has_other_data(rows: pd.DataFrame) -> bool:
    """Return whether this run has no model on the data of published numbers."""
    return bool((rows["n"] == 0).any())


def _rows_as_objects(table: pd.DataFrame) -> list[SimpleNamespace]:
    return [SimpleNamespace(**row) for row in table.to_dict("records")]


# The measurements of experiments on exercises; each experiment has its table.
EXPERIMENTS = ("exercises_linear", "exercises_softmax", "exercises_reading", "exercises_mlp")
FINDINGS |= dict.fromkeys(EXPERIMENTS, Experiments)


def _first_model(models: pd.DataFrame, module: str, **default: Any) -> Any:
    names = models.loc[models["module"] == module, "model"]
    if names.empty:
        if "default" in default:
            return default["default"]
        raise NotMeasuredError(module)
    return names.iloc[0]


def _rows_of(summary: pd.DataFrame, model: str) -> list[dict[str, Any]]:
    """List a model's metrics on its first device, without those that diverged."""
    rows = summary[(summary["model"] == model) & (summary["diverged"] == 0)]
    rows = rows[rows["device"] == rows["device"].iloc[0]] if len(rows) else rows
    renamed = rows.rename(columns={"ci_low": "low", "ci_high": "high"})
    return renamed.to_dict("records")


def _mean_history(training: pd.DataFrame, model: str, split: str, metric: str) -> pd.Series:
    """Average a metric over the replicates, by epoch."""
    is_wanted = (training["model"] == model) & (training["split"] == split)
    rows = training[is_wanted & (training["metric"] == metric)]
    if rows.empty or rows["value"].isna().any():
        raise NotMeasuredError(f"{model} {split} {metric}")
    return rows.groupby("epoch")["value"].mean()


def _spread(training: pd.DataFrame, model: str, split: str) -> float:
    """Return the mean range of the accuracy over the replicates, in the second half of training."""
    is_wanted = (training["model"] == model) & (training["split"] == split)
    rows = training[is_wanted & (training["metric"] == "accuracy")]
    late = rows[rows["epoch"] > rows["epoch"].max() / 2].groupby("epoch")["value"]
    return float((late.max() - late.min()).mean())


def _fall(losses: pd.Series) -> float:
    """Return the share of a loss's total fall that happens in the second epoch."""
    if len(losses) < 3 or losses.iloc[0] <= losses.iloc[-1]:
        return np.nan
    return float((losses.iloc[0] - losses.iloc[1]) / (losses.iloc[0] - losses.iloc[-1]))
