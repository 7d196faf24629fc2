"""Turn histories and weights into the tidy tables that people read."""
