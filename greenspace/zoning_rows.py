"""Zoning rows: which zone of its scheme each polygon is, and in which control area it lies.

Question   What do these names of zones and levels stand for, and do they fit each other?
Enters     Zones in a measuring CRS, and a scheme.
Leaves     Rows by kind, level and season, and every row that fits no kind or no level.
Elsewhere  Schemes: read/zonings. Covering the boundary: delimit/zoning. The door: zoned_park.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.delimit.zoning import NOISE_WIDTH_M, ground_of, thick
from greenspace.model.words import Text
from greenspace.model.zoning_scheme import plain
from greenspace.prepare.words_of_rows import words_of_rows

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.model.zoning_scheme import ZoneKind, ZoningScheme

    Rows = NDArray[np.bool_]

ALL_YEAR = {
    *("否", "无", "不是", "非季节性", "全年", "常年", "四季", "0", "false", "f", "no", "n"),
    *("none", "all", "all-year", "allyear", "year-round", "yearround", "permanent", "whole-year"),
    *("thewholeyear", "wholeyear", "0.0", "1-12月", "1月-12月", "1–12月", "1~12月"),
}
NUMERALS = {"1", "2", "1.0", "2.0", "一级", "二级", "1级", "2级", "level1", "level2"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoningRows:
    """The zones of a park by their scheme, in the order of the rows.

    Attributes
    ----------
    frame
        The zones, in the measuring CRS.
    kinds
        The kind of each row; ``None`` where its name is none of the scheme.
    level
        The id of the kind of level 1 of each row, ``""`` where it is not known: not said, or what
        the row says of its zone and of its level differ.
    season
        What is said of a season, ``""`` where nothing is, or the whole year.
    upper
        Which rows are function zones drawn a second time, over control areas.
    doubtful
        Which rows are a zone that their level does not allow.
    misfits
        What is wrong with the level of a row, by position.
    """

    frame: gpd.GeoDataFrame
    scheme: ZoningScheme
    words: list[str]
    kinds: list[ZoneKind | None]
    level: list[str]
    name: list[str]
    season: list[str]
    upper: Rows
    doubtful: Rows
    misfits: dict[int, Text]

    @property
    def shapes(self) -> NDArray[Any]:
        """The shape of each row."""
        return np.asarray(self.frame.geometry.to_numpy(), dtype=object)

    @property
    def functions(self) -> Rows:
        """Which rows are function zones."""
        return np.array([kind is not None and kind.level > 1 for kind in self.kinds], dtype=bool)

    @property
    def nested(self) -> bool:
        """Whether there are function zones over control areas."""
        return bool(self.upper.any())

    @property
    def areas(self) -> Rows:
        """Which rows make up the control areas: all but the function zones that lie on top."""
        return ~self.upper

    @property
    def unplaced(self) -> Rows:
        """Which rows make up control areas of which it is not known which they are."""
        own = np.array([not level for level in self.level], dtype=bool)
        return np.asarray(self.areas & own)

    @property
    def seasonal(self) -> Rows:
        """Which rows are core in a season only."""
        core = {kind.id for kind in self.scheme.of_level(1) if kind.core}
        return np.array(
            [
                bool(season) and level in core
                for season, level in zip(self.season, self.level, strict=True)
            ],
            dtype=bool,
        )

    @property
    def unknown(self) -> Rows:
        """Which rows have a name that is none of the scheme's."""
        return np.array([kind is None for kind in self.kinds], dtype=bool)


def zoning_rows(frame: gpd.GeoDataFrame, scheme: ZoningScheme) -> ZoningRows:
    """Return zones by their scheme.

    The control area of a function zone is the one that its column ``level`` names; else the one
    that its polygon lies in, where control areas are drawn too; else the only one that the scheme
    lets it lie in.
    """
    words, said = words_of_rows(frame, "zone"), words_of_rows(frame, "level")
    said = ["" if plain(w) in NUMERALS and scheme.kind_of(w) is None else w for w in said]
    kinds = [scheme.kind_of(word) if word else None for word in words]
    shapes = np.asarray(frame.geometry.to_numpy(), dtype=object)
    upper = _upper(shapes, kinds, [scheme.kind_of(word) if word else None for word in said])
    grounds = _grounds(shapes, kinds) if upper.any() else {}
    misfits: dict[int, Text] = {}
    doubtful = np.zeros(len(kinds), dtype=bool)
    level = []
    for row, kind in enumerate(kinds):
        found, wrong = _level(kind, said[row], scheme)
        if upper[row] and grounds:
            found, wrong = _placed(found, wrong, shapes[row], grounds)
        doubtful[row] = kind is not None and not _allowed(kind, found)
        if not wrong and kind is not None and doubtful[row]:
            wrong = Text(
                f"{kind.name.zh} 不应位于该管控区。", f"no {kind.name.en} lies in that control area"
            )
        if not wrong and kind is not None and not found:
            wrong = Text("未说明属于哪个管控区。", "the control area is not given")
        if wrong:
            misfits[row] = wrong
        level.append("" if doubtful[row] and not upper[row] else found)
    return ZoningRows(
        frame=frame,
        scheme=scheme,
        words=words,
        kinds=kinds,
        level=level,
        name=words_of_rows(frame, "name"),
        season=["" if plain(w) in ALL_YEAR else w for w in words_of_rows(frame, "season")],
        upper=upper,
        doubtful=doubtful,
        misfits=misfits,
    )


def _upper(shapes: NDArray[Any], kinds: list[ZoneKind | None], said: list[ZoneKind | None]) -> Rows:
    """Return which function zones lie over control areas: of the level that they name, if any."""
    functions = np.array([kind is not None and kind.level > 1 for kind in kinds], dtype=bool)
    upper = np.zeros(len(kinds), dtype=bool)
    for level in {None if own is None else own.id for own in said}:
        own = functions & np.array([(one and one.id) == level for one in said], dtype=bool)
        below = ~functions & np.array(
            [level is None or kind is None or kind.id == level for kind in kinds], dtype=bool
        )
        shared = shapely.area(shapely.intersection(shapes, shapely.union_all(shapes[below])))
        upper |= own & (shared > 0.5 * shapely.area(shapes))
    return upper


def _allowed(kind: ZoneKind, level: str) -> bool:
    return not kind.within or level in ("", *kind.within)


def _grounds(shapes: NDArray[Any], kinds: list[ZoneKind | None]) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    for shape, kind in zip(shapes, kinds, strict=True):
        if kind is not None and kind.level == 1:
            found.setdefault(kind.id, []).append(shape)
    return {kind: shapely.union_all(pieces) for kind, pieces in found.items()}


def _level(kind: ZoneKind | None, said: str, scheme: ZoningScheme) -> tuple[str, Text | None]:
    """Return the level of a row by its words, and what is wrong with them."""
    named = scheme.kind_of(said) if said else None
    if said and (named is None or named.level != 1):
        return "", Text(
            f"level “{said}”不是方案中的管控区。", f"no control area is called {said!r}"
        )
    if kind is not None and kind.level == 1:
        if named is not None and named.id != kind.id:
            return "", Text(
                f"zone 与 level 矛盾：{kind.name.zh}、{named.name.zh}。",
                f"zone and level differ: {kind.name.en}, {named.name.en}",
            )
        return kind.id, None
    if named is not None:
        return named.id, None
    if kind is not None and len(kind.within) == 1:
        return kind.within[0], None
    return "", None


def _placed(
    said: str, wrong: Text | None, shape: Any, grounds: dict[str, Any]
) -> tuple[str, Text | None]:
    """Return the level that a function zone lies in, and what is wrong with that."""
    inside = {kind: shapely.intersection(shape, ground) for kind, ground in grounds.items()}
    most = max(inside, key=lambda kind: float(inside[kind].area))
    strays = [
        kind
        for kind, piece in inside.items()
        if kind != most and len(thick(ground_of(piece), NOISE_WIDTH_M)[0])
    ]
    if strays:
        area = sum(float(inside[kind].area) for kind in strays)
        return most, Text(
            f"跨两个管控区，{area:,.2f} 平方米在另一个内。",
            f"it lies in two control areas, {area:,.2f} m² of it in the lesser one",
        )
    if not inside[most].area:
        return said, wrong
    if said and said != most:
        return said, Text("level 与所在管控区不符。", "its level is not the area it lies in")
    return most, wrong
