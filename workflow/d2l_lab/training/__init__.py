"""The one training loop of all models, and what it needs.

A few studies have their own loop, and say why: `_polynomials`, `_networks`, `exercises_linear`, and
`plain_loop`, which compares the notes' loop with this one.
"""
