"""Pages that are written from the package itself: API, standards, indicators, classes, sensors, words.

A page holds a line ``<!-- generated: NAME -->``; while the page is read, the line is replaced by
Markdown made here. Cards, a page each, are written into ``docs/cards`` before the pages are read:
a folder of the build, which version control leaves out. A card that has not changed keeps its
date, and is not read again.
"""

from __future__ import annotations

import logging
from base64 import b64decode
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import api_pages
import file_tables
import glossary_words
import indicator_cards
import profile_cards
from docutils.nodes import reference

from greenspace.present.fonts import carried_fonts
from greenspace.present.webfont import page_font

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx
    from sphinx.config import Config

PARTS: dict[str, Callable[[], str]] = {
    "api": api_pages.api,
    "profiles": profile_cards.profiles,
    "indicators": indicator_cards.indicators,
    "sensors": file_tables.sensors,
    "classes": file_tables.classes,
    "zonings": file_tables.zonings,
    "glossary": glossary_words.glossary,
}
FIRST_HAN = "\u2e80"
TREES: dict[str, str] = {}


def cards() -> dict[str, str]:
    """Return every card by its name under ``docs/cards``, without the ending."""
    return {**indicator_cards.pages(), **profile_cards.pages(), **api_pages.pages()}


def write_cards(folder: Path) -> None:
    """Write the cards that changed, and remove those that are no more."""
    wanted = {folder / f"{name}.md": text for name, text in cards().items()}
    for path in folder.rglob("*.md"):
        if path not in wanted:
            path.unlink()
    for path, text in wanted.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")


def outdated(*_: object) -> list[str]:
    """Return the pages to read again whatever their own date says: the code may have changed."""
    return [f"reference/{page}" for page in PARTS] + [f"cards/{name}" for name in api_pages.pages()]


def fill(_app: Sphinx, _page: str, source: list[str]) -> None:
    """Replace the marked lines of one page."""
    for name, make in PARTS.items():
        mark = f"<!-- generated: {name} -->"
        if mark in source[0]:
            source[0] = source[0].replace(mark, make())


def prepare(app: Sphinx, _config: Config) -> None:
    """Write the cards before Sphinx looks for pages."""
    write_cards(Path(app.srcdir) / "cards")


def tree(make: Callable[..., str], **how: Any) -> str:
    """Return a navigation tree, made when it is first asked for."""
    key = repr(sorted(how.items()))
    if key not in TREES:
        TREES[key] = make(**how)
    return TREES[key]


def share_tree(
    _app: Sphinx, page: str, _template: str, context: dict[str, Any], *_: object
) -> None:
    """Make the navigation of all cards of indicators once: they lie in one folder and in no tree."""
    if page.startswith("cards/indicators/") and "toctree" in context:
        make = context["toctree"]
        context["toctree"] = partial(tree, make)


def list_external(app: Sphinx, error: Exception | None) -> None:
    """List the addresses outside these pages, each with the pages that name it; none is fetched."""
    if error is not None:
        return
    found: dict[str, set[str]] = {}
    for page in app.env.found_docs:
        for node in app.env.get_doctree(page).findall(reference):
            if str(address := node.get("refuri", "")).startswith(("http://", "https://")):
                found.setdefault(address, set()).add(page)
    lines = [f"{address}\t{', '.join(sorted(pages))}" for address, pages in sorted(found.items())]
    path = Path(app.outdir) / "external_links.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def carry_font(app: Sphinx, error: Exception | None) -> None:
    """Write the glyphs of the Chinese characters in the pages: the last font that they try, and its licence."""
    if error is not None or app.builder.format != "html":
        return
    pages = (path.read_text(encoding="utf-8") for path in Path(app.outdir).rglob("*.html"))
    letters = {letter for page in pages for letter in page if letter >= FIRST_HAN}
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    font = b64decode(page_font("".join(sorted(letters))))
    beside = Path(app.outdir) / "_static"
    (beside / "site.woff").write_bytes(font)
    for path in carried_fonts():
        licence = path.with_name("OFL.txt").read_bytes()
        (beside / "site.woff.OFL.txt").write_bytes(licence)


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx of the hooks."""
    app.connect("config-inited", prepare)
    app.connect("source-read", fill)
    app.connect("env-get-outdated", outdated)
    app.connect("html-page-context", share_tree, priority=100)  # before the theme asks for it
    app.connect("build-finished", list_external)
    app.connect("build-finished", carry_font)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
