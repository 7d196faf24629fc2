"""Configure Sphinx for the book in any language; `d2l_lab.book.site` adds what differs."""

project = "d2l-lab"
author = "d2l-lab"

extensions = ["d2l_lab.book.extension"]  # it sets up the others
exclude_patterns = ["notebooks"]  # for download only
templates_path = ["_templates"]

# The pipeline has executed the notebooks; the calls that show something are hidden.
nb_execution_mode = "off"
nb_remove_code_source = True
myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
suppress_warnings = ["mystnb.unknown_mime_type"]

html_theme = "sphinx_book_theme"
html_static_path = ["_static"]
html_css_files = ["lab.css"]
html_js_files = ["lab.js", "figures.js", "explore.js"]
html_theme_options = {
    "use_download_button": False,
    "use_fullscreen_button": False,
    "show_navbar_depth": 2,
    "show_toc_level": 2,
    "home_page_in_toc": True,
    "navbar_start": [],
    "navbar_center": [],
    "navbar_end": [],
    "navbar_persistent": [],
    "article_header_end": ["language.html", "article-header-buttons.html"],
    "footer_content_items": ["origin.html"],
}
html_sidebars = {"**": ["navbar-logo.html", "search-button-field.html", "navigation.html"]}
html_context = {"default_mode": "auto"}

# Nothing from the network, and nothing that differs between builds.
mathjax_path = "mathjax/tex-svg-full.js"
mathjax3_config = {"options": {"enableMenu": False}}
html_last_updated_fmt = None
html_copy_source = False
html_show_copyright = False
html_show_search_summary = False  # it would need fetch(), which browsers refuse for files
html_use_index = False
html_domain_indices = False
html_baseurl = ""
