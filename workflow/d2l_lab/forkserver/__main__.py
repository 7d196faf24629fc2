"""`python -m d2l_lab.forkserver MODULE ...`: run a module as `python -m MODULE ...` does, forked."""

import sys

from d2l_lab.forkserver.client import run_module

if __name__ == "__main__":
    sys.exit(run_module(sys.argv[1], sys.argv[2:]))
