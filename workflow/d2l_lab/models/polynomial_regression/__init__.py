"""Polynomial regression (notes 4.4.4): ŷ = Σ wᵢ xⁱ / i!, linear in its features."""
