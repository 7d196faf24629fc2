"""Softmax regression (notes 3.4, 3.6, 3.7): Ŷ = softmax(XW + b)."""
