"""From histories and weights to the tidy tables people read."""
