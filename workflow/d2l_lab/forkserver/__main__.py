"""Run a module as `python -m` does: `python -m d2l_lab.forkserver MODULE ARGUMENTS`."""

import sys

from d2l_lab.forkserver.client import run_module

if __name__ == "__main__":
    sys.exit(run_module(sys.argv[1], sys.argv[2:]))
