"""Greenland: green land that rules count by its class, and registers beside it.

Question   How much land do nurseries, protective belts and the six classes of 1993 take?
Enters     A Scope; or layers in any CRS.
Leaves     Ratios; for a city also its base tables of green land.
Elsewhere  The tables: green_ledgers. The green-space ratio of the built-up area: api, survey.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from greenspace.class_codes import coded_table
from greenspace.errors import ColumnError
from greenspace.green_ledgers import (
    green_parcel_ledgers,
    old_tree_ledger,
    register_total,
    unmeasured_register,
    vertical_greening_ledger,
)
from greenspace.holdings import Gathering
from greenspace.measure import class_areas
from greenspace.measure.class_areas import (
    OF_CITY_AREA,
    PRODUCTION,
    PROTECTIVE,
    RETURNED,
    VERTICAL,
)
from greenspace.model.check import Measured
from greenspace.model.crs import parse_crs
from greenspace.model.source import Source
from greenspace.model.words import Text
from greenspace.prepare.amounts_of_rows import amounts_of_rows
from greenspace.prepare.classify import unlisted_findings
from greenspace.prepare.overlaps import settle_overlaps
from greenspace.prepare.ready import Ready, warn_of_changes
from greenspace.read.definitions import read_classes
from greenspace.scope import no_layer

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.model.gauged import Gauged
    from greenspace.model.quantity import Ratio
    from greenspace.prepare.repair import Layer
    from greenspace.scope import Scope

NO_CODES = Text(
    zh="绿地图层没有分类代码（columns = { class = … } 和 edition），分不出这一类绿地。",
    en="The green parcels have no class codes (columns = { class = … } and edition), so this kind "
    "of green land cannot be told.",
)
NO_WALL_AREA = Text(
    zh='垂直绿化登记没有 area_m2 字段：墙面面积不能由其投影得出。请写 columns = { area_m2 = "…" }。',
    en="The register of vertical greening has no column area_m2: no projection tells the area of a "
    'wall. Write columns = { area_m2 = "…" }.',
)
WHEREVER = Text(
    zh="生产绿地可在建成区外，按全部面积计。",
    en="Nurseries may lie outside the built-up area; their whole area counts.",
)
LAYERS = ("green", "planned_green", "city_area", "returned_farmland", "vertical_greening")


def gauge_greenland(scope: Scope) -> Gauged:
    """Measure green land by class against what rules name, and list green parcels and old trees."""
    found = Gathering()
    for indicator, measure in (
        (PRODUCTION, _production),
        (PROTECTIVE, _protective),
        (OF_CITY_AREA, _of_city_area),
        (RETURNED, _returned),
        (VERTICAL, _vertical),
    ):
        with found.trying(indicator):
            measured = measure(scope)
            if isinstance(measured, Text):
                found.lack(measured, indicator)
                found.note(unmeasured_register(indicator, measured, scope.city.layers))
            else:
                found.note(register_total(measured))
                found.note(measured.findings)
                found.measured.append(Measured(ratio=measured))
    for make in (green_parcel_ledgers, old_tree_ledger, vertical_greening_ledger):
        with found.trying():
            ledgers, told = make(scope)
            found.ledgers += ledgers
            found.note(told)
    return found.gauged(*(name for name in (*LAYERS, "old_trees") if name in scope.city.layers))


def _first_missing(scope: Scope, *names: str) -> Text | None:
    return next((no_layer(name) for name in names if name not in scope.city.layers), None)


def _kind(scope: Scope, layer: str, kind: str) -> NDArray[Any] | Text:
    """Return the shapes of one kind of green land of a layer, or why they cannot be told."""
    frame, edition = scope.city.layers[layer], scope.city.editions.get(layer)
    if edition is None or "class" not in frame.columns:
        return NO_CODES
    ready = scope.terrain.ready.layer(frame, layer, overlaps=False)
    return shapes_of_kind(ready, edition, kind, layer)


def shapes_of_kind(frame: gpd.GeoDataFrame, edition: str, kind: str, layer: str) -> NDArray[Any]:
    """Return the shapes whose code is of a kind, such as production green.

    Ground that parcels of several classes claim belongs to the class of the stronger claim.

    Raises
    ------
    ColumnError
        A code is missing, or unknown in this edition.
    """
    table = coded_table(frame, edition, layer)
    chosen = np.array([table.is_of(kind, code) for code in frame["class"]], dtype=bool)
    priority = np.array([table.priority(code) for code in frame["class"]])
    shapes: NDArray[Any] = settle_overlaps(frame, priority).geometry.to_numpy()[chosen]
    return shapes


def _production(scope: Scope) -> Ratio | Text:
    lacking = _first_missing(scope, "built_up", "green")
    if lacking is not None:
        return lacking
    shapes = _kind(scope, "green", "production")
    if isinstance(shapes, Text):
        return shapes
    ratio = class_areas.production_green_share(
        shapes, scope.terrain.built_up, crs=scope.terrain.crs
    )
    inputs = scope.city.sources("green", "built_up")
    return ratio.with_sources(*inputs, Source(role="rule", name="production green", note=WHEREVER))


def _protective(scope: Scope) -> Ratio | Text:
    lacking = _first_missing(scope, "green", "planned_green")
    if lacking is not None:
        return lacking
    existing = _kind(scope, "green", "protective")
    planned = _kind(scope, "planned_green", "protective")
    if isinstance(existing, Text):
        return existing
    if isinstance(planned, Text):
        return planned
    ratio = class_areas.protective_green_implementation(existing, planned, crs=scope.terrain.crs)
    return ratio.with_sources(*scope.city.sources("green", "planned_green"))


def _of_city_area(scope: Scope) -> Ratio | Text:
    lacking = _first_missing(scope, "city_area", "green")
    if lacking is not None:
        return lacking
    shapes = _kind(scope, "green", "six_classes_1993")
    if isinstance(shapes, Text):
        return shapes
    ground = scope.terrain.ready.dissolved(scope.city.layers["city_area"], "city_area")
    ratio = class_areas.green_space_ratio_of_city_area(shapes, ground, crs=scope.terrain.crs)
    rule = _six_classes(scope.city.editions["green"])
    return ratio.with_sources(*scope.city.sources("green", "city_area"), rule)


def _six_classes(edition: str) -> Source:
    kind = read_classes(edition).kinds["six_classes_1993"]
    return Source(role="rule", name=f"CJJ/T 85-{edition}: {', '.join(kind.codes)}", note=kind.note)


def _returned(scope: Scope) -> Ratio | Text:
    layer = scope.city.layers.get("returned_farmland")
    if layer is None:
        return no_layer("returned_farmland")
    frame = scope.terrain.ready.layer(layer, "returned_farmland")
    ratio = class_areas.returned_farmland_area(frame.geometry.to_numpy(), crs=scope.terrain.crs)
    return ratio.with_sources(*scope.city.sources("returned_farmland"))


def _vertical(scope: Scope) -> Ratio | Text:
    layer = scope.city.layers.get("vertical_greening")
    if layer is None:
        return no_layer("vertical_greening")
    if "area_m2" not in layer.columns:
        return NO_WALL_AREA
    areas, told = amounts_of_rows(layer["area_m2"], "vertical_greening")
    ratio = class_areas.vertical_greening_area(np.nan_to_num(areas)).with_findings(*told)
    return ratio.with_sources(*scope.city.sources("vertical_greening"))


def production_green_share(
    green: Layer, built_up: Layer, *, edition: str, crs: Any = None
) -> Ratio:
    """Measure production green land against the built-up area (生产绿地占建成区面积比例).

    ``area(union(nurseries)) / area(built_up)``, 2 % in the rule of 2000 [22]. Nurseries are
    class G2 of CJJ/T 85-2002 and EG4 of CJJ/T 85-2017, and may lie outside the built-up area:
    their whole area counts.

    Parameters
    ----------
    green
        Green parcels with codes in a column ``class``.
    built_up
        The built-up area, dissolved here.
    edition
        ``"2002"`` or ``"2017"``.
    crs
        Measuring CRS; default: that of `built_up` where it may measure.

    Returns
    -------
    Ratio
        Halves in m2, value 0 or more.

    Raises
    ------
    ColumnError
        There are no codes, or one is unknown in this edition.
    CrsError, GeometryError
        As in `green_coverage`.

    References
    ----------
    docs/explanation/what_counts_as_green.md

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> town = gpd.GeoSeries([box(0, 0, 10, 10)], crs=6933)
    >>> green = gpd.GeoDataFrame({"class": ["EG4", "G1"]}, crs=6933,
    ...     geometry=[box(20, 0, 22, 1), box(0, 0, 5, 5)])
    >>> production_green_share(green, town, edition="2017").value
    0.02
    """
    ready = Ready(None if crs is None else parse_crs(crs), built_up, "built_up")
    ground = ready.dissolved(built_up, "built_up")
    shapes, table_findings = _asked(ready, green, edition, "production", "green")
    ratio = class_areas.production_green_share(shapes, ground, crs=ready.crs)
    return _with_all(ratio, ready, table_findings)


def protective_green_implementation(
    green: Layer,
    planned_green: Layer,
    *,
    edition: str,
    planned_edition: str | None = None,
    crs: Any = None,
) -> Ratio:
    """Measure how much of the planned protective green land exists (防护绿地实施率).

    ``area(existing ∩ planned) / area(planned)``: only what exists where it is planned counts.
    Protective green is class G3 of CJJ/T 85-2002 and G2 of CJJ/T 85-2017.

    Parameters
    ----------
    green, planned_green
        Parcels with codes in a column ``class``.
    edition
        Of `green`, and of the plan where `planned_edition` does not say otherwise.
    crs
        Measuring CRS; default: that of `planned_green` where it may measure.

    Returns
    -------
    Ratio
        Halves in m2, values 0 to 1; undefined where no protective green is planned.

    Raises
    ------
    ColumnError
        There are no codes, or one is unknown in its edition.
    CrsError, GeometryError
        As in `green_coverage`.

    References
    ----------
    The formula is from memory (provisional): docs/explanation/what_counts_as_green.md.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> plan = gpd.GeoDataFrame({"class": ["G3"]}, geometry=[box(0, 0, 10, 1)], crs=6933)
    >>> there = gpd.GeoDataFrame({"class": ["G2"]}, geometry=[box(5, 0, 20, 1)], crs=6933)
    >>> protective_green_implementation(there, plan, edition="2017", planned_edition="2002").value
    0.5
    """
    asked = None if crs is None else parse_crs(crs)
    ready = Ready(asked, planned_green, "planned_green")
    plan = planned_edition or edition
    planned, told = _asked(ready, planned_green, plan, "protective", "planned_green")
    existing, more = _asked(ready, green, edition, "protective", "green")
    ratio = class_areas.protective_green_implementation(existing, planned, crs=ready.crs)
    return _with_all(ratio, ready, (*told, *more))


def green_space_ratio_of_city_area(
    green: Layer, city_area: Layer, *, edition: str, crs: Any = None
) -> Ratio:
    """Measure the green-space ratio of 1993, over the city area (not the built-up area).

    ``area(six classes ∩ city area) / area(city area)`` of 建城[1993]784号 [9]. Which codes stand
    for the six classes is in the class tables, and is provisional: in 2002 G1 to G5, in 2017
    G1, G2, attached green, EG1 and EG4.

    Parameters
    ----------
    green
        Green parcels with codes in a column ``class``; overlaps count once.
    city_area
        The administrative area, dissolved here.
    edition
        ``"2002"`` or ``"2017"``.
    crs
        Measuring CRS; default: that of `city_area` where it may measure.

    Returns
    -------
    Ratio
        Halves in m2, values 0 to 1.

    Raises
    ------
    ColumnError
        There are no codes, or one is unknown in this edition.
    CrsError, GeometryError
        As in `green_coverage`.

    References
    ----------
    docs/explanation/what_counts_as_green.md

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> area = gpd.GeoSeries([box(0, 0, 20, 20)], crs=6933)
    >>> green = gpd.GeoDataFrame({"class": ["EG4", "G1", "EG2"]}, crs=6933,
    ...     geometry=[box(0, 0, 5, 4), box(4, 0, 9, 4), box(9, 9, 19, 19)])
    >>> green_space_ratio_of_city_area(green, area, edition="2017").value
    0.09
    """
    ready = Ready(None if crs is None else parse_crs(crs), city_area, "city_area")
    ground = ready.dissolved(city_area, "city_area")
    shapes, told = _asked(ready, green, edition, "six_classes_1993", "green")
    ratio = class_areas.green_space_ratio_of_city_area(shapes, ground, crs=ready.crs)
    return _with_all(ratio, ready, told).with_sources(_six_classes(edition))


def _asked(ready: Ready, layer: Layer, edition: str, kind: str, name: str) -> Any:
    """Return the shapes of a kind of a caller's layer, and what is odd about their codes."""
    frame = ready.layer(layer, name)
    if "class" not in frame.columns:
        columns = tuple(map(str, frame.columns))
        raise ColumnError(
            f"{name} 没有字段 class（CJJ/T 85 代码）。",
            f"{name} has no column class with codes of CJJ/T 85.",
            remedy=Text(
                zh=f"请把分类字段改名为 class；现有字段：{'、'.join(columns)}。",
                en=f"Rename the column of codes to class; there are: {', '.join(columns)}.",
            ),
            layer=name,
            column="class",
            found=columns,
        )
    told = unlisted_findings(frame["class"], read_classes(edition), name)
    return shapes_of_kind(frame, edition, kind, name), told


def _with_all(ratio: Ratio, ready: Ready, told: Any) -> Ratio:
    warn_of_changes(ready.findings)
    return ratio.with_sources(*ready.sources).with_findings(*ready.findings, *told)
