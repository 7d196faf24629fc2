"""A page is one notebook in each language; tests/workflow/test_book.py runs them."""

import nbformat

from d2l_lab.book import notebooks

PAGE = """\
# %% tags=["parameters"]
language = "en"

# %% [markdown] lang="en"
# # Title

# %% [markdown] lang="zh"
# # 标题
#
# 第一行，
# 第二行：
# `code` 和
# more。
# - 一项

# %%
print(language)
"""


def test_each_language_has_its_own_text_and_the_same_code():
    english, chinese = (notebooks.in_language(PAGE, language) for language in ("en", "zh"))
    assert [cell.source for cell in english.cells] == [
        'language = "en"',
        "# Title",
        "print(language)",
    ]
    assert chinese.cells[1].source == "# 标题\n\n第一行，第二行：`code` 和\nmore。\n- 一项"
    assert len(chinese.cells) == 3


def test_everything_that_differs_between_runs_is_removed(tmp_path):
    path = tmp_path / "page.ipynb"
    notebook = notebooks.in_language(PAGE, "en")
    plain = nbformat.writes(notebook)
    notebook.metadata["papermill"] = {"start_time": "now"}
    for cell in notebook.cells:
        cell.metadata["execution"] = {"shell.execute_reply": "now"}
        cell.id = f"random-{cell.id}"
    nbformat.write(notebook, path)
    notebooks.clean(path)
    assert path.read_text("utf-8").strip() == plain.strip()


def test_text_printed_in_pieces_becomes_one_output():
    outputs = [
        nbformat.v4.new_output("stream", name=name, text=text)
        for name, text in [("stdout", "1\n"), ("stdout", "2\n"), ("stderr", "!")]
    ]
    assert [output.text for output in notebooks.merged(outputs)] == ["1\n2\n", "!"]
