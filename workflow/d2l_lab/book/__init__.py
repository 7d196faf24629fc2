"""The book: its pages, what they show, and how they become a web site."""
