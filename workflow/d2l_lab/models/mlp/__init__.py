"""The multilayer perceptron (notes 4.1 to 4.3): O = ReLU(XW₁ + b₁)W₂ + b₂, or with more layers."""
