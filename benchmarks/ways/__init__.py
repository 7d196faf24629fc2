"""The ways that are compared: ``python -m benchmarks.ways.notes '{...}'`` prints its measurements.

Each reads its settings as JSON, and prints ``seconds``, the time of each epoch of all its replicas
together, and ``test_accuracy``, which shows that it did the work.
"""
