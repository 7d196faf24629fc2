"""`python -m d2l_lab.stages`: run one stage, in a fork of the run's fork server if there is one.

A stage that is run by hand has the user's surroundings until here; see `surroundings`.

The rules start a stage deaf to Ctrl-C: Python that is still starting would answer with a traceback.
From here on it hears, and as nothing has begun it just ends.
"""

import signal
import sys

from d2l_lab.forkserver.client import run_module
from d2l_lab.stages import surroundings

# These are through while the fork server is still loading torch, for which others wait.
BY_THEMSELVES = {"download", "prepare", "generate"}

if __name__ == "__main__":
    surroundings.clean()
    surroundings.say_anything()
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    forked = BY_THEMSELVES.isdisjoint(sys.argv[1:2])
    sys.exit(run_module("d2l_lab.stages.runner", sys.argv[1:], forked=forked))
