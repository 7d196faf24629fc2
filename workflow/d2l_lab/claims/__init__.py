"""What the notes assert, as checks on the results: one module a part of the notes."""
