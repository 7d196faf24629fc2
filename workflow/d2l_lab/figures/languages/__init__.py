"""One module a language of the book besides English: its `WORDS` are those of all figures."""
