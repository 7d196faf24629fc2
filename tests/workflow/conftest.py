"""Checkouts of the project, fresh and run."""

import shutil
from pathlib import Path

import pytest

from checkout import Checkout


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout in which nothing has run."""
    return Checkout(tmp_path / "checkout")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A checkout in which everything has run; tests may look, and run it again, but not edit."""
    built = Checkout(tmp_path_factory.mktemp("built") / "checkout")
    built.output = built.run(cores=4).stdout
    assert "34 of 34 steps (100%) done" in built.output, built.output
    return built


@pytest.fixture
def copy(built: Checkout, tmp_path: Path) -> Checkout:
    """A copy, to edit, of the checkout in which everything has run."""
    copy = Checkout.__new__(Checkout)
    copy.path = tmp_path / "copy"
    shutil.copytree(built.path, copy.path, symlinks=True)
    return copy
