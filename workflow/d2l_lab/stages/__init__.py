"""One module for each rule: `work(job)` reads files, calls the science and writes a result.

`python -m d2l_lab.stages <stage>` runs one of them; see `d2l_lab.stages.runner`.
"""
