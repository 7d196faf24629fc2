"""The one training loop of all models, and what it needs.

Only the study of polynomials has a loop of its own; `studies._polynomials` says why.
"""
