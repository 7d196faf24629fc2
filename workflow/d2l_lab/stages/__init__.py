"""One module a rule: `work(job)` reads files, calls the science and writes one result.

`python -m d2l_lab.stages <stage>` runs one; see `d2l_lab.stages.runner`.

The rules start a stage deaf to Ctrl-C: Python that is still starting would answer with a traceback.
From here on it hears, and as nothing has begun it just ends.
"""

import signal

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
