"""The speed of this project, side by side with what people would use instead.

``make bench`` runs all parts. Each part is a module that makes tables. The ways of doing the same
work are in `ways`; each runs in its own process, one at a time, in alternating order.
"""
