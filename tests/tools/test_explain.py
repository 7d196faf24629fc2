"""`explain` lists what a run would make and why, and changes nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from checkout import NO_BOOK, ROOT, merged, read_yaml
from d2l_lab.config import validate
from d2l_lab.pipeline import session
from d2l_lab.pipeline.plan import Plan
from d2l_lab.pipeline.status import Status
from d2l_lab.store import code, keys, layout
from d2l_lab.tools import cli
from d2l_lab.tools import explain as tool
from d2l_lab.tools.explain import State, explain, lines
from shown import make_results, show_all, write_all

SHIPPED = read_yaml(ROOT / "config.yaml")
MODELS = ("linear_regression_scratch", "mlp_scratch")
OWN = {"replicates": None}  # as many as for all
CONFIG = SHIPPED | {"models": {name: SHIPPED["models"][name] | OWN for name in MODELS}}
CONFIG |= {"studies": {}, "claims": False, "book": NO_BOOK}
MLP = "mlp_scratch.cpu"
REPORT = "report all"


def planned(changes=None):
    return Plan(validate(merged(CONFIG, changes or {})), ["cpu"])


def said(plan):
    """Explain; return the reasons by stage and name, only for results that are not up to date."""
    reasons = [each for each in explain(Status(plan)) if each.state is not State.UP_TO_DATE]
    return {f"{each.result.stage} {each.result.name}": each.words for each in reasons}


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A folder in which every result has been made and is shown."""
    folder = tmp_path_factory.mktemp("template")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        make_results(CONFIG, "2026-01-01T00:00:00+00:00")
    return folder


@pytest.fixture
def before(template, tmp_path, monkeypatch):
    """The plan of the current folder, in which every result has been made and is shown."""
    shutil.copytree(template, tmp_path / "copy")
    monkeypatch.chdir(tmp_path / "copy")
    return planned()


# Results that a run would make


def test_a_result_that_never_existed_is_made_for_the_first_time(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert {*said(planned()).values()} == {"will be made: for the first time"}
    assert not any(tmp_path.iterdir())


def test_a_changed_setting_is_named_with_everything_that_depends_on_it(before):
    changes = {"models": {"mlp_scratch": {"learning_rate": 0.5, "epochs": 20}}}
    words = said(planned(changes))
    assert words.pop(REPORT).startswith("will be made: uses ")
    assert words == {
        f"train {MLP}": "will be made: epochs 10 → 20, learning_rate 0.1 → 0.5",
        f"kfold {MLP}": "will be made: epochs 10 → 20, learning_rate 0.1 → 0.5",
        "tables all": f"will be made: uses train {MLP}, kfold {MLP}, which changed",
        "figures predictions_mlp_scratch": f"will be made: uses train {MLP}, which changed",
        "figures training_mlp_scratch": f"will be made: uses train {MLP}, which changed",
        "figures kfold_mlp_scratch": f"will be made: uses kfold {MLP}, which changed",
        "figures test_accuracy": "will be made: uses tables all, which changed",
    }
    told = [*lines(Status(planned(changes)), everything=False)]
    assert told[0] == f"8 of {len(before.results)} results will be made"
    (gone,) = [
        line
        for line in told
        if line.startswith("removed or replaced, since they are of other results")
    ]
    assert gone.endswith(" and 13 others")


@pytest.mark.parametrize(
    ("count", "words"), [(8, "5 → 8 (5 are kept)"), (2, "5 → 2 (all are kept)")]
)
def test_replicates_are_kept_from_the_result_with_the_most_even_if_it_is_not_the_newest(
    before, count, words
):
    write_all(planned({"replicates": 1}), "2026-01-02T00:00:00+00:00")
    write_all(planned({"models": {"mlp_scratch": {"epochs": 9}}}), "2026-01-03T00:00:00+00:00")
    told = said(planned({"replicates": count}))
    assert told[f"train {MLP}"] == f"will be made: replicates {words}"
    assert f"kfold {MLP}" not in told


def test_changes_are_listed_against_the_newest_result(before):
    for epochs, year in ((9, 2025), (8, 2027)):
        write_all(planned({"models": {"mlp_scratch": {"epochs": epochs}}}), f"{year}-01-03T00:00Z")
    told = said(planned({"models": {"mlp_scratch": {"epochs": 7}}}))
    assert told[f"train {MLP}"] == "will be made: epochs 8 → 7"


def test_after_going_back_results_are_only_shown_again(before):
    other = write_all(planned({"figures": {"images": 9}}))
    differing = (
        "results/figures/fashion_mnist_image_grid.png differs, "
        "results/figures/fashion_mnist_image_grid.svg differs"
    )
    report = "will be shown again: results/book/report.html differs"
    assert said(other) == {
        "figures fashion_mnist_image_grid": f"will be shown again: {differing}",
        REPORT: report,
    }
    assert next(lines(Status(other), everything=False)) == "nothing will be made"
    show_all(other)
    assert said(other) == {}
    assert [*said(before)] == ["figures fashion_mnist_image_grid", REPORT]


def test_a_changed_module_is_named(before, tmp_path, monkeypatch):
    root = tmp_path / "code"
    ignored = shutil.ignore_patterns("*.pyc")
    shutil.copytree(code.ROOT / "d2l_lab", root / "d2l_lab", ignore=ignored)
    with (root / "d2l_lab/models/mlp/scratch.py").open("a") as file:
        file.write("\n\nMORE = 1\n")
    changed = lambda modules, without: code.code_of(modules, without, root)  # noqa: E731
    monkeypatch.setattr(keys, "code_of", changed)
    words = said(planned())
    assert words[f"train {MLP}"] == "will be made: code of d2l_lab.models.mlp.scratch changed"


# Modified results


def test_a_modified_result_is_made_again_if_it_is_read(before):
    table = before["tables", "all"].folder / "summary.csv"
    table.write_text("x" * table.stat().st_size)
    assert said(before) == {}  # its files are shown unmodified, so no run reads it
    Path("results/tables/summary.csv").unlink()
    assert said(before)["tables all"].startswith("will be made: summary.csv was modified: ")


def test_a_missing_provenance_and_a_missing_file_are_reported(before):
    train, kfold = (before[stage, MLP].folder for stage in ("train", "kfold"))
    (train / layout.PROVENANCE).unlink()
    (kfold / "history.csv").unlink()
    rest = "not needed: the results that use it exist"
    assert said(before) == {
        f"train {MLP}": f"not there, but {rest}",
        f"kfold {MLP}": f"history.csv is missing, but {rest}",
    }
    assert next(lines(Status(before), everything=False)) == "nothing will be made"
    shutil.rmtree(before["tables", "all"].folder)
    words = said(before)
    assert words[f"train {MLP}"] == f"will be made: {layout.PROVENANCE} is missing"
    assert words[f"kfold {MLP}"] == "will be made: history.csv is missing"
    assert words["tables all"] == "will be made: for the first time"


def test_known_replicates_of_a_modified_result_are_mentioned_too(before):
    write_all(planned({"replicates": 2}))
    (before["train", MLP].folder / "history.csv").unlink()
    shutil.rmtree(before["tables", "all"].folder)
    words = "will be made: history.csv is missing (2 are kept)"
    assert said(before)[f"train {MLP}"] == words


def test_a_modified_view_is_reported(before):
    Path("results/tables/summary.csv").unlink()
    Path("results/tables/kfold.csv").write_text("altered", encoding="utf-8")
    Path("results/tables/mine.csv").touch()
    assert said(before) == {
        "tables all": "will be shown again: "
        "results/tables/kfold.csv differs, results/tables/summary.csv is missing"
    }
    told = [*lines(Status(before), everything=False)]
    assert told[0] == "nothing will be made"
    assert "removed or replaced, since they are of other results: results/tables/mine.csv" in told


def damage(folder, kind):
    file = next(path for path in sorted(folder.iterdir()) if path.name != layout.PROVENANCE)
    match kind:
        case "gone":
            shutil.rmtree(folder)
        case "without its provenance":
            (folder / layout.PROVENANCE).unlink()
        case "another provenance":
            (folder / layout.PROVENANCE).write_text("{}")
        case "shorter":
            os.truncate(file, 3)
        case "altered":
            file.write_text("x" * file.stat().st_size)


kinds = ["gone", "without its provenance", "another provenance", "shorter", "altered"]


@settings(max_examples=25)
@given(
    data=st.data(),
    view=st.sampled_from(["shown", "gone", "altered"]),
    changes=st.sampled_from([{}, {"replicates": 2}, {"figures": {"dpi": 99}}]),
)
def test_explain_lists_exactly_what_a_run_then_makes(
    template, tmp_path_factory, data, view, changes
):
    here = tmp_path_factory.mktemp("here") / "copy"
    shutil.copytree(template, here)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here)
        plan = planned()
        drawn = st.dictionaries(
            st.sampled_from([*plan.results]), st.sampled_from(kinds), max_size=6
        )
        for place, kind in data.draw(drawn).items():
            damage(plan[place].folder, kind)
        if view == "altered":
            Path("results/tables/kfold.csv").write_text("altered", encoding="utf-8")
        if view == "gone":
            shutil.rmtree("results/figures")
        plan = planned(changes)
        found = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
        reasons = explain(Status(plan))
        assert found == {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
        told = {state: [each.result for each in reasons if each.state is state] for state in State}
        status = Status(plan)
        session.invalidate_modified(status)
        session.update_view(status)
        after = Status(plan)
        assert told[State.TO_MAKE] == after.to_make
        there = [result for result in plan.results.values() if result.exists()]
        assert {*told[State.UP_TO_DATE], *told[State.TO_SHOW]} == {*there}
        assert after.stale == []
    shutil.rmtree(here.parent)


def test_the_command_reads_the_configuration(before, monkeypatch, capsys):
    Path("config.yaml").write_text(yaml.safe_dump(CONFIG, sort_keys=False), encoding="utf-8")
    Path("more.yaml").write_text("figures: {dpi: 99}", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["explain"])
    assert tool.main() == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "everything is up to date"
    assert {"train: 2 up to date", "report: 1 up to date"} <= {*told}
    monkeypatch.setattr(sys, "argv", ["explain", "--all", "--configfile", "more.yaml"])
    assert tool.main() == 0
    told = capsys.readouterr().out.splitlines()
    assert f"train {MLP}: up to date" in told
    assert "figures fashion_mnist_image_grid: will be made: dpi 150 → 99" in told
    own = {name: CONFIG["models"][next(iter(CONFIG["models"]))] for name in ("zeta", "alpha")}
    Path("own.yaml").write_text(yaml.safe_dump({"models": own}, sort_keys=False))
    arguments = cli.parser("explain", "").parse_args(["--configfile", "own.yaml"])
    assert [*cli.plan(arguments).config["models"]][-2:] == ["alpha", "zeta"]  # as in a run
    Path("config.yaml").write_text("models: {}", encoding="utf-8")
    assert tool.main() == 1
    answer = capsys.readouterr()
    assert answer.out == ""
    assert answer.err.startswith("config.yaml: ")


def test_no_tool_loads_torch_when_it_starts():
    tools = "import d2l_lab.tools.explain, d2l_lab.tools.prune, d2l_lab.tools.history, sys"
    command = [sys.executable, "-c", f"{tools}; sys.exit('torch' in sys.modules)"]
    environment = os.environ | {"PYTHONPATH": str(code.ROOT)}
    subprocess.run(command, env=environment, check=True, timeout=60)
