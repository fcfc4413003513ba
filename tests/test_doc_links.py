"""Every link of a page to another page or file leads somewhere, into the generated cards too."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
CARDS = DOCS / "cards"
FENCE = re.compile(r"^(```+|~~~+).*?^\1", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\(<?([^()<>\s]*(?:\([^()\s]*\))?[^()<>\s]*)>?(?:\s+\"[^\"]*\")?\)")
HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
GENERATED = re.compile(r"<!-- generated: (\w+) -->")
ELSEWHERE = ("http://", "https://", "mailto:")

pytestmark = pytest.mark.skipif(not DOCS.is_dir(), reason="no docs beside these tests")


@lru_cache(maxsize=1)
def pages():
    """Return the text of every page by its path: those of the source tree, README, and the cards."""
    sys.path.insert(0, str(DOCS / "_ext"))
    try:
        import generated
    finally:
        sys.path.remove(str(DOCS / "_ext"))
    written = [path for path in DOCS.rglob("*.md") if CARDS not in path.parents]
    found = {path: path.read_text(encoding="utf-8") for path in [*written, ROOT / "README.md"]}
    found |= {CARDS / f"{name}.md": text for name, text in generated.cards().items()}
    return {
        path: GENERATED.sub(lambda mark: generated.PARTS[mark[1]](), text)
        for path, text in found.items()
    }


def anchors(text):
    """Return the anchors of a page's headings, as GitHub and MyST make them, and named ones."""
    bare = FENCE.sub("", text)
    heads = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", head) for head in HEADING.findall(bare))
    slugs = {re.sub(r"[^\w\- ]", "", head.strip().lower()).replace(" ", "-") for head in heads}
    return slugs | set(re.findall(r"^\(([\w\-]+)\)=", bare, re.MULTILINE))


def lost_links(path, text):
    """Return the links of a page that lead nowhere."""
    found = []
    for target in LINK.findall(FENCE.sub("", text)):
        if not target or target.startswith(ELSEWHERE):
            continue
        name, _, anchor = target.partition("#")
        there = (path.parent / name).resolve() if name else path
        if there in pages():
            right = not anchor or anchor in anchors(pages()[there])
        else:
            right = there.exists() and CARDS not in there.parents
        if not right:
            found.append(target)
    return found


def test_every_relative_link_and_anchor_resolves():
    lost = {
        path.relative_to(ROOT).as_posix(): links
        for path, text in pages().items()
        if (links := lost_links(path, text))
    }

    assert lost == {}


def test_a_link_to_nowhere_is_seen():
    page = DOCS / "index.md"
    text = (
        "[a](reference/indicators.md) [b](lost.md) [c](cards/indicators/green_coverage.md) "
        "[d](cards/indicators/lost.md) [e](cards/indicators/green_coverage.md#readings) "
        "[f](reference/indicators.md#nowhere)"
    )

    lost = ["lost.md", "cards/indicators/lost.md", "reference/indicators.md#nowhere"]
    assert lost_links(page, text) == lost
