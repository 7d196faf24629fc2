"""One Slurm for all tests here, whichever process of pytest runs them."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from checkout import Checkout
from cluster.runs import TABLES, ClusterCheckout
from cluster.slurm import FILES, Cluster, why_not
from d2l_lab.store import locks

NODES = 4


@pytest.fixture(scope="session")
def slurm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Return the cluster; the first process starts it, and the last one stops it."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "slurm"
    users = shared / "users"
    cluster = Cluster(shared / "cluster")
    with locks.alone(shared):
        if not cluster.folder.exists():
            if why := why_not():
                pytest.skip(why)
            cluster.start(NODES)
        users.touch()
        mine = locks.take(users, shared=True)
    try:
        yield cluster
    finally:
        with locks.alone(shared):
            os.close(mine)
            if locks.take(users) is not None:  # no other process uses it
                cluster.stop()
                left = [*cluster.processes(), *filter(Path.exists, (cluster.folder, *FILES))]
                assert not left


@pytest.fixture(scope="session")
def one_locally(once) -> Checkout:
    """A checkout of one model that has run on this machine without a cluster."""

    def make(path: Path) -> None:
        ClusterCheckout(path).done(TABLES)

    return once("one_locally", make)


@pytest.fixture
def checkout(slurm: Cluster, tmp_path: Path) -> Iterator[ClusterCheckout]:
    """A checkout of one model in which nothing has run, with a cluster; all traces are removed."""
    checkout = ClusterCheckout(tmp_path / "checkout")
    yield checkout
    checkout.end()
    shutil.rmtree(checkout.path)
