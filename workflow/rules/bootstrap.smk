# Before the configuration is read: find the project and its modules, and check config.yaml's
# syntax.

import gc
import sys
from pathlib import Path

from snakemake.settings.types import DeploymentMethod

gc.freeze()  # Snakemake's modules stay loaded and contain no garbage to collect
gc.set_threshold(50_000)  # nor does the graph of jobs contain much

# A run locks the results, plans them as a whole and updates the view. As a part of another workflow
# it would have to do so for rules, and under a prefix, that it does not know.
project = Path(workflow.basedir)
if Path(str(workflow.current_basedir)).resolve().parents[1] != project.resolve():
    sys.exit(
        "d2l-lab cannot be a module of another workflow, nor be included in one; run it by itself, "
        "in a folder with its config.yaml: snakemake --cores 4 --snakefile "
        "PATH_OF_D2L_LAB/Snakefile --directory FOLDER"
    )

sys.path.insert(0, str(project / "workflow"))

from d2l_lab.config import check_syntax
from d2l_lab.errors import LabError
from d2l_lab.forkserver.streams import open_missing
from d2l_lab.pipeline import environment, resources, session
from d2l_lab.pipeline import snakemake_internals as internals
from d2l_lab.pipeline.plan import CONFIG, make_plan
from d2l_lab.stages.runner import as_argument

# A stage ignores Ctrl-C until it can report it properly: see d2l_lab/stages/__main__.py.
shell.prefix("set -euo pipefail; trap '' INT; ")

open_missing()
internals.tell_errors()
internals.outlive_readers()
internals.hear_every_interrupt()
deployment = workflow.deployment_settings.deployment_method
environment.prepare(conda=DeploymentMethod.CONDA in deployment)
internals.log_anything()


def or_exit(action, *arguments):
    """Run an action; a user's mistake ends the run with its message."""
    try:
        return action(*arguments)
    except (LabError, OSError) as error:
        sys.exit(str(error))


or_exit(environment.require_usable_path, environment.ROOT.parent)
written = or_exit(check_syntax, CONFIG)
