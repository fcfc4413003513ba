"""Classify: which green parcels count, by their class codes and where they lie.

Question   Is this parcel green land, a park, other green land, or none of them?
Enters     Repaired parcels with class codes of a stated edition, in the measuring CRS.
Leaves     The parts that count and the parts that may, with findings for the rest.
Elsewhere  The 20 % rule: measure/green_space. Class tables: definitions/classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from greenspace.errors import ColumnError
from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

    from greenspace.model.classes import ClassTable

GREEN_SPACE = "green_space_ratio"
OTHER_GREEN_CAP = 0.20  # of the green inside construction land
TOUCH_M = 0.01
EDGE_M = 0.1
MOST_LISTED = 5
MIXED = Text(
    zh="请把全部代码改成同一版本（gs.convert_classes 可由 2002 版转为 2017 版），再写明 edition。",
    en="Bring all codes into one edition (gs.convert_classes leads from 2002 to 2017) and name it.",
)
LAND_USE = Text(
    zh='这像是用地代码；请先用 gs.convert_classes 转换（from_edition="land_sea_use" 或 "third_survey"）。',
    en="This looks like a land-use code: convert the layer first, by gs.convert_classes with "
    'from_edition="land_sea_use" or "third_survey".',
)


@dataclass(frozen=True, slots=True)
class GreenParts:
    """Green land inside the built-up area, sorted by how it counts.

    Attributes
    ----------
    inside
        Green land that counts whole.
    adjacent
        Other green land whose connected piece shares an edge with construction land: counts
        up to the cap.
    """

    inside: Any
    adjacent: Any
    findings: tuple[Finding, ...]


def unknown_code_findings(codes: pd.Series, table: ClassTable, layer: str) -> tuple[Finding, ...]:
    """Return the rows whose code is missing, unknown, or of the other edition only.

    `roles_of` would refuse any of them.
    """
    written = codes.map(lambda code: "" if pd.isna(code) else str(code).strip())
    unknown = written[written.map(table.role).isna()]
    foreign = written[written.map(table.is_foreign)]
    found = []
    if (unknown == "").any():
        text = Text(zh="没有填绿地分类代码。", en="No class code is given.")
        found.append(_refusable("class_missing", text, layer, unknown[unknown == ""]))
    found += edition_findings(codes, table, layer)
    strange = unknown[(unknown != "") & ~unknown.index.isin(foreign.index)]
    if len(strange):
        near = {code: table.nearest(code) for code in sorted(set(strange))}
        listed = ", ".join(f"{code} → {guess}?" if guess else code for code, guess in near.items())
        text = Text(
            zh=f"CJJ/T 85-{table.edition} 没有代码：{listed}。",
            en=f"CJJ/T 85-{table.edition} has no such codes: {listed}.",
        )
        found.append(_refusable("class_unknown", text, layer, strange))
    return tuple(found)


def edition_findings(codes: pd.Series, table: ClassTable, layer: str) -> tuple[Finding, ...]:
    """Return the rows whose code only the other edition lists, alone or among codes of this one.

    `roles_of` refuses them: in such a layer nobody can tell what G2, G3 and G131 to G135 are.
    """
    written = codes.dropna().map(lambda code: str(code).strip())
    foreign = written[written.map(table.is_foreign)]
    if foreign.empty:
        return ()
    own = sorted(set(written[written.map(table.is_own)]))
    here, there = (", ".join(some[:MOST_LISTED]) for some in (own, sorted(set(foreign))))
    ours, theirs = table.edition, table.other_edition
    if own:
        text = Text(
            zh=f"同一图层混用了 CJJ/T 85 的两个版本：{here} 只见于 {ours} 版，{there} 只见于 {theirs} 版。",
            en=f"One layer mixes two editions of CJJ/T 85: {here} are of {ours} alone, "
            f"{there} of {theirs} alone.",
        )
        return (_refusable("class_editions_mixed", text, layer, foreign),)
    text = Text(
        zh=f"代码 {there} 不属于 CJJ/T 85-{ours}，而属于 {theirs} 版。",
        en=f"The codes {there} are none of CJJ/T 85-{ours} but of {theirs}.",
    )
    return (_refusable("class_of_other_edition", text, layer, foreign),)


def _refusable(code: str, text: Text, layer: str, rows: pd.Series) -> Finding:
    return Finding(
        code=code,
        text=text,
        severity="error",
        layer=layer,
        rows=tuple(rows.index),
        count=len(rows),
    )


def roles_of(codes: pd.Series, table: ClassTable, layer: str) -> list[str]:
    """Return the role of each class code.

    Raises
    ------
    ColumnError
        A code is missing, or unknown in this edition (the nearest one is named), or only the
        other edition lists it.
    """
    for odd in edition_findings(codes, table, layer):
        raise ColumnError(
            odd.text.zh,
            odd.text.en,
            remedy=MIXED if odd.code == "class_editions_mixed" else _other_edition(table),
            layer=layer,
            column="class",
            rows=odd.rows,
            expected=table.edition,
            found=table.other_edition,
        )
    written = ["" if pd.isna(code) else str(code).strip() for code in codes]
    unknown = sorted({code for code in written if table.role(code) is None})
    if unknown:
        near = table.nearest(unknown[0])
        listed = ", ".join(repr(code) for code in unknown[:MOST_LISTED])
        raise ColumnError(
            f"CJJ/T 85-{table.edition} 没有绿地分类代码 {listed}。",
            f"CJJ/T 85-{table.edition} has no class code {listed}.",
            remedy=_hint(unknown[0], near),
            layer=layer,
            column="class",
            rows=codes.index[[code in unknown for code in written]],
            expected=near,
            found=tuple(unknown),
        )
    return [str(table.role(code)) for code in written]


def _other_edition(table: ClassTable) -> Text:
    other = table.other_edition
    return Text(
        zh=f'若整个图层是 {other} 版，请写 edition = "{other}"；否则请改正这些行的代码。',
        en=f'If the whole layer is of {other}, write edition = "{other}"; else correct these rows.',
    )


def _hint(code: str, near: str | None) -> Text:
    """Return what to do about an unknown code."""
    if code[:1].isdigit():
        return LAND_USE
    return Text(
        zh=f"最接近的代码是 {near}。" if near else "请核对分类版本 edition。",
        en=f"The nearest code is {near}." if near else "Check the edition.",
    )


def split_green(
    green: gpd.GeoDataFrame,
    built_up: Any,
    construction_land: Any | None,
    table: ClassTable | None,
) -> GreenParts:
    """Sort green parcels into those that count whole and those under the cap.

    Parameters
    ----------
    green
        Repaired parcels in the measuring CRS; column ``class`` where `table` is given.
    built_up, construction_land
        Dissolved shapes in the same CRS.
    table
        The class table of the edition; ``None`` takes every parcel as green land.
    """
    shapes = green.geometry.to_numpy()
    roles = np.array(
        ["green"] * len(green) if table is None else roles_of(green["class"], table, "green"),
        dtype=object,
    )
    land = _within(shapes[np.isin(roles, ("green", "park"))], built_up)
    regional = _within(shapes[roles == "other"], built_up)
    never = _within(shapes[roles == "none"], built_up)
    if construction_land is None:
        unjudged = _no_construction_land(regional.difference(land))
        return GreenParts(land, shapely.MultiPolygon(), _said((unjudged, _left_out(never))))
    inside = _areas_only(land.intersection(construction_land))
    contrary = _areas_only(regional.intersection(construction_land)).difference(inside)
    outside = shapely.union_all([land, regional]).difference(construction_land)
    adjacent, apart = _by_adjacency(outside.difference(inside), construction_land)
    findings = (_left_out(never), _contrary(contrary), _apart(apart))
    return GreenParts(inside, adjacent, _said(findings))


def _within(shapes: Any, ground: Any) -> Any:
    return _areas_only(shapely.union_all(shapes).intersection(ground))


def _areas_only(shape: Any) -> Any:
    """Return the polygons of what one overlay gave: they share no ground already."""
    parts = shapely.get_parts(shape)
    return shapely.multipolygons(parts[shapely.area(parts) > 0])


def _by_adjacency(other: Any, construction_land: Any) -> tuple[Any, Any]:
    pieces = shapely.get_parts(_areas_only(other))
    near = construction_land.buffer(TOUCH_M)
    shared = shapely.length(shapely.intersection(shapely.boundary(pieces), near))
    touches = shared > EDGE_M
    return shapely.union_all(pieces[touches]), shapely.union_all(pieces[~touches])


def unlisted_findings(codes: pd.Series, table: ClassTable, layer: str) -> tuple[Finding, ...]:
    """Return the codes that the edition does not list and that count by their beginning."""
    written = codes.dropna().astype(str).str.strip()
    odd = written[~written.map(table.known)]
    if odd.empty:
        return ()
    listed = ", ".join(sorted(set(odd)))
    text = Text(
        zh=f"CJJ/T 85-{table.edition} 没有列出代码 {listed}，按其开头的类计入；请核对编码和版本。",
        en=f"CJJ/T 85-{table.edition} does not list the codes {listed}; they count as the class "
        "they begin with: check codes and edition.",
    )
    finding = Finding(
        code="class_unlisted",
        text=text,
        severity="warning",
        layer=layer,
        rows=tuple(odd.index),
        count=len(odd),
    )
    return (finding,)


def cap_findings(parts: GreenParts, cap: float) -> tuple[Finding, ...]:
    """Return a finding that says how much adjacent other green land there is and counts."""
    counted = min(parts.adjacent.area, cap * parts.inside.area)
    area = f"{counted / 1e4:.2f}"
    finding = _finding(
        "other_green_counted",
        parts.adjacent,
        f"{{:.2f}} 公顷其他绿地与建设用地相邻，按不超过 {cap:.0%} 计入 {area} 公顷。",
        f"{{:.2f}} ha of other green land are adjacent to construction land; {area} ha count "
        f"under the cap of {cap:.0%}.",
    )
    return _said((finding,))


def _said(findings: Iterable[Finding | None]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding is not None)


def _finding(code: str, shape: Any, zh: str, en: str, severity: Any = "note") -> Finding | None:
    if shape.area <= 0:
        return None
    return Finding(
        code=code,
        text=Text(zh=zh.format(shape.area / 1e4), en=en.format(shape.area / 1e4)),
        severity=severity,
        layer="green",
        area_m2=float(shape.area),
        indicators=(GREEN_SPACE,),
    )


def _no_construction_land(shape: Any) -> Finding | None:
    return _finding(
        "other_green_unjudged",
        shape,
        "没有建设用地图层，无法判断其他绿地是否相邻，{:.2f} 公顷未计入绿地率。",
        "Without construction land nobody can tell which other green land is adjacent: "
        "{:.2f} ha left out.",
        "warning",
    )


def _left_out(shape: Any) -> Finding | None:
    return _finding(
        "class_never_counts",
        shape,
        "建成区内 {:.2f} 公顷生产绿地按该版分类不计入绿地率。",
        "{:.2f} ha of nursery land in the built-up area never count in this edition.",
    )


def _contrary(shape: Any) -> Finding | None:
    return _finding(
        "other_green_inside",
        shape,
        "{:.2f} 公顷编为其他（区域）绿地却位于建设用地内，未计入；请核对编码。",
        "{:.2f} ha coded as other green land lie inside construction land and do not count: "
        "check their codes.",
        "warning",
    )


def _apart(shape: Any) -> Finding | None:
    return _finding(
        "other_green_apart",
        shape,
        "{:.2f} 公顷其他绿地不与建设用地相邻，未计入。",
        "{:.2f} ha of other green land are not adjacent to construction land and do not count.",
    )
