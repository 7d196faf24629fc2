"""The store: every result lies in a folder whose name is the key of all that made it.

``results/store/<stage>/<name>/<key>/`` holds the result's files and `provenance.json`. A result
is whole or absent: it is written beside its place and moved there at the end.
"""
