"""One module a rule: `work(job)` reads files, calls the science and writes one result.

`python -m d2l_lab.stages <stage>` runs one; see `d2l_lab.stages.runner`.
"""
