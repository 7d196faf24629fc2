"""The view has the files of results that people read, under plain names."""

import os
import stat
from pathlib import Path

import pytest

from d2l_lab.store import layout, results, view
from disks import remount, small_disk


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make(reference, **files):
    """Put a result into the store; return its folder."""
    folder = layout.result_folder(reference)
    with results.writing(folder, {}) as (temporary, _):
        for name, text in files.items():
            (temporary / name.replace("_", ".")).write_text(text)
    return folder


def shown():
    """Return the text of each file that people see, by its plain name."""
    return {str(path.relative_to(view.RESULTS)): path.read_text() for path in view.files()}


@pytest.mark.parametrize(
    ("stage", "files", "plain"),
    [
        ("tables", {"a_csv": "a", "b_csv": "b"}, {"tables/a.csv": "a", "tables/b.csv": "b"}),
        ("study", {"c_csv": "c", "arrays_safetensors": "d"}, {"tables/c.csv": "c"}),
        ("figures", {"x_svg": "x", "x_png": "y"}, {"figures/x.svg": "x", "figures/x.png": "y"}),
        ("notebook", {"p_ipynb": "p"}, {"notebooks/p.ipynb": "p"}),
        (
            "book",
            {"index_html": "i", "style_css": "s"},
            {"book/index.html": "i", "book/style.css": "s"},
        ),
        ("report", {"report_html": "r"}, {"book/report.html": "r"}),
    ],
)
def test_files_that_people_read_have_plain_names(stage, files, plain):
    view.show(make(f"{stage}/all/1", **files))
    assert shown() == plain


def test_new_files_replace_older_ones_and_current_files_are_left_alone(folder):
    view.show(make("tables/all/1", a_csv="old", b_csv="same"))
    before = (view.RESULTS / "tables/b.csv").stat().st_ino
    view.show(make("tables/all/2", a_csv="new", b_csv="same"))
    assert shown() == {"tables/a.csv": "new", "tables/b.csv": "same"}
    assert (view.RESULTS / "tables/b.csv").stat().st_ino == before


def test_a_file_is_removed_with_the_folders_that_become_empty():
    view.show(make("tables/all/1", a_csv="a"))
    view.show(make("figures/x/1", x_svg="x"))
    (view.RESULTS / "README.md").write_text("read me")
    view.remove(Path("results/tables/a.csv"))
    assert shown() == {"figures/x.svg": "x"}
    assert {path.name for path in view.RESULTS.iterdir()} == {"store", "figures", "README.md"}


def test_a_full_disk_leaves_the_older_view(tmp_path, monkeypatch):
    with small_disk(tmp_path / "disk", kilobytes=200) as disk:
        monkeypatch.chdir(disk)
        view.show(make("tables/all/1", a_csv="a"))
        big = make("tables/all/2", a_csv="b" * 100_000)
        with pytest.raises(OSError, match="No space left on device"):
            view.show(big)
        assert shown() == {"tables/a.csv": "a"}
        remount(disk, "size=1m")
        view.show(big)
        assert shown() == {"tables/a.csv": "b" * 100_000}
        monkeypatch.chdir(tmp_path)


def test_other_users_may_read_what_safetensors_wrote_for_one(folder):
    with results.writing(folder / "x/0123", {}) as (temporary, _):
        (temporary / "a").touch(mode=0o600)
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((folder / "x/0123/a").stat().st_mode) == 0o666 & ~mask
