"""The ways that are compared: ``python -m benchmarks.ways.notes '{...}'`` prints what it measured.

Each takes its settings as JSON, and answers with ``seconds``, the time of each epoch of all its
replicas together, and with ``test_accuracy``, which shows that it did the work.
"""
