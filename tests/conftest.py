"""What every test starts from."""

import pytest
from hypothesis import settings

from d2l_lab.training.randomness import be_deterministic

settings.register_profile("repeatable", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("repeatable")


@pytest.fixture(scope="session", autouse=True)
def _deterministic():
    """Train as the stages do: in one thread, by deterministic kernels alone."""
    be_deterministic()
