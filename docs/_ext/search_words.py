"""Search in two languages: English by words, Chinese by pairs of neighbouring signs.

A run of Chinese has no spaces, so that Sphinx would take it for one word: 绿化覆盖率 would not be found in
建成区绿化覆盖率. Both are cut into pairs, on pages and in what is asked; a page that holds every pair is found.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from sphinx.search.en import SearchEnglish

if TYPE_CHECKING:
    from sphinx.application import Sphinx

HAN = re.compile(r"[\u3400-\u9fff]+")


class SearchBoth(SearchEnglish):
    """English words, and pairs of Chinese signs."""

    lang: ClassVar[str] = "en"
    js_splitter_code: ClassVar[str] = r"""
function splitQuery(query) {
  const words = query.split(/[^\p{L}\p{N}_\p{Emoji_Presentation}]+/gu).filter((word) => word);
  return words.flatMap((word) => word.split(/([\u3400-\u9fff]+)/).filter((part) => part).flatMap(
    (part) => !/[\u3400-\u9fff]/.test(part) || part.length < 2
      ? [part]
      : Array.from({ length: part.length - 1 }, (_, at) => part.slice(at, at + 2))));
}
"""

    def split(self, input: str) -> list[str]:  # noqa: A002  - Sphinx calls it so
        """Return the words of a text, and the pairs of each run of Chinese."""
        found = super().split(HAN.sub(" ", input))
        return found + [pair for run in HAN.findall(input) for pair in pairs(run)]


def pairs(run: str) -> list[str]:
    """Return each two neighbouring signs; one alone is itself."""
    return [run[at : at + 2] for at in range(max(1, len(run) - 1))]


def setup(app: Sphinx) -> dict[str, bool]:
    """Take the place of Sphinx's English search."""
    app.add_search_language(SearchBoth)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
