import os
import subprocess
import sys

import pytest

from d2l_lab.figures import workflow_graph
from d2l_lab.store.code import ROOT

STAGES = {"train": 9, "prepare": 2, "kfold": 9, "tables": 1, "download": 1, "generate": 4}
EDGES = [
    *(["prepare", name] for name in ("train", "kfold")),
    *(["generate", name] for name in ("train", "kfold")),
    *([name, "tables"] for name in ("train", "kfold", "prepare")),
    ["download", "prepare"],
]
DRAW = f"""
import sys
from pathlib import Path
from d2l_lab.figures import style, workflow_graph
style.save(workflow_graph.draw({STAGES}, {EDGES}), Path(sys.argv[1]), "graph", 72)
"""


def test_every_stage_stands_there_with_the_number_of_its_results():
    (axes,) = workflow_graph.draw(STAGES, EDGES).axes
    assert {text.get_text() for text in axes.texts} == {f"{k}\n{n}" for k, n in STAGES.items()}


def test_an_edge_that_follows_from_others_is_left_out():
    (axes,) = workflow_graph.draw(STAGES, EDGES).axes
    assert len(axes.patches) == len(EDGES) - 1


@pytest.mark.parametrize("name", ["graph.svg", "graph.png"])
def test_the_same_graph_has_the_same_bytes_in_every_process(tmp_path, name):
    drawn = []
    for seed in "12":
        folder = tmp_path / seed
        folder.mkdir()
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, "-c", DRAW, folder], env=environment, check=True)
        drawn.append((folder / name).read_bytes())
    assert drawn[0] == drawn[1]
