"""Class codes: what a layer's codes mean, and the same parcels in another edition.

Question   Are these the codes of one known edition, and what are they in the other one?
Enters     Green parcels with codes, and the edition or land-use scheme that they are of.
Leaves     The class table they fit; or the parcels with new codes, every change counted.
Elsewhere  Sorting parcels: prepare/classify. The tables: definitions/classes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from greenspace.errors import ColumnError, InputError
from greenspace.measure.areas import covered_area
from greenspace.measure.green_space import green_space_ratio
from greenspace.model.classes import spell
from greenspace.model.crs import parse_crs
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.class_names import require_names
from greenspace.prepare.classify import OTHER_GREEN_CAP, roles_of, split_green
from greenspace.prepare.ready import Ready
from greenspace.prepare.recode import Place, recoded, recoded_land_use
from greenspace.read.class_changes import read_class_changes
from greenspace.read.definitions import read_classes

if TYPE_CHECKING:
    import geopandas as gpd

    from greenspace.model.city import City
    from greenspace.model.classes import ClassTable
    from greenspace.prepare.repair import Layer

NEWEST, OLDER = "2017", "2002"
NOT_INVERTIBLE = Text(
    zh="2017 版不能倒推回 2002 版：几个旧代码合为一个新代码（G14、G15 都成 G14，G131、G135、G137 都成 "
    "G139，G45、G46 都成 SG），新代码说不出原来是哪个。",
    en="2017 does not lead back to 2002: several old codes share a new one (G14 and G15 are G14, "
    "G131, G135 and G137 are G139, G45 and G46 are SG), and the new one does not tell which it was.",
)


def coded_table(frame: gpd.GeoDataFrame, edition: str, layer: str) -> ClassTable:
    """Return the class table of a layer whose codes are all of one edition.

    Raises
    ------
    ColumnError
        A code is missing or unknown, editions are mixed, or a class name that stands beside a
        code belongs to another one: names the rows.
    DefinitionError
        The edition is unknown.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> green = gpd.GeoDataFrame({"class": ["G2"], "class_name": ["生产绿地"]}, geometry=[box(0, 0, 1, 1)])
    >>> coded_table(green, "2002", "green").role("G2")
    'green'
    >>> coded_table(green, "2017", "green")
    Traceback (most recent call last):
    greenspace.errors.ColumnError: ...
    """
    table = read_classes(edition)
    roles_of(frame["class"], table, layer)
    require_names(frame, table, read_classes(table.other_edition), read_class_changes(), layer)
    return table


def class_table(city: City, name: str, layer: gpd.GeoDataFrame) -> ClassTable | None:
    """Return the class table of a layer's codes, ``None`` where it has no codes or no edition."""
    edition = city.editions.get(name)
    if edition is None or "class" not in layer.columns:
        return None
    return coded_table(layer, edition, name)


def convert_classes(
    green: Layer,
    *,
    from_edition: str,
    to_edition: str = NEWEST,
    residential: Layer | None = None,
    construction_land: Layer | None = None,
    built_up: Layer | None = None,
    crs: Any = None,
) -> gpd.GeoDataFrame:
    """Give green parcels the class codes of CJJ/T 85-2017 (绿地分类代码转换).

    From the edition of 2002, by definition and from memory (provisional); or from the land-use
    codes of plans and surveys, as far as they tell. Sizes decide where the new edition asks for
    them: a comprehensive park of less than 10 ha becomes a community park, below 1 ha a small
    garden. Rows of one ``name`` and class within 100 m of each other are one park.

    Parameters
    ----------
    green
        Parcels with codes in a column ``class``, in any CRS.
    from_edition
        ``"2002"``, ``"land_sea_use"`` (1401, 1402, 1403 of 用地用海分类) or ``"third_survey"``
        (DLBM of 三调).
    to_edition
        ``"2017"``.
    residential
        Residential land: a garden of an estate (G122) that lies mostly in it becomes attached
        green (RG); without it all of them become G14, and are told.
    construction_land
        A scenic park (G135) that lies mostly outside it becomes EG11; without it none does.
    built_up
        Tell the green-space ratio before and after.
    crs
        Measuring CRS; default: that of `green` where it may measure.

    Returns
    -------
    GeoDataFrame
        The parcels as they were given, with new codes in ``class`` and the old ones in
        ``class_before``; ``attrs["findings"]`` counts every change, its area in m2, and says
        what somebody should look at.

    Raises
    ------
    ColumnError
        A code is missing, not listed, or has no class in the 2017 edition: names rows and reason.
    InputError
        The editions cannot be converted: 2017 does not lead back to 2002.
    CrsError, GeometryError
        As in `green_coverage`.

    References
    ----------
    docs/explanation/what_counts_as_green.md; definitions/classes/edition_2002_2017.toml

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> old = gpd.GeoDataFrame({"class": ["G111", "G2", "G3"]}, crs=6933,
    ...     geometry=[box(0, 0, 400, 250), box(500, 0, 600, 100), box(700, 0, 800, 100)])
    >>> new = convert_classes(old, from_edition="2002")
    >>> new["class"].tolist()
    ['G11', 'EG4', 'G2']
    >>> [item.count for item in new.attrs["findings"] if item.code == "class_changed"]
    [1, 1, 1]
    """
    changes = read_class_changes()
    _require_way(from_edition, to_edition, tuple(changes.schemes))
    ready = Ready(None if crs is None else parse_crs(crs), green, "green")
    frame = ready.layer(green, "green", overlaps=False, keep_rows=True)
    _require_codes(frame)
    if from_edition in changes.schemes:
        codes, told = recoded_land_use(frame, changes.schemes[from_edition])
    else:
        _require_listed(frame, coded_table(frame, from_edition, "green"))
        place = Place(
            in_homes=_mostly_in(frame, residential, ready, "residential"),
            outside=_mostly_outside(frame, construction_land, ready),
        )
        codes, told = recoded(frame, changes, place)
    effect: tuple[Finding, ...] = ()
    if built_up is not None and from_edition == OLDER:
        effect = _effect(frame, codes, ready, built_up, construction_land)
    new = green.copy() if hasattr(green, "columns") else frame.copy()
    new["class_before"] = [spell(code) for code in new["class"]]
    new["class"] = codes
    new.attrs["findings"] = (*ready.findings, *told, *effect)
    return new


def _require_way(source: str, target: str, schemes: tuple[str, ...]) -> None:
    known = (OLDER, *schemes)
    if source in known and target == NEWEST:
        return
    back = source == NEWEST
    problem = (
        NOT_INVERTIBLE
        if back
        else Text(
            zh=f"不能由“{source}”转换为“{target}”。",
            en=f"There is no way from '{source}' to '{target}'.",
        )
    )
    raise InputError(
        problem.zh,
        problem.en,
        remedy=Text(
            zh=f"可由 {'、'.join(known)} 转为 {NEWEST}。",
            en=f"From {', '.join(known)} to {NEWEST}.",
        ),
        expected=known,
        found=(source, target),
    )


def _require_codes(frame: gpd.GeoDataFrame) -> None:
    if "class" in frame.columns:
        return
    columns = tuple(map(str, frame.columns))
    raise ColumnError(
        "绿地没有字段 class。",
        "The green parcels have no column class.",
        remedy=Text(
            zh=f"请把分类字段改名为 class；现有字段：{'、'.join(columns)}。",
            en=f"Rename the column of codes to class; there are: {', '.join(columns)}.",
        ),
        layer="green",
        column="class",
        found=columns,
    )


def _require_listed(frame: gpd.GeoDataFrame, table: ClassTable) -> None:
    """Refuse codes that only begin as listed ones do: what becomes of them nobody can tell."""
    odd = ~np.array([table.known(code) for code in frame["class"]], dtype=bool)
    if not odd.any():
        return
    listed = ", ".join(sorted({spell(code) for code in frame["class"][odd]}))
    raise ColumnError(
        f"CJJ/T 85-{table.edition} 没有列出代码 {listed}，无法转换。",
        f"CJJ/T 85-{table.edition} does not list the codes {listed}: they lead nowhere.",
        remedy=Text(
            zh="请改成该版列出的代码，再转换。",
            en="Write codes that this edition lists, then convert.",
        ),
        layer="green",
        column="class",
        rows=frame.index[odd],
        found=listed,
    )


def _mostly_in(frame: gpd.GeoDataFrame, layer: Layer | None, ready: Ready, name: str) -> Any:
    """Return which parcels lie more than half in a layer, ``None`` where there is none."""
    if layer is None:
        return None
    ground = ready.layer(layer, name, overlaps=False).geometry.to_numpy()
    shapes = frame.geometry.to_numpy()
    return covered_area(ground, shapes) > frame.area.to_numpy() / 2


def _mostly_outside(frame: gpd.GeoDataFrame, layer: Layer | None, ready: Ready) -> Any:
    inside = _mostly_in(frame, layer, ready, "construction_land")
    return None if inside is None else ~inside


def _effect(
    frame: gpd.GeoDataFrame,
    codes: list[str],
    ready: Ready,
    built_up: Layer,
    construction_land: Layer | None,
) -> tuple[Finding, ...]:
    """Return what the change of codes does to the green-space ratio."""
    ground = ready.dissolved(built_up, "built_up")
    land = None
    if construction_land is not None:
        land = ready.dissolved(construction_land, "construction_land")
    values = []
    for parcels, edition in ((frame, OLDER), (frame.assign(**{"class": codes}), NEWEST)):
        parts = split_green(parcels, ground, land, read_classes(edition))
        ratio = green_space_ratio(
            parts.inside, parts.adjacent, ground, other_green_cap=OTHER_GREEN_CAP, crs=ready.crs
        )
        values.append(ratio.value)
    if np.isnan(values).any():
        return ()
    before, after = values
    text = Text(
        zh=f"绿地率由 {before:.2%}（2002 版）变为 {after:.2%}（2017 版）。",
        en=f"The green-space ratio goes from {before:.2%} (2002) to {after:.2%} (2017).",
    )
    return (
        Finding(
            code="class_change_effect",
            text=text,
            severity="warning" if after < before else "note",
            layer="green",
            indicators=("green_space_ratio",),
        ),
    )
