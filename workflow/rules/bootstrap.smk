# Before the configuration is read: this project's modules, and config.yaml's syntax.

import gc
import sys
from pathlib import Path

from snakemake.settings.types import DeploymentMethod

gc.freeze()  # Snakemake's modules are here to stay: there is no garbage among them to look for
sys.path.insert(0, str(Path(workflow.basedir) / "workflow"))

from d2l_lab.config import check_syntax
from d2l_lab.errors import LabError
from d2l_lab.forkserver.streams import open_missing
from d2l_lab.pipeline import environment, resources, session
from d2l_lab.pipeline import snakemake_internals as internals
from d2l_lab.pipeline.plan import CONFIG, make_plan
from d2l_lab.stages.runner import as_argument

# A stage ignores Ctrl-C until it can answer in its own words: see d2l_lab/stages/__main__.py.
shell.prefix("set -euo pipefail; trap '' INT; ")

open_missing()
internals.tell_errors()
internals.outlive_readers()
deployment = workflow.deployment_settings.deployment_method
environment.prepare(conda=DeploymentMethod.CONDA in deployment)


def or_exit(action, *arguments):
    """Do something; a mistake of the user ends the run with its plain lines."""
    try:
        return action(*arguments)
    except (LabError, OSError) as error:
        sys.exit(str(error))


or_exit(environment.require_usable_path, environment.ROOT.parent)
written = or_exit(check_syntax, CONFIG)
