"""Linear regression (notes 3.1 to 3.3): ŷ = Xw + b."""
