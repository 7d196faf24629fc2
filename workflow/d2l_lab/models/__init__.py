"""The notes' models, one package per section, from scratch and concise side by side.

Each module has a function ``build(inputs, outputs, generators, device, *, hyperparameters)``. It
builds one replica of the model for each generator, with initial values drawn from that generator.
The arguments after the star can be set in the configuration.
"""
