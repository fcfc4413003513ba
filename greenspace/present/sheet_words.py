"""Sheet words: what stands on paper beside the map.

Question   How does a sheet say its scale, its page, and what does not fit on it?
Enters     A key and a language.
Leaves     Words in Chinese and English.
Elsewhere  Words that every output shares: words. Words of maps: map_words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenspace.model.words import Language

SHEET_WORDS: Final[Mapping[str, Text]] = {
    "beside": Text("{name}：{figures}", "{name}: {figures}"),
    "scale": Text("比例尺", "Scale"),
    "page": Text("第 {page} 页 共 {pages} 页", "Page {page} of {pages}"),
    "page_entry": Text("第 {page} 页", "p. {page}"),
    "more_rows": Text("另有 {count} 项未列", "not listed: {count} more"),
    "more_notes": Text("……另有 {count} 行未印", "… lines not printed: {count}"),
    "standard": Text("标准：{name}", "Standard: {name}"),
    "no_standard": Text("未按标准评判", "judged by none"),
    "plane": Text(
        "比例尺按坐标系平面计；图幅中心处，平面长度为实地的 {factor} 倍",
        "The scale holds on the CRS's plane: mid-map its lengths are {factor} times those of the ground",
    ),
    "index": Text("图幅索引", "Index of sheets"),
    "sheets": Text("图幅及页码，共 {count} 幅", "sheets with their pages: {count}"),
}


def sheet_word(key: str, language: Language, **parts: object) -> str:
    """Return a word of the sheets, with its parts.

    Examples
    --------
    >>> sheet_word("page", "zh", page=1, pages=3)
    '第 1 页 共 3 页'
    """
    return SHEET_WORDS[key].of(language).format(**parts)
