"""`python -m d2l_lab.stages`: run one stage, in a fork of the run's fork server if there is one.

When run by hand, a stage has the user's environment up to this point; see `surroundings`.

The rules start a stage with Ctrl-C ignored, since Python would print a traceback if interrupted
while starting. From here on, and until work begins, Ctrl-C simply ends the process.
"""

import signal
import sys

from d2l_lab.forkserver.client import run_module
from d2l_lab.stages import surroundings

# These finish while the fork server is still loading torch, which other stages wait for.
BY_THEMSELVES = {"download", "prepare", "generate"}

if __name__ == "__main__":
    surroundings.clean()
    surroundings.say_anything()
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    forked = BY_THEMSELVES.isdisjoint(sys.argv[1:2])
    sys.exit(run_module("d2l_lab.stages.runner", sys.argv[1:], forked=forked))
