"""The notes' models, one package a section, the notes' two ways side by side.

Each module has a function ``build(inputs, outputs, generators, device, *, hyperparameters)``, which
makes one replica of the model for each generator, with its initial values drawn from it. What
stands after the star can be set in the configuration.
"""
