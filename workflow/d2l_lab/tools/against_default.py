"""Find or compute results of the shipped configuration, to compare others with them."""

from collections.abc import Iterable, Iterator, Sequence

from d2l_lab.config.shipped import ABSENT
from d2l_lab.errors import LabError
from d2l_lab.pipeline.plan import Plan
from d2l_lab.pipeline.planners import comparison
from d2l_lab.pipeline.result import Result
from d2l_lab.tools.differences import show, some
from d2l_lab.tools.history import model_of
from d2l_lab.tools.inventory import Stored
from d2l_lab.tools.lab import compute, is_there, using_the_store

DEFAULT = "default"  # the shipped configuration, on the command line
REST = {
    "same": "the same result as shipped: {}",
    "renamed": "the same result as shipped, under another name: {}",
    "new": "not in the shipped configuration: {}",
    "left out": "only in the shipped configuration: {}",
    "missing": "the store does not have the shipped configuration's results of {}; make compare "
    "A=default TRAIN=yes computes them",
    "not run": "the store does not have this configuration's results of {}; make computes them",
}


def find(other: Stored, plan: Plan, named: Sequence[str], *, train: bool) -> Stored:
    """Find the shipped configuration's result for the model of another result.

    Parameters
    ----------
    other : Stored
        A training or cross-validation.
    plan : Plan
    named : sequence of str
        A and B as given on the command line.
    train : bool
        Whether to compute it, and everything that the book's page shows, if the store lacks it.

    Raises
    ------
    LabError
        If there is no such model, or the store does not have its result.
    """
    model, device = model_of(other), other.record["ingredients"]["settings"]["device"]
    wanted = comparison.shipped_result(plan, other.stage, model, device, other.folder.name)
    if wanted is None:
        models = ", ".join(plan.default.config["models"])
        raise LabError(
            f"{model}: not a model of the shipped configuration, which has {models}; "
            "compare it with one of these, as in make compare A=mlp_scratch B=..."
        )
    if train:
        compute_missing(plan, (plan.default[stage, wanted.name] for stage in comparison.STAGES))
    found = comparison.find_shipped(plan, wanted)
    if found is None or not is_there(found):
        a, b = named
        raise LabError(
            f"{wanted.reference}: the store does not have this result of the shipped "
            f"configuration; make compare A={a} B={b} TRAIN=yes computes it"
        )
    return Stored(found.folder)


def compute_missing(plan: Plan, wanted: Iterable[Result]) -> None:
    """Compute missing results of the shipped configuration.

    The files in results/ remain those of the current configuration.
    """
    if missing := plan.default.missing(is_there, [*wanted]):
        with using_the_store():
            for result in missing:
                compute(result)


def changed(plan: Plan) -> Iterator[str]:
    """List how the configuration differs from the shipped one, one line per key."""
    for each in comparison.changes(plan):
        old, new = ("–" if each == ABSENT else show(each) for each in (each.shipped, each.yours))
        yield f"{each.key}: {old} → {new}"


def pairs(plan: Plan, *, train: bool) -> Iterator[tuple[Stored, Stored] | str]:
    """Pair each result that differs from the shipped one with it.

    Yields
    ------
    tuple of Stored, or str
        The shipped result and yours; finally a line for each reason why results are not compared.
    """
    paired = [*comparison.pairs(plan)]
    if train:
        compute_missing(plan, (each.shipped for each in paired if each.relation == "apart"))
    rest: dict[str, dict[str, None]] = {}
    for pair in paired:
        state = pair.relation
        if state == "apart":
            found = comparison.find_shipped(plan, pair.shipped)
            state = "missing" if found is None or not is_there(found) else ""
            state = state if is_there(pair.yours) else "not run"
        if state:
            rest.setdefault(state, {})[pair.model] = None
        else:
            yield Stored(found.folder), Stored(pair.yours.folder)
    for state, models in rest.items():
        yield REST[state].format(some(models))
