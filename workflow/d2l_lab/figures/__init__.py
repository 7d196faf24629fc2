"""One module a figure: tidy tables in, a matplotlib figure out."""
