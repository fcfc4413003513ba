"""How the documentation is built: ``sphinx-build -W -n docs docs/_build``."""

from __future__ import annotations

import sys
from pathlib import Path

import greenspace

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "greenspace"
author = "The greenspace authors"
copyright = author  # noqa: A001 (Sphinx asks for this name)
version = release = greenspace.__version__
language = "en"

extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "generated",
    "benchmark_pages",
    "chinese_lines",
    "search_words",
]
exclude_patterns = ["_build", "decisions/0000-template.md"]
html_theme = "furo"
html_title = f"greenspace {release}"
html_copy_source = False
html_static_path = ["_static"]
html_css_files = ["site.css"]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autosummary_generate = True
numpydoc_show_class_members = False

# Pages must open without a network, so there is no intersphinx: names of other libraries, and
# the short names that annotations use, have nowhere to point to.
nitpick_ignore_regex = [
    (r"py:.*", r"(?!greenspace\.).*"),
    (r"py:class", r"greenspace\.model\.grid\..*"),  # how rasters are walked is not a public name
]
