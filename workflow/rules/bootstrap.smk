# Before the configuration is read: this project's place, its modules, and config.yaml's syntax.

import gc
import sys
from pathlib import Path

from snakemake.settings.types import DeploymentMethod

gc.freeze()  # Snakemake's modules are here to stay: there is no garbage among them to look for
gc.set_threshold(50_000)  # nor much in the graph of jobs that is about to be made

# A run locks the results, plans them as a whole and puts the plain names in order: as a part of
# another workflow it would do so for rules, and under a prefix, of which it knows nothing.
project = Path(workflow.basedir)
if Path(str(workflow.current_basedir)).resolve().parents[1] != project.resolve():
    sys.exit(
        "d2l-lab cannot be a module of another workflow, nor be included in one; run it by itself, "
        "in a folder with its config.yaml: snakemake --cores 4 --snakefile "
        "PLACE_OF_D2L_LAB/Snakefile --directory FOLDER"
    )

sys.path.insert(0, str(project / "workflow"))

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
internals.log_anything()


def or_exit(action, *arguments):
    """Do something; a mistake of the user ends the run with its plain lines."""
    try:
        return action(*arguments)
    except (LabError, OSError) as error:
        sys.exit(str(error))


or_exit(environment.require_usable_path, environment.ROOT.parent)
written = or_exit(check_syntax, CONFIG)
