"""Line columns: status, category, class and name of the ground that green lines enclose.

Question   Which kind of line goes around this parcel?
Enters     Parcels or lines as they were read, and the edition of their codes.
Leaves     The four columns that lines are told apart by; words that are not known are refused.
Elsewhere  Whether codes are of their edition: class_codes. The kinds: model/green_line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from unicodedata import normalize

import pandas as pd

from greenspace.errors import ColumnError
from greenspace.model.classes import spell
from greenspace.model.green_line import CATEGORIES, STATUSES
from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

OF_CLASS: Final[Mapping[str, Mapping[str, str]]] = {  # by the longest beginning of a code
    "2002": {
        "G1": "park",
        "G2": "production",
        "G3": "protective",
        "G4": "attached",
        "G5": "regional",
    },
    "2017": {
        "G1": "park",
        "G2": "protective",
        "G3": "square",
        **dict.fromkeys(("XG", "RG", "AG", "BG", "MG", "WG", "SG", "UG"), "attached"),
        "EG": "regional",
        "EG11": "scenic",
        "EG12": "woods",
        "EG13": "wetland",
        "EG4": "production",
    },
}
STATUS_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "existing": ("existing", "现状", "现状绿线", "已建", "已建成", "建成", "现有", "solid"),
    "planned": ("planned", "规划", "规划绿线", "待建", "未建", "拟建", "dashed"),
    "control": ("control", "生态控制", "生态控制线", "生态控制区", "控制", "dashdot"),
}
CATEGORY_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "park": ("公园",),
    "protective": ("防护绿带",),
    "square": ("广场", "广场绿地"),
    "riverbank": ("河岸", "湖岸", "河湖岸线", "滨河绿地", "滨水绿地", "岸线", "river bank"),
    "woods": ("山体", "林地", "山林", "生态林", "森林", "hills", "forest"),
    "wetland": ("湿地公园",),
    "scenic": ("风景区", "风景名胜"),
    "relic": ("遗址", "遗迹", "园林古迹", "历史园林"),
    "old_tree": ("古树", "古树名木", "古树名木保护区", "古树名木保护范围", "old tree"),
    "other": ("其他",),
}
MOST_LISTED = 5


def line_columns(
    frame: gpd.GeoDataFrame, layer: str, *, status: str | None, edition: str | None, category: str
) -> pd.DataFrame:
    """Return status, category, class and name of each row.

    Parameters
    ----------
    status
        Of every row; ``None`` takes the column ``status``, and *existing* without one.
    edition
        Of the codes in ``class``; they should have been checked.
    category
        Where neither the column ``category`` nor ``kind`` nor a class says it.

    Raises
    ------
    ColumnError
        A status or category is a word that is not known: names the rows.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> green = gpd.GeoDataFrame({"class": ["g13", "EG13"]}, geometry=[box(0, 0, 1, 1)] * 2)
    >>> line_columns(green, "green", status="existing", edition="2017", category="other").values.tolist()
    [['existing', 'park', 'G13', ''], ['existing', 'wetland', 'EG13', '']]
    """
    count = len(frame)
    edition = None if edition is None else str(edition)
    codes = [spell(code) if edition else "" for code in _cells(frame, "class")]
    kinds = [_category_of(code, edition) or category for code in codes]
    for column in ("kind", "category"):
        if column in frame.columns:
            known = column == "category"
            told = _known(frame, column, layer, _words(CATEGORY_WORDS, CATEGORIES), strict=known)
            kinds = [word or kind for word, kind in zip(told, kinds, strict=True)]
    states: list[str | None] = [status or "existing"] * count
    if status is None and "status" in frame.columns:
        states = _known(frame, "status", layer, _words(STATUS_WORDS, STATUSES), strict=True)
        _require_said(frame, states, layer)
    columns = {"status": states, "category": kinds, "class": codes, "name": _cells(frame, "name")}
    return pd.DataFrame(columns, index=frame.index, dtype=object)


def kinds_unknown(frame: gpd.GeoDataFrame, layer: str, category: pd.Series) -> tuple[Finding, ...]:
    """Return a finding for the rows whose category nothing says but a `kind` that is not known.

    Parameters
    ----------
    category
        As `line_columns` found it.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> odd = gpd.GeoDataFrame({"kind": ["湿地", "蛋糕"]}, geometry=[box(0, 0, 1, 1)] * 2)
    >>> words = line_columns(odd, "control", status="control", edition=None, category="other")
    >>> [finding.rows for finding in kinds_unknown(odd, "control", words["category"])]
    [(1,)]
    """
    if "kind" not in frame.columns:
        return ()
    cells = _cells(frame, "kind")
    known = _words(CATEGORY_WORDS, CATEGORIES)
    other = (category == "other").to_numpy()
    odd = other & [bool(cell) and _spelt(cell) not in known for cell in cells]
    if not odd.any():
        return ()
    words = list(dict.fromkeys(cell for cell, strange in zip(cells, odd, strict=True) if strange))
    shown, count = words[:MOST_LISTED], int(odd.sum())
    text = Text(
        zh=f"kind 有不认识的写法（{'、'.join(shown)}），{count} 行归入“其他绿地”。",
        en=f"kind holds words that are not known ({', '.join(shown)}): {count} rows became other green.",
    )
    finding = Finding(
        code="kinds_unknown",
        text=text,
        severity="warning",
        layer=layer,
        rows=tuple(frame.index[odd]),
        count=count,
    )
    return (finding,)


def _cells(frame: gpd.GeoDataFrame, column: str) -> list[str]:
    if column not in frame.columns:
        return [""] * len(frame)
    return ["" if pd.isna(cell) else str(cell).strip() for cell in frame[column]]


def _category_of(code: str, edition: str | None) -> str | None:
    table = OF_CLASS[edition] if edition else {}
    begun = (code[:end] for end in range(len(code), 0, -1))
    return next((table[start] for start in begun if start in table), None)


def _words(words: Mapping[str, tuple[str, ...]], titles: Mapping[str, Any]) -> dict[str, str]:
    """Return what each spelling means: identifiers, titles in both languages, other words."""
    found: dict[str, str] = {}
    for key, entry in titles.items():
        title: Text = entry if isinstance(entry, Text) else entry.title
        for word in (key, title.zh, title.en, *words.get(key, ())):
            found.setdefault(_spelt(word), key)
    return found


def _spelt(word: object) -> str:
    return normalize("NFKC", str(word)).strip().casefold()


def _known(
    frame: gpd.GeoDataFrame, column: str, layer: str, words: Mapping[str, str], *, strict: bool
) -> list[str | None]:
    cells = _cells(frame, column)
    found = [words.get(_spelt(cell)) for cell in cells]
    strange = [bool(cell) and word is None for cell, word in zip(cells, found, strict=True)]
    if strict and any(strange):
        listed = tuple(dict.fromkeys(cell for cell, odd in zip(cells, strange, strict=True) if odd))
        shown = ", ".join(listed[:MOST_LISTED])
        expected = tuple(dict.fromkeys(words.values()))
        raise ColumnError(
            f"{column} 有不认识的写法：{shown}。",
            f"{column} holds words that are not known: {shown}.",
            remedy=Text(
                zh=f"请改为：{'、'.join(expected)}。", en=f"Write one of: {', '.join(expected)}."
            ),
            layer=layer,
            column=column,
            rows=frame.index[strange],
            expected=expected,
            found=listed,
        )
    return found


def _require_said(frame: gpd.GeoDataFrame, states: list[str | None], layer: str) -> None:
    blank = [state is None for state in states]
    if any(blank):
        raise ColumnError(
            f"有 {sum(blank)} 行没有填 status。",
            f"Rows without a status: {sum(blank)}.",
            remedy=Text(
                zh="请填：现状、规划或生态控制线。", en="Write existing, planned or control."
            ),
            layer=layer,
            column="status",
            rows=frame.index[blank],
            expected=tuple(STATUSES),
        )
