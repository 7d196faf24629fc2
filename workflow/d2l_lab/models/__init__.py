"""The notes' models, one package a section, the notes' two ways side by side."""
