"""The generated half of the glossary: every name that definitions and the model give in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from writing import table

from greenspace.model.layers import LAYERS, REFERENCE
from greenspace.present.words import MARKS, OTHER_INPUTS, VERDICTS
from greenspace.read.definitions import list_profiles, read_classes, read_indicators

if TYPE_CHECKING:
    from collections.abc import Iterable

HEAD = ["中文", "English", "in files and code"]


def by_words(rows: Iterable[tuple[str, str, str]]) -> str:
    """Return a table in the order of the English words."""
    return table(HEAD, sorted(rows, key=lambda row: row[1].casefold()))


def glossary() -> str:
    """Return indicators, layers, classes, standards and tokens, each in both languages."""
    cards = (
        (card.name.zh, card.name.en, f"[`{card.id}`](../cards/indicators/{card.id}.md)")
        for card in read_indicators().values()
    )
    layers = (
        (layer.title.zh, layer.title.en, f"`[{layer.table}]`")
        for layer in (*LAYERS.values(), REFERENCE)
    )
    others = (
        (text.zh, text.en, "") for name, text in OTHER_INPUTS.items() if name != REFERENCE.name
    )
    tokens = (
        (text.zh, text.en, f"`{token}`")
        for words in (VERDICTS, MARKS)
        for token, text in words.items()
    )
    standards = (
        (profile.title.zh, profile.title.en, f"[{profile.id}](../cards/profiles/{profile.id}.md)")
        for profile in list_profiles()
    )
    parts = [
        "## Indicators 指标\n",
        by_words(cards),
        "## Layers and inputs 图层与输入\n",
        by_words([*layers, *others]),
        "## Verdicts and marks 判定与依据\n",
        by_words(tokens),
        "## Standards 标准\n",
        by_words(standards),
    ]
    for edition in ("2017", "2002"):
        entries = read_classes(edition).entries.items()
        rows = ((entry.name.zh, entry.name.en, f"`{code}`") for code, entry in entries)
        parts += [f"## Classes of CJJ/T 85-{edition} 绿地分类\n", table(HEAD, rows)]
    return "\n".join(parts)
