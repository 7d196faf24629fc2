"""Use the lab from Python: train a configured model with other settings, and look at the results.

    import sys; sys.path.append("workflow")
    from d2l_lab.tools.lab import Lab
    run = Lab().train("mlp_concise", learning_rate=0.3)
    run.plot()

The results go to the same store as the workflow's, so each finds what the other has computed. The
files in `results` outside the store, which belong to config.yaml, are left alone.
"""

import contextlib
import io
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from safetensors.numpy import load_file

from d2l_lab.config.messages import did_you_mean
from d2l_lab.errors import LabError
from d2l_lab.figures import kfold_curves, training_curves
from d2l_lab.figures.words import human
from d2l_lab.pipeline import resources
from d2l_lab.pipeline.command import stage_command
from d2l_lab.pipeline.environment import MEMORY
from d2l_lab.pipeline.plan import CONFIG, Plan, make_plan, read_config
from d2l_lab.pipeline.result import Result
from d2l_lab.pipeline.session import STORE_LOCK
from d2l_lab.store import layout, locks, provenance
from d2l_lab.tables import files, histories

LOGS = Path("results/logs")
VERBS = {"train": "training", "kfold": "cross-validating"}
# Keys that no training depends on, so that a plan for one leaves them out.
LEFT_OUT = {"studies": {}, "sweeps": {}, "claims": False, "book": {"languages": []}}


class Lab:
    """A checkout of the project, whose config.yaml names the models.

    Parameters
    ----------
    folder : str or Path
        The checkout, or any folder in it.

    Raises
    ------
    LabError
        If the folder is not in a checkout.

    Examples
    --------
    >>> run = Lab().train("mlp_concise", learning_rate=0.3, epochs=5)  # doctest: +SKIP
    >>> run.summary  # doctest: +SKIP
    """

    def __init__(self, folder: str | Path = "."):
        start = Path(folder).absolute()
        found = (each for each in (start, *start.parents) if is_checkout(each))
        self.folder = next(found, None)
        if self.folder is None:
            raise LabError(
                f"{start}: not in a checkout of d2l-lab; give its folder, as in Lab(folder)"
            )

    @property
    def models(self) -> list[str]:
        """The names of the models in config.yaml."""
        with contextlib.chdir(self.folder):
            return [*read_config([]).get("models", {})]

    def train(self, model: str, **changes: Any) -> "Run":
        """Train and cross-validate a model of config.yaml, unless the store has the results.

        Parameters
        ----------
        model : str
            Its name in config.yaml.
        **changes
            Keys of the model with other values, such as ``learning_rate=0.3``; also ``seed``,
            ``replicates`` and ``folds``.

        Returns
        -------
        Run
            The results on the first configured device.

        Raises
        ------
        LabError
            If there is no such model or key, if a value is not allowed, or if a job fails.
        """
        with contextlib.chdir(self.folder):
            plan = make_plan(self._config(model, changes))
            wanted = [plan.stage(stage)[0] for stage in VERBS]
            if missing := plan.missing(is_there, wanted):
                with using_the_store():
                    for result in missing:
                        compute(result)
        return Run(self.folder, model, *wanted)

    def _config(self, model: str, changes: Mapping[str, Any]) -> dict[str, Any]:
        config = read_config([])
        models = config.get("models") or {}
        if model not in models:
            mend = did_you_mean(model, models) or f"the models there are {', '.join(models)}"
            raise LabError(f"{model}: not a model of {CONFIG}; {mend}")
        general = {key: changes[key] for key in ("seed", "replicates", "folds") if key in changes}
        own = {key: value for key, value in changes.items() if key not in general}
        return config | LEFT_OUT | general | {"models": {model: models[model] | own}}

    def summary(self) -> pd.DataFrame:
        """Return the main metrics of the trained models of config.yaml.

        Returns
        -------
        DataFrame
            model, device, metric, mean, sd, ci_low, ci_high, n, diverged; see
            `d2l_lab.tables.histories.final_summary`.
        """
        with contextlib.chdir(self.folder):
            plan: Plan = make_plan(read_config([]))
            results = [each for stage in VERBS for each in plan.stage(stage) if is_there(each)]
            tables = [final(each.name.partition(".")[0], each) for each in results]
        columns = ["model", "device", "metric", "mean", "sd", "ci_low", "ci_high", "n", "diverged"]
        return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)


class Run:
    """The results of a training and a cross-validation of one model.

    Parameters
    ----------
    folder : Path
        The checkout.
    model : str
    trained, validated : Result
        The two results in the store.
    """

    def __init__(self, folder: Path, model: str, trained: Result, validated: Result):
        self.folder, self.model = folder, model
        self.trained, self.validated = trained, validated

    @property
    def settings(self) -> dict[str, Any]:
        """All settings of the training."""
        return dict(self.trained.settings)

    @property
    def history(self) -> pd.DataFrame:
        """The training, tidy: model, device, replicate, epoch, split, metric, value."""
        return self._read(lambda: tidy(self.model, self.trained))

    @property
    def kfold(self) -> pd.DataFrame:
        """The cross-validation, tidy: model, device, fold, epoch, split, metric, value."""
        return self._read(lambda: tidy(self.model, self.validated))

    @property
    def summary(self) -> pd.DataFrame:
        """The metrics after the last epoch, with 95 % intervals."""
        tables = (final(self.model, each) for each in (self.trained, self.validated))
        return self._read(lambda: pd.concat(tables, ignore_index=True))

    @property
    def parameters(self) -> dict[str, np.ndarray]:
        """The learned parameters of all replicates, each (R, ...)."""
        return self._read(lambda: load_file(self.trained.folder / "parameters.safetensors"))

    def plot(self, kind: str = "training") -> "Plot":
        """Draw loss and accuracy by epoch, of the ``training`` or of the ``kfold``."""
        draw = {"training": training_curves.draw, "kfold": kfold_curves.draw}
        if kind not in draw:
            raise LabError(f"kind: {kind!r} is not one of {', '.join(draw)}")
        result = self.validated if kind == "kfold" else self.trained
        history = self._read(lambda: pd.read_csv(result.folder / "history.csv"))
        title = human(self.model)
        return Plot(draw[kind](history, title, self.settings["dataset"]))

    def __repr__(self) -> str:
        return f"{self.model}: {resources.describe(self.trained)}"

    def _repr_html_(self) -> str:
        return f"<p>{self!r}</p>{self.summary.to_html(index=False)}"

    def _read(self, action: Any) -> Any:
        with contextlib.chdir(self.folder):
            return action()


class Plot:
    """A figure that notebooks display.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    """

    def __init__(self, figure: Figure):
        self.figure = figure

    def save(self, path: str | Path) -> None:
        """Save it to a file, in the format of the file name's suffix."""
        self.figure.savefig(path)

    def _repr_png_(self) -> bytes:
        file = io.BytesIO()
        FigureCanvasAgg(self.figure).print_png(file)
        return file.getvalue()


def is_checkout(folder: Path) -> bool:
    """Return whether a folder is a checkout of this project."""
    return (folder / CONFIG).is_file() and (folder / "workflow" / "d2l_lab").is_dir()


def is_there(result: Result) -> bool:
    """Return whether the store has an unmodified result."""
    return result.exists() and not provenance.modified_files(result.folder)


@contextlib.contextmanager
def using_the_store() -> Iterator[None]:
    """Keep others from deleting results, as a run does; raise `LabError` if one is deleting."""
    layout.STORE.mkdir(parents=True, exist_ok=True)
    STORE_LOCK.touch()
    try:
        lock = locks.take(STORE_LOCK, shared=True)
    except OSError:  # a file system without locks
        yield
        return
    if lock is None:
        raise LabError(f"{layout.STORE}: results are being deleted; try again when that is done")
    try:
        yield
    finally:
        os.close(lock)


def compute(result: Result) -> None:
    """Compute one result in a separate process, like the workflow; print what is trained."""
    if result.stage in VERBS and not result.is_shard:
        name = result.name.partition(".")[0]
        print(f"{VERBS[result.stage]} {name}: {resources.describe(result)}", flush=True)
    log = LOGS / "lab" / f"{result.stage}.{result.name}.{result.key}.log"
    answer = subprocess.run(
        stage_command(result, result.folder, log),
        env=MEMORY | os.environ | {"PYTHONPATH": str(Path("workflow").absolute())},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if answer.returncode or not result.exists():
        said = answer.stderr.strip() or f"it ended with exit code {answer.returncode}"
        raise LabError(f"{result.stage} {result.name}: {said.splitlines()[-1]}")


def tidy(model: str, result: Result) -> pd.DataFrame:
    """Read the history of a result as a tidy table."""
    history = files.read_history(result.folder / "history.csv")
    return histories.tidy([(model, result.settings["device"], history)])


def final(model: str, result: Result) -> pd.DataFrame:
    """Read the metrics after the last epoch."""
    return histories.final_summary(tidy(model, result))
