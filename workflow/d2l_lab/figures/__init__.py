"""One module for each figure: tidy tables in, a matplotlib figure out."""
