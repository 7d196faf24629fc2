"""What this project's speed is, side by side with what people would use instead.

``make bench`` runs all of it. A part is a module that makes tables; the ways of doing the same work
are in `ways`, each run in a process of its own, one at a time, in an order that alternates.
"""
