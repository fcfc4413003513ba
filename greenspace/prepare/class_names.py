"""Class names: names of classes beside codes, which have to say the same.

Question   Does the name that stands beside a code name the same class?
Enters     Parcels with codes of a stated edition, the tables of both, and what becomes of codes.
Leaves     Rows whose code and name disagree: nobody can tell which of the two is meant.
Elsewhere  Unknown codes and mixtures: classify.

A column ``class_name`` holds names of classes; a column ``name`` holds parcels' own names, and is
looked at only where it is spelt exactly as a class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize

import pandas as pd

from greenspace.errors import ColumnError
from greenspace.model.classes import spell
from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    import geopandas as gpd

    from greenspace.model.class_change import ClassChanges
    from greenspace.model.classes import ClassTable

MOST_LISTED = 5
COLUMNS = ("class_name", "name")
REMEDY = Text(
    zh="同样的字母有三套含义（2002 版、2017 版和地方分类），请核对代码、名称和 edition，使之一致。",
    en="The same letters have three meanings (2002, 2017 and a local scheme): bring code, name and "
    "edition into line.",
)


def name_findings(
    frame: gpd.GeoDataFrame,
    table: ClassTable,
    other: ClassTable,
    changes: ClassChanges,
    layer: str,
) -> tuple[Finding, ...]:
    """Return the rows whose class name belongs to another code than theirs."""
    column = next((name for name in COLUMNS if name in frame.columns), None)
    if column is None or "class" not in frame.columns:
        return ()
    words = [normalize("NFKC", "" if pd.isna(w) else str(w)).strip() for w in frame[column]]
    codes = [spell(code) for code in frame["class"]]
    wrong = [
        place
        for place, (code, word) in enumerate(zip(codes, words, strict=True))
        if word and agrees(code, word, table, other, changes) is False
    ]
    if not wrong:
        return ()
    pairs = sorted({f"{codes[place]} {words[place]}" for place in wrong})[:MOST_LISTED]
    text = Text(
        zh=f"绿地代码与类别名称不符（CJJ/T 85-{table.edition}）：{'、'.join(pairs)}。",
        en=f"Class codes and names disagree in CJJ/T 85-{table.edition}: {', '.join(pairs)}.",
    )
    finding = Finding(
        code="class_name_disagrees",
        text=text,
        severity="error",
        layer=layer,
        rows=tuple(frame.index[wrong]),
        count=len(wrong),
    )
    return (finding,)


def agrees(
    code: str, word: str, table: ClassTable, other: ClassTable, changes: ClassChanges
) -> bool | None:
    """Return whether a class name is that of a code; ``None`` where it names no class at all."""
    here = _named(word, table)
    if here:
        return any(_related(code, listed) for listed in here)
    there = _named(word, other)
    if there:
        if table.edition == "2017":
            return any(_related(code, new) for old in there for new in changes.targets(old))
        return any(_related(new, listed) for new in changes.targets(code) for listed in there)
    return False if word in changes.local.values() else None


def _named(word: str, table: ClassTable) -> list[str]:
    return [code for code, entry in table.entries.items() if entry.name.zh == word]


def _related(one: str, two: str) -> bool:
    return one.startswith(two) or two.startswith(one)


def require_names(
    frame: gpd.GeoDataFrame,
    table: ClassTable,
    other: ClassTable,
    changes: ClassChanges,
    layer: str,
) -> None:
    """Refuse a layer in which codes and class names disagree.

    Raises
    ------
    ColumnError
        Names the rows.
    """
    for finding in name_findings(frame, table, other, changes, layer):
        raise ColumnError(
            finding.text.zh,
            finding.text.en,
            remedy=REMEDY,
            layer=layer,
            column="class",
            rows=finding.rows,
        )
