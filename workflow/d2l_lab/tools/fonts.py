"""Make of a font what Chromium embeds in a PDF as text that is found again."""

from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable

ERROR = 1  # at most so many units, of a thousand to the em, off the curve
TRUETYPE = "\0\1\0\0"  # how a file of such a font begins


def write_truetype(source: Path, target: Path, text: str) -> None:
    """Write those characters of a font that a text has, with outlines of TrueType.

    Chromium embeds other outlines as drawings alone. It looks up a glyph's first character, and
    would take radicals for the Chinese characters that look the same, if the font had them.

    Parameters
    ----------
    source : Path
        An OpenType font with outlines of PostScript.
    target : Path
    text : str
    """
    with TTFont(source, lazy=True) as font:
        options = Options(
            layout_features=[], notdef_outline=True, hinting=False, desubroutinize=True
        )
        subsetter = Subsetter(options)
        subsetter.populate(unicodes={*map(ord, text)})
        subsetter.subset(font)
        shapes, glyphs = font.getGlyphSet(), {}
        for name in font.getGlyphOrder():
            pen = TTGlyphPen(None)
            shapes[name].draw(Cu2QuPen(pen, ERROR, reverse_direction=True))
            glyphs[name] = pen.glyph()
        for table in ("CFF ", "VORG"):
            if table in font:
                del font[table]
        font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
        font["glyf"].glyphOrder, font["glyf"].glyphs = font.getGlyphOrder(), glyphs
        _set_maxima(font)
        font["post"].formatType = 3.0  # without the names of glyphs
        font.sfntVersion = TRUETYPE
        font.save(target)


def _set_maxima(font: TTFont) -> None:
    """Fill in the table of maxima as TrueType has it; what is counted is counted when saving."""
    maxima = font["maxp"]
    maxima.tableVersion = 0x00010000
    zero = (
        "maxTwilightPoints maxStorage maxFunctionDefs maxInstructionDefs maxStackElements "
        "maxSizeOfInstructions maxPoints maxContours maxCompositePoints maxCompositeContours "
        "maxComponentElements maxComponentDepth"
    )
    for name in zero.split():
        setattr(maxima, name, 0)
    maxima.maxZones = 1
