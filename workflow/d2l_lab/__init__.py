"""Every experiment of the notes on Dive into Deep Learning, chapters 3 and 4."""
