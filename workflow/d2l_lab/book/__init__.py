"""The book: its pages, their content, and the web site built from them."""
