"""Share the data, the interpreters and the amount of work among all parts of a benchmark."""

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from safetensors import safe_open

from d2l_lab.errors import LabError
from d2l_lab.pipeline.plan import Plan
from d2l_lab.pipeline.result import Result

FASHION_MNIST = "fashion_mnist"  # on which the benchmark trains


class Bench(NamedTuple):
    """The settings of a measurement.

    Parameters
    ----------
    plan : Plan
        The plan of the configuration, with the data and the main job.
    overlays : list of Path
        Configuration files that override config.yaml.
    peers : str or None
        An interpreter with the libraries that this project is compared with; None: leave them out.
    rounds : int
    quick : bool
        Use little data, only to see that it runs.
    """

    plan: Plan
    overlays: list[Path]
    peers: str | None
    rounds: int
    quick: bool

    def data(self) -> dict[str, str]:
        """Return the folders of Fashion-MNIST (raw, train and test), and make them if necessary.

        Raises
        ------
        LabError
            If the configuration has no such data, or they cannot be made.
        """
        places = {
            "raw": ("download", FASHION_MNIST),
            "train": ("prepare", f"{FASHION_MNIST}_train"),
            "test": ("prepare", f"{FASHION_MNIST}_test"),
        }
        try:
            results = {role: self.plan[place] for role, place in places.items()}
        except KeyError:
            raise LabError(
                f"config.yaml: no model or study uses {FASHION_MNIST}, on which the benchmark "
                "trains; give one model this dataset"
            ) from None
        make([result for result in results.values() if not result.exists()], self.overlays)
        return {role: str(result.folder.resolve()) for role, result in results.items()}

    def examples(self) -> int:
        """Count the training examples."""
        with safe_open(Path(self.data()["train"], "examples.safetensors"), "numpy") as tensors:
            return tensors.get_slice("X").get_shape()[0]


def make(results: list[Result], overlays: list[Path]) -> None:
    """Make results with the workflow; raise `LabError` if that fails."""
    if not results:
        return
    command = [sys.executable, "-m", "snakemake", "--cores", "all", "--quiet", "all"]
    command += ["--configfile", *map(str, overlays)] if overlays else []
    command += ["--", *(str(result.provenance) for result in results)]
    if subprocess.run(command, check=False).returncode:
        raise LabError("the data could not be made: see above")
