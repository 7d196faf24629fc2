"""The book has every file that its pages load, and no other."""

import json
import re

from d2l_lab.book import assets

ICONS = """var a={"0":[320,512,[],"30","M0 1"],sun:[576,512,[9728],"f185","M2,3"],\
"magnifying-glass":[512,512,[128269,"search"],"f002",["M4","M5"]],bars:[448,512,["navicon"],"f0c9","M6"]};"""


def test_an_icon_is_kept_if_a_page_uses_any_of_its_names():
    kept = assets.with_icons(ICONS, {"sun", "search"})
    assert kept == (
        'var a={sun:[576,512,[9728],"f185","M2,3"],'
        '"magnifying-glass":[512,512,[128269,"search"],"f002",["M4","M5"]],};'
    )


def test_the_icons_of_the_installed_theme_are_found_in_its_script():
    path = "pydata_sphinx_theme/theme/pydata_sphinx_theme/static/scripts/fontawesome.js"
    script = assets.read("pydata-sphinx-theme", path)
    kept = assets.with_icons(script, {"moon"})
    assert len(kept) < len(script) / 10
    assert set(re.findall(r'"?([a-z-]+)"?:\[\d+,512,\[[^]]*\],', kept)) == {"moon"}


def test_no_file_refers_to_its_source_map_which_is_left_out():
    for text in ("x();\n//# sourceMappingURL=x.js.map", "a{}\n/*# sourceMappingURL=x.css.map */\n"):
        assert "sourceMappingURL" not in assets.SOURCE_MAP.sub("", text)
    assert json.loads(assets.SOURCE_MAP.sub("", '"sourceMappingURL=x.map, in words"'))
