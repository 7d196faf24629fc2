"""What a run would make, and why, told without changing anything."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from checkout import NO_BOOK, merged
from d2l_lab.config import validate
from d2l_lab.pipeline import session
from d2l_lab.pipeline.plan import Plan
from d2l_lab.pipeline.session import view_of
from d2l_lab.stages.show import show
from d2l_lab.store import code, keys, layout, provenance, results
from d2l_lab.store.code import ROOT
from d2l_lab.tools import explain as tool
from d2l_lab.tools.explain import State, explain, lines

SHIPPED = yaml.safe_load((ROOT.parent / "config.yaml").read_text("utf-8"))
MODELS = ("linear_regression_scratch", "mlp_scratch")
CONFIG = SHIPPED | {"models": {name: SHIPPED["models"][name] for name in MODELS}}
CONFIG |= {"studies": {}, "claims": False, "book": NO_BOOK}
MLP = "mlp_scratch.cpu"


def planned(changes=None, devices=("cpu",)):
    return Plan(validate(merged(CONFIG, changes or {})), devices)


def write(plan, started=None):
    """Put every result of a plan that is not there into the store."""
    for one in plan.results.values():
        folder = session.folder_of(one)
        if not folder.exists():
            with results.writing(folder, one.ingredients) as (temporary, _):
                for name in one.files or ("history.csv", "parameters.safetensors"):
                    (temporary / name).write_text(one.key)
            if started:
                date(folder, started)


def date(folder, started):
    """Say of a result that it was made at another time."""
    record = provenance.read(folder) | {"started": started}
    record["checksum"] = provenance.checksum(record)
    (folder / layout.PROVENANCE).write_text(keys.canonical(record))


def shown(plan):
    """Show a plan's results as a run does."""
    show([session.folder_of(one) for one in plan.shown], session.RESULTS, view_of(plan))
    session.REPORT.parent.mkdir(exist_ok=True)
    session.REPORT.touch()


def said(plan):
    """Explain; give the words by stage and name, of what is not up to date alone."""
    reasons = explain(plan, view_of(plan))
    return {
        f"{one.stage} {one.name}": one.words for one in reasons if one.state != State.UP_TO_DATE
    }


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A folder in which all was made and is shown."""
    folder = tmp_path_factory.mktemp("template")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        write(planned(), "2026-01-01T00:00:00+00:00")
        shown(planned())
    return folder


@pytest.fixture
def before(template, tmp_path, monkeypatch):
    """The plan of a folder, the present one, in which all was made and is shown."""
    shutil.copytree(template, tmp_path / "copy")
    monkeypatch.chdir(tmp_path / "copy")
    return planned()


# What a run would make


def test_nothing_is_made_where_all_is_there(before):
    reasons = explain(before, view_of(before))
    assert [(one.stage, one.name) for one in reasons] == [*before.results, ("show", "results")]
    assert {one.state for one in reasons} == {State.UP_TO_DATE}
    told = [*lines(reasons, everything=False)]
    assert told[0] == "everything is up to date"
    assert {"train: 2 up to date", "show: 1 up to date"} <= {*told}
    assert f"train {MLP}: up to date" in lines(reasons, everything=True)


def test_what_was_never_made_is_made_for_the_first_time(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = said(planned())
    assert {*words.values()} == {
        "will be made: for the first time",
        "will be shown for the first time",
    }
    assert not any(tmp_path.iterdir())


def test_a_changed_setting_is_told_and_what_rests_on_it(before):
    words = said(planned({"models": {"mlp_scratch": {"learning_rate": 0.5, "epochs": 20}}}))
    assert words == {
        f"train {MLP}": "will be made: epochs 10 → 20, learning_rate 0.1 → 0.5",
        f"kfold {MLP}": "will be made: epochs 10 → 20, learning_rate 0.1 → 0.5",
        "tables all": f"will be made: models.{MLP}.epochs 10 → 20; "
        f"models.{MLP}.learning_rate 0.1 → 0.5; rests on train {MLP}, kfold {MLP}, which changed",
        "figures predictions_mlp_scratch": f"will be made: rests on train {MLP}, which changed",
        "figures training_mlp_scratch": f"will be made: rests on train {MLP}, which changed",
        "figures kfold_mlp_scratch": f"will be made: rests on kfold {MLP}, which changed",
        "figures test_accuracy": "will be made: rests on tables all, which changed",
        "show results": "will be shown again: "
        "1 result of tables and 4 results of figures: not what is shown now",
    }


@pytest.mark.parametrize(
    ("count", "words"), [(8, "5 → 8 (5 are kept)"), (2, "5 → 2 (all are kept)")]
)
def test_replicates_that_are_known_are_kept(before, count, words):
    told = said(planned({"replicates": count}))
    assert told[f"train {MLP}"] == f"will be made: replicates {words}"
    assert f"kfold {MLP}" not in told


def test_replicates_are_kept_of_the_result_with_the_most_even_if_it_is_not_the_newest(before):
    write(planned({"replicates": 2}), "2026-01-02T00:00:00+00:00")
    write(planned({"models": {"mlp_scratch": {"epochs": 9}}}), "2026-01-03T00:00:00+00:00")
    told = said(planned({"replicates": 6}))
    assert told[f"train {MLP}"] == "will be made: replicates 5 → 6 (5 are kept)"


def test_the_newest_result_is_the_one_that_is_compared_to(before):
    write(planned({"models": {"mlp_scratch": {"epochs": 9}}}), "2025-01-03T00:00:00+00:00")
    write(planned({"models": {"mlp_scratch": {"epochs": 8}}}), "2027-01-03T00:00:00+00:00")
    told = said(planned({"models": {"mlp_scratch": {"epochs": 7}}}))
    assert told[f"train {MLP}"] == "will be made: epochs 8 → 7"


def test_after_going_back_results_are_only_shown_again(before):
    other = planned({"figures": {"images": 9}})
    write(other)
    assert said(other) == {
        "show results": "will be shown again: figures fashion_mnist: not what is shown now"
    }
    shown(other)
    assert [*said(before)] == ["show results"]


def test_a_module_that_changed_is_named(before, tmp_path, monkeypatch):
    root = tmp_path / "code"
    shutil.copytree(ROOT / "d2l_lab", root / "d2l_lab", ignore=shutil.ignore_patterns("*.pyc"))
    with (root / "d2l_lab/models/mlp/initial.py").open("a") as file:
        file.write("\n\nMORE = 1\n")
    monkeypatch.setattr(keys, "code_of", lambda modules: code.code_of(modules, root))
    words = said(planned())
    assert words[f"train {MLP}"] == "will be made: code of d2l_lab.models.mlp.initial changed"


# Results that are not as they were made


def test_an_altered_result_that_is_read_is_made_again(before):
    table = session.folder_of(before["tables", "all"]) / "summary.csv"
    table.write_text("x" * table.stat().st_size)
    assert said(before) == {}  # all of it is shown as it was: no run reads it
    view_of(before).unlink()
    assert said(before) == {
        "tables all": "will be made: summary.csv was altered",
        "show results": "will be shown again: what is there now may be incomplete",
    }


def test_a_result_without_its_mark_and_one_without_a_file_are_told(before):
    train, kfold = (session.folder_of(before[stage, MLP]) for stage in ("train", "kfold"))
    (train / layout.PROVENANCE).unlink()
    (kfold / "history.csv").unlink()
    rest = "not needed: what rests on it is there"
    assert said(before) == {
        f"train {MLP}": f"not there, and {rest}",
        f"kfold {MLP}": f"history.csv is missing, and {rest}",
    }
    assert next(lines(explain(before, view_of(before)), everything=False)) == "nothing will be made"
    shutil.rmtree(session.folder_of(before["tables", "all"]))
    view_of(before).unlink()
    words = said(before)
    assert words[f"train {MLP}"] == f"will be made: {layout.PROVENANCE} is missing"
    assert words[f"kfold {MLP}"] == "will be made: history.csv is missing"
    assert words["tables all"] == "will be made: for the first time"


def test_known_replicates_are_told_of_an_altered_result_too(before):
    write(planned({"replicates": 2}))
    folder = session.folder_of(before["train", MLP])
    (folder / "history.csv").unlink()
    shutil.rmtree(session.folder_of(before["tables", "all"]))
    view_of(before).unlink()
    words = "will be made: history.csv is missing (2 are kept)"
    assert said(before)[f"train {MLP}"] == words


def test_an_altered_view_is_told(before):
    (session.RESULTS / "tables/summary.csv").unlink()
    (session.RESULTS / "tables/kfold.csv").write_text("altered")
    assert said(before) == {
        "show results": "will be shown again: "
        "results/tables/kfold.csv was altered, results/tables/summary.csv is missing"
    }
    shown(before)
    session.REPORT.unlink()
    assert said(before) == {
        "show results": "will be shown again: results/book/report.html is missing"
    }
    view_of(before).write_text('{"tables/summary.csv": 1}')
    session.REPORT.touch()
    assert said(before) == {"show results": f"will be shown again: {view_of(before)} was altered"}


def damage(folder, kind):
    file = next(path for path in sorted(folder.iterdir()) if path.name != layout.PROVENANCE)
    match kind:
        case "gone":
            shutil.rmtree(folder)
        case "without its mark":
            (folder / layout.PROVENANCE).unlink()
        case "another mark":
            (folder / layout.PROVENANCE).write_text("{}")
        case "shorter":
            os.truncate(file, 3)
        case "altered":
            file.write_text("x" * file.stat().st_size)


kinds = st.sampled_from(["gone", "without its mark", "another mark", "shorter", "altered"])


@settings(max_examples=25)
@given(
    data=st.data(),
    view=st.sampled_from(["shown", "gone", "altered"]),
    changes=st.sampled_from([{}, {"replicates": 2}, {"figures": {"dpi": 99}}]),
)
def test_it_tells_just_what_a_run_then_makes(template, tmp_path_factory, data, view, changes):
    here = tmp_path_factory.mktemp("here") / "copy"
    shutil.copytree(template, here)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here)
        plan = planned()
        places = st.sampled_from([*plan.results])
        damages = data.draw(st.dictionaries(places, kinds, max_size=6))
        for place, kind in damages.items():
            damage(session.folder_of(plan[place]), kind)
        if view != "shown":
            Path("results/tables/kfold.csv").write_text("altered")
        if view == "gone":
            view_of(plan).unlink()
        plan = planned(changes)
        found = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
        reasons = explain(plan, view_of(plan))
        assert found == {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
        session.forget_what_was_altered(session.Standing(plan, view_of(plan)), view_of(plan))
        to_make = [(o.stage, o.name) for o in session.Standing(plan, view_of(plan)).to_make]
        to_make += [] if view_of(plan).exists() else [("show", "results")]
        told = [(one.stage, one.name) for one in reasons if one.state is State.TO_MAKE]
        assert told == to_make
        there = [(one.stage, one.name) for one in plan.results.values() if session.is_made(one)]
        told = [(one.stage, one.name) for one in reasons if one.state is State.UP_TO_DATE]
        assert [place for place in told if place[0] != "show"] == there
    shutil.rmtree(here.parent)


def test_the_command_reads_the_configuration(before, monkeypatch, capsys):
    Path("config.yaml").write_text(yaml.safe_dump(CONFIG, sort_keys=False))
    Path("more.yaml").write_text("figures: {dpi: 99}")
    monkeypatch.setattr(sys, "argv", ["explain"])
    assert tool.main() == 0
    assert capsys.readouterr().out.startswith("everything is up to date\n")
    monkeypatch.setattr(sys, "argv", ["explain", "--all", "--configfile", "more.yaml"])
    assert tool.main() == 0
    assert "figures fashion_mnist: will be made: dpi 150 → 99\n" in capsys.readouterr().out
    Path("config.yaml").write_text("models: {}")
    assert tool.main() == 1
    answer = capsys.readouterr()
    assert answer.out == ""
    assert answer.err.startswith("config.yaml: ")


def test_no_tool_waits_for_torch():
    tools = "import d2l_lab.tools.explain, d2l_lab.tools.prune, d2l_lab.tools.history, sys"
    command = [sys.executable, "-c", f"{tools}; sys.exit('torch' in sys.modules)"]
    subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=True, timeout=60)
