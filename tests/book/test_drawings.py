"""A drawing in fewer bytes is the same drawing."""

import re

from matplotlib.figure import Figure

from d2l_lab.book import drawings
from d2l_lab.figures import style

SVG = """<svg>
 <defs>
  <style type="text/css">*{stroke-linejoin: round}</style>
 </defs>
   <path d="M 1.123456 2 \nL 3.98765 -4.5 \n" style="fill: none"/>
   <use x="1.123456" y="2.5" style="fill: red"/>
   <g transform="translate(7.123456 8) scale(0.015625)" style="fill: red"/>
   <!-- a = 0.123456 -->
   <text style="fill: blue">0.123456</text>
</svg>"""


def test_coordinates_are_cut_and_styles_become_rules_but_text_and_scales_stay():
    assert drawings.compact(SVG) == (
        "<svg>\n<defs>\n"
        '<style type="text/css">*{stroke-linejoin: round}.s0{fill: red}</style>\n</defs>\n'
        '<path d="M 1.12 2 L 3.98 -4.5 " style="fill: none"/>\n'
        '<use x="1.12" y="2.5" class="s0"/>\n'
        '<g transform="translate(7.12 8) scale(0.015625)" class="s0"/>\n'
        "<!-- a = 0.123456 -->\n"
        '<text style="fill: blue">0.123456</text>\n</svg>'
    )


def test_a_drawing_of_matplotlib_keeps_all_its_parts(tmp_path):
    figure = Figure(layout="constrained")
    figure.subplots().plot([0.1, 1 / 3, 2], label="0.333333")
    style.save(figure, tmp_path, "curve", 50)
    svg = (tmp_path / "curve.svg").read_text("utf-8")
    short = drawings.compact(svg)
    assert len(short) < 0.95 * len(svg)
    for part in ("<path", "<use", "<g", "<text"):
        assert short.count(part) == svg.count(part)
    used = {*re.findall(r'class="(\w+)"', short)}
    assert used == {*re.findall(r"\.(s\d+)\{", short)}
