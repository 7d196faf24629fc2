"""The store: every result has a folder, named by the key of everything that made it.

``results/store/<stage>/<name>/<key>/`` holds the result's files and `provenance.json`. A result
is whole or absent: it is written next to its place and renamed at the end.
"""
