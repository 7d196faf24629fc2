"""The one training loop of all models, and what it needs.

Only the studies of polynomials have their own loop; `studies._polynomials` says why.
"""
