"""Results as a run leaves them, with next to nothing in them."""

from collections.abc import Mapping
from typing import Any

from d2l_lab.config import validate
from d2l_lab.pipeline import session
from d2l_lab.pipeline.plan import Plan
from d2l_lab.stages.show import show
from d2l_lab.store import results


def make_results(config: Mapping[str, Any]) -> Plan:
    """Fill the store of the present folder, show the results, make the report; give the plan."""
    plan = Plan(validate(config), ["cpu"])
    for one in plan.results.values():
        folder = session.folder_of(one)
        if not folder.exists():
            with results.writing(folder, one.ingredients) as (temporary, _):
                for name in one.files or ("history.csv",):
                    (temporary / name).parent.mkdir(parents=True, exist_ok=True)
                    (temporary / name).write_text(one.key)
    show([session.folder_of(one) for one in plan.shown], session.RESULTS, session.view_of(plan))
    session.REPORT.parent.mkdir(exist_ok=True)
    session.REPORT.write_text("the report")
    return plan
