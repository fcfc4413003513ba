"""Pages in Chinese: no space where a line of the source ends between two signs, and their language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

SIGN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef“”]")


def join_lines(app: Sphinx | None, doctree: nodes.document) -> None:  # noqa: ARG001
    """Take out each line break that stands between two Chinese signs."""
    for parent in {id(text.parent): text.parent for text in doctree.findall(nodes.Text)}.values():
        parts = [part for part in parent if part.astext()]  # an empty text follows bold words
        for at in reversed(range(1, len(parts) - 1)):
            if parts[at] == "\n" and between_signs(parts[at - 1], parts[at + 1]):
                at_parent = next(n for n, part in enumerate(parent) if part is parts[at])
                del parent[at_parent]


def between_signs(before: nodes.Node, after: nodes.Node) -> bool:
    """Return whether one ends, and the other begins, with a Chinese sign."""
    return bool(SIGN.match(before.astext()[-1:]) and SIGN.match(after.astext()[:1]))


def name_language(
    app: Sphinx,  # noqa: ARG001
    page: str,
    template: str,  # noqa: ARG001
    context: dict[str, object],
    doctree: object,  # noqa: ARG001
) -> None:
    """Say of the pages in ``zh`` that they are in Chinese."""
    if page.startswith("zh/"):
        context["language"] = "zh"


def setup(app: Sphinx) -> dict[str, bool]:
    """Join when a page has been read, name the language when it is written."""
    app.connect("doctree-read", join_lines)
    app.connect("html-page-context", name_language)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
