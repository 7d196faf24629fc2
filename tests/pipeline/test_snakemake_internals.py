"""Snakemake's inside does what this project needs of it."""

import io
import logging
import signal

import pytest
import snakemake.cli  # as a run does, since its modules import each other

from d2l_lab.pipeline import snakemake_internals as internals


class Interrupted(io.StringIO):
    """A stream to which someone writes just when Ctrl-C comes."""

    def write(self, text: str) -> int:
        signal.raise_signal(signal.SIGINT)
        return super().write(text)


@pytest.fixture
def interrupts():
    """Give SIGINT back its own handler."""
    yield
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.usefixtures("interrupts")
def test_ctrl_c_while_snakemake_prints_is_heard_afterwards(monkeypatch):
    stream = Interrupted()
    printer = snakemake.logging.ColorizingTextHandler(stream=stream)
    logger = snakemake.logging.logger
    monkeypatch.setattr(logger, "handlers", [printer])
    monkeypatch.setattr(logger, "callHandlers", logger.callHandlers)  # restores it at the end
    record = logging.makeLogRecord({"msg": "a line", "levelno": logging.INFO})
    logger.callHandlers(record)
    assert stream.getvalue() == ""  # Snakemake ignores it, and what it was printing is lost
    internals.hear_every_interrupt()
    with pytest.raises(KeyboardInterrupt):
        logger.callHandlers(record)
    assert stream.getvalue() == "a line\n"
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
