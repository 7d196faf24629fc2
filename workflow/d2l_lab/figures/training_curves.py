"""Loss and accuracy of one model while it learns (notes 3.6 and 4.4.4)."""

from functools import partial

from d2l_lab.figures._curves import draw_curves

draw = partial(draw_curves, repeat="replicate", each_repeat=False)
