"""From the files of a checkout to its plan, as Snakemake reads them."""

import shutil
from pathlib import Path

import pytest

from checkout import ROOT
from d2l_lab.errors import LabError
from d2l_lab.pipeline.planning import plan_of, read_config


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "config.yaml", "config.yaml")


def test_a_file_is_laid_over_the_configuration_key_by_key():
    Path("more.yaml").write_text("models: {mlp_scratch: {epochs: 3}}\ndevices: [cpu]\n")
    before, after = read_config([]), read_config([Path("more.yaml")])
    assert before["models"]["mlp_scratch"]["epochs"] == 10
    before["models"]["mlp_scratch"]["epochs"] = 3
    assert after == before


def test_the_plan_is_that_of_the_file_s_order_whatever_is_laid_over_it():
    Path("more.yaml").write_text("models: {mlp_concise: {epochs: 10}}\n")
    assert plan_of(read_config([Path("more.yaml")])).view_key == plan_of(read_config([])).view_key


@pytest.mark.parametrize("text", [None, "a: [", "- 1", "__use_yte__: true"])
def test_a_file_that_cannot_be_laid_over_is_told_by_its_name(text):
    if text is not None:
        Path("more.yaml").write_text(text)
    with pytest.raises(LabError, match=r"^more.yaml: "):
        read_config([Path("more.yaml")])
