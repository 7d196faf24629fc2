"""The view that people read: all of the present results, and nothing of older ones."""

import json

import pytest

from by_hand import Bench, complaint, flip_a_bit
from d2l_lab.store import layout, results
from disks import remount, small_disk


def result(bench, reference, **files):
    """Put a result into the store; give the path of its mark."""
    folder = bench.path / layout.result_folder(reference)
    with results.writing(folder, {}) as (temporary, _):
        for name, text in files.items():
            (temporary / name.replace("_", ".")).write_text(text)
    return layout.result_folder(reference) / layout.PROVENANCE


def show(bench, *marks, key="0123"):
    mark = f"results/.shown/{key}"
    return bench.run("show", "--shown", *marks, "--into", "results", "--mark", mark)


def view(bench):
    """Give what people see: the text of each file, by its path; a mark is the files it lists."""
    shown = bench.path / "results"
    files = {
        str(path.relative_to(shown)): path
        for path in shown.rglob("*")
        if path.is_file() and not path.is_relative_to(shown / "store")
    }
    return {
        name: [*json.loads(path.read_text())] if name.startswith(".shown") else path.read_text()
        for name, path in files.items()
    }


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def test_the_files_of_every_result_are_shown_under_the_name_of_its_stage(bench):
    tables = result(bench, "tables/all/1", a_csv="a", b_csv="b")
    one, two = (
        result(bench, "figures/one/2", one_svg="1"),
        result(bench, "figures/two/3", two_svg="2"),
    )
    answer = show(bench, tables, one, two)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert view(bench) == {
        "tables/a.csv": "a",
        "tables/b.csv": "b",
        "figures/one.svg": "1",
        "figures/two.svg": "2",
        ".shown/0123": [
            "tables/a.csv",
            "tables/b.csv",
            "figures/one.svg",
            "figures/two.svg",
        ],
    }
    assert {path.name for path in (bench.path / "results").iterdir()} == {
        "store",
        "tables",
        "figures",
        ".shown",
    }


def test_nothing_of_an_older_view_is_left_but_what_is_not_of_a_view(bench):
    old = [
        result(bench, "tables/all/1", a_csv="old", b_csv="b"),
        result(bench, "figures/x/1", x_svg=""),
    ]
    show(bench, *old, key="old")
    (bench.path / "results" / "README.md").write_text("read me")
    new = [result(bench, "tables/all/2", a_csv="new"), result(bench, "figures/y/1", y_svg="")]
    assert show(bench, *new, key="new").returncode == 0
    assert view(bench) == {
        "README.md": "read me",
        "tables/a.csv": "new",
        "figures/y.svg": "",
        ".shown/new": ["tables/a.csv", "figures/y.svg"],
    }
    assert show(bench, *old, key="old").returncode == 0
    assert view(bench) == {
        "README.md": "read me",
        "tables/a.csv": "old",
        "tables/b.csv": "b",
        "figures/x.svg": "",
        ".shown/old": ["tables/a.csv", "tables/b.csv", "figures/x.svg"],
    }


def test_the_folders_that_snakemake_makes_beforehand_are_no_obstacle(bench):
    (bench.path / "results" / "tables").mkdir(parents=True)
    (bench.path / "results" / ".shown").mkdir()
    assert show(bench, result(bench, "tables/all/1", a_csv="a")).returncode == 0
    assert view(bench) == {"tables/a.csv": "a", ".shown/0123": ["tables/a.csv"]}


def test_a_damaged_result_is_not_shown_and_no_mark_says_it_is(bench):
    good = result(bench, "tables/all/1", a_csv="a")
    show(bench, good)
    bad = result(bench, "tables/all/2", a_csv="b")
    flip_a_bit((bench.path / bad).with_name("a.csv"))
    assert complaint(show(bench, bad)).startswith("results/store/tables/all/2: a.csv: missing, or")
    assert view(bench) == {"tables/a.csv": "a"}


def test_a_full_disk_leaves_the_older_view_without_its_mark(tmp_path):
    with small_disk(tmp_path / "disk", kilobytes=200) as disk:
        bench = Bench(disk)
        show(bench, result(bench, "tables/all/1", a_csv="a"))
        big = result(bench, "tables/all/2", a_csv="b" * 100_000)
        assert "No space left on device" in complaint(show(bench, big))
        assert view(bench) == {"tables/a.csv": "a"}
        remount(disk, "size=1m")
        assert show(bench, big).returncode == 0
        assert view(bench) == {"tables/a.csv": "b" * 100_000, ".shown/0123": ["tables/a.csv"]}


def test_a_mark_elsewhere_is_refused_since_its_folder_is_emptied(bench):
    table = result(bench, "tables/all/1", a_csv="a")
    (bench.path / "mine").write_text("keep")
    answer = bench.run("show", "--shown", table, "--into", "results", "--mark", "mark")
    assert complaint(answer) == (
        "mark: all in its folder would be deleted; name a file in results/.shown"
    )
    assert (bench.path / "mine").read_text() == "keep"
