"""Settings and fixtures for all tests, and checkouts of the project, fresh and run."""

import gc
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from checkout import BOOK, NO_BOOK, Checkout
from d2l_lab.store import locks
from d2l_lab.tables import benchmarks
from d2l_lab.training.randomness import be_deterministic

settings.register_profile("repeatable", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("repeatable")

ONE = "linear_regression_scratch"
FEW = (ONE, "mlp_scratch", "polynomial_normal")  # one for each dataset


BROWSER = "tests/browser/"
# Tests that share what takes long to make; one process runs all that are in the same of these.
TOGETHER = (BROWSER, "tests/test_set_up.py", "tests/tools/test_verify.py")
# Tests that may take minutes. They start first, so that no process waits for another at the end.
SLOW = (*TOGETHER, "tests/cluster/", "tests/container/", "tests/workflow/")


def pytest_configure():
    """Let Python keep the code it compiles, even if the user's variable forbids it.

    Otherwise several hundred processes would each compile the same modules again.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Spare Python from searching the million objects that the imports make, again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items):
    """Start with the browser, whose process makes the book; meanwhile others do without it."""

    def order(item: pytest.Item) -> tuple[bool, ...]:
        is_slow = item.nodeid.startswith(SLOW)
        needs_the_book = "published" in item.fixturenames
        return not item.nodeid.startswith(BROWSER), not is_slow, needs_the_book

    items.sort(key=order)


class SharingScheduling(LoadScopeScheduling):
    """Assigns each test to the next free process, but those of a kind in TOGETHER to the same one.

    So one Chromium runs at a time. The mark `xdist_group` does nothing with pytest 9.2.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next(filter(nodeid.startswith, TOGETHER), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return SharingScheduling(config, log) if config.getvalue("dist") == "loadscope" else None


@pytest.fixture(scope="session", autouse=True)
def _deterministic():
    """Train as the stages do: in one thread, with deterministic kernels only."""
    be_deterministic()


@pytest.fixture(scope="session", autouse=True)
def _unmeasured():
    """Plan as if `make bench` had never run, whatever this checkout has measured."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(benchmarks, "FOLDER", Path("no benchmarks"))
        yield


@pytest.fixture(scope="session", autouse=True)
def _own_git():
    """Make git use a test's folder, even if a git hook with its own repository runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [*os.environ]:
            if name.startswith("GIT_") and not name.startswith("GIT_CONFIG_"):
                patch.delenv(name)
        yield


@pytest.fixture(autouse=True)
def _own_environment():
    """Undo changes of environment variables, such as those by a tool run in this process."""
    with mock.patch.dict(os.environ):
        yield


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout in which nothing has run."""
    return Checkout(tmp_path / "checkout")


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Checkout]:
    """Return a function that makes a checkout once for all of pytest's processes."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def once(name: str, make: Callable[[Path], Checkout]) -> Checkout:
        folder = shared / name
        with locks.alone(folder):
            if not (folder / "done").exists():
                shutil.rmtree(folder / "checkout", ignore_errors=True)
                make(folder / "checkout")
                (folder / "done").touch()
        return Checkout.at(folder / "checkout")

    return once


@pytest.fixture(scope="session")
def published(once) -> Checkout:
    """A checkout with everything run and the book in both languages; tests must not edit it."""

    def make(path: Path) -> None:
        checkout = Checkout(path)
        checkout.configure({"book": BOOK})
        output = checkout.run().stdout
        assert "(100%) done" in output, output
        (path / "output").write_text(output)

    return once("published", make)


@pytest.fixture(scope="session")
def built(published: Checkout, once) -> Checkout:
    """A checkout in which everything but the book has run; tests may rerun it but not edit it."""

    def make(path: Path) -> None:
        checkout = published.copy(path)
        checkout.configure({"book": NO_BOOK})
        checkout.done()

    return once("built", make)


@pytest.fixture(scope="session")
def few(once) -> Checkout:
    """A checkout in which a few models and a study have run; tests must not edit it."""

    def make(path: Path) -> None:
        checkout = Checkout(path)
        checkout.keep_models(*FEW, studies=("activations",))
        checkout.done()

    return once("few", make)


@pytest.fixture(scope="session")
def linear_run(once) -> Checkout:
    """A checkout in which everything has run for one model; tests must not edit it."""

    def make(path: Path) -> None:
        checkout = Checkout(path)
        checkout.keep_models(ONE)
        checkout.done()

    return once("linear_run", make)


@pytest.fixture(scope="session")
def linear_book(linear_run: Checkout, once) -> Checkout:
    """The same with a book in Chinese; tests must not edit it."""

    def make(path: Path) -> None:
        checkout = linear_run.copy(path)
        checkout.configure({"book": {"languages": ["zh"]}})
        checkout.done()

    return once("linear_book", make)


@pytest.fixture
def copy(built: Checkout, tmp_path: Path) -> Checkout:
    """An editable copy of the checkout in which everything but the book has run."""
    return built.copy(tmp_path / "copy")


@pytest.fixture
def copy_of_few(few: Checkout, tmp_path: Path) -> Checkout:
    """An editable copy of the checkout in which everything has run for a few models."""
    return few.copy(tmp_path / "copy")


@pytest.fixture
def linear_copy(linear_run: Checkout, tmp_path: Path) -> Checkout:
    """An editable copy of the checkout in which everything has run for one model."""
    return linear_run.copy(tmp_path / "copy")
