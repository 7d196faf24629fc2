"""The store keeps every result in a folder named by a key of everything that determines it.

``results/store/<stage>/<name>/<key>/`` holds the result's files and `provenance.json`. A result
is complete or absent: it is written to a temporary folder next to its own and renamed at the end.
"""
