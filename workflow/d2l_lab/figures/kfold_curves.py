"""Training against validation over the folds of a cross-validation (notes 4.4.2).

A gap between training and validation is overfitting; both high and close is underfitting (notes
4.4.3).
"""

from functools import partial

from d2l_lab.figures._curves import draw_curves

draw = partial(draw_curves, repeat="fold", each_repeat=True)
