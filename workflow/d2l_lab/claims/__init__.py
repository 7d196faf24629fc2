"""The notes' claims as checks on the results, one module for each part of the notes."""
