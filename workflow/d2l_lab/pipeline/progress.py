"""Show a progress bar of the whole run if Snakemake writes to a terminal."""

import atexit
import logging

from rich.console import Console
from rich.file_proxy import FileProxy
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from snakemake_interface_logger_plugins.common import LogEvent


class ProgressBar(logging.Handler):
    """Keep one bar below the lines that Snakemake prints.

    Parameters
    ----------
    printer : logging.StreamHandler
        Snakemake's handler for the terminal; its lines go above the bar from now on.
    """

    def __init__(self, printer: logging.StreamHandler):
        super().__init__()
        console = Console(file=printer.stream)
        self.bar = Progress(
            TextColumn("d2l-lab"),
            BarColumn(bar_width=None),
            MofNCompleteColumn(),
            TextColumn("jobs"),
            TimeElapsedColumn(),
            console=console,
            redirect_stdout=False,
            redirect_stderr=False,
            transient=True,
            expand=True,
        )
        self.jobs = self.bar.add_task("jobs", total=None)
        printer.setStream(FileProxy(console, printer.stream))
        atexit.register(self.bar.stop)

    def emit(self, record: logging.LogRecord) -> None:
        """Move the bar when Snakemake reports its progress."""
        if getattr(record, "event", None) is LogEvent.PROGRESS:
            self.bar.start()
            self.bar.update(self.jobs, completed=record.done, total=record.total)
            if record.done == record.total:
                self.bar.stop()
