"""Interactive layers: what of a check an interactive map shows, and the numbers beside it.

Question   Which layers does this check give, how are they drawn, and what is told of each shape?
Enters     A Check and a language.
Leaves     Layers from the lowest to the uppermost; their numbers are those of check.json.
Elsewhere  The words around the map: interactive. Numbers as words: display, rows, ledgers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from greenspace.model.green_line import STATUSES
from greenspace.present import style
from greenspace.present.display import show
from greenspace.present.interactive_numbers import (
    exact,
    numbers_of_city,
    numbers_of_ledger,
    numbers_of_zones,
)
from greenspace.present.interactive_shapes import covered_area, dimension_of
from greenspace.present.interactive_view import Fact, ViewLayer
from greenspace.present.interactive_words import page_word
from greenspace.present.ledgers import cell_text, is_nothing
from greenspace.present.maps import residential_halves
from greenspace.present.words import clean, layer_name, word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from greenspace.model.check import Check
    from greenspace.model.green_line import Status
    from greenspace.model.words import Language

    Shapes = NDArray[np.object_]

COLUMNS: Final = ("status", "class", "class_name", "kind", "width", "age", "dbh", "crown")
COUNTS: Final = {"population": "person", "households": "count"}
LEDGERS: Final = {"communities": "communities", "parks": "parks", "residential": "estates"}
OF_CITY: Final = ("communities", "green_lines")  # read for the check, and not among its layers
HOMES: Final = ("served", "unserved")
INSIDE: Final = ("districts", *HOMES, "lost_on_foot")  # cut to the built-up area


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a layer is shown: its look, its group in the legend, and whether it is on at first."""

    key: str
    group: str
    look: Mapping[str, Any] = field(default_factory=dict)
    shown: bool = True


def _area(colour: str | None, line: str, width: float = 0.7, **more: Any) -> dict[str, Any]:
    return {"fill_color": colour, "line_color": line, "line_width": width, **more}


PLANS: Final = (  # the lowest first
    Plan(key="water", group="others", look=_area(style.WATER, "#6f9db5")),
    Plan(key="green", group="green"),
    Plan(key="residential", group="service", look=_area("#f3d9c4", "#b08968", fill_alpha=0.35)),
    Plan(
        key="service_area",
        group="service",
        look=_area("#dfeaf5", style.SERVICE, line_dash="dashed", fill_alpha=0.55),
        shown=False,
    ),
    Plan(key="served", group="service", look=_area(style.SERVED, "#4c7396")),
    Plan(
        key="unserved",
        group="service",
        look=_area(style.UNSERVED, "#5a2408", hatch_pattern="/", hatch_color="#5a2408"),
    ),
    Plan(
        key="service_area_on_foot",
        group="service",
        look=_area("#e4def2", "#6a51a3", line_dash="dashed", fill_alpha=0.55),
        shown=False,
    ),
    Plan(
        key="lost_on_foot",
        group="service",
        look=_area(style.LOST, "#7a5c00", hatch_pattern=".", hatch_color="#7a5c00"),
        shown=False,
    ),
    Plan(key="parks", group="green", look=_area(None, "#145c22", 2.2)),
    Plan(key="roads", group="others", look={"line_color": "#a9a294", "line_width": 1.6}),
    Plan(key="shaded", group="others", look={"line_color": style.VEGETATION, "line_width": 3.2}),
    Plan(key="communities", group="boundaries", look=_area(None, "#8a6bb0", 1.2), shown=False),
    Plan(
        key="districts",
        group="boundaries",
        look=_area(None, style.DISTRICT, 1.6, line_dash="dashdot"),
    ),
    Plan(key="centre", group="boundaries", look=_area(None, "#1f4e8c", 2), shown=False),
    Plan(key="built_up", group="boundaries", look=_area(None, style.BUILT_UP, 2.6)),
    Plan(key="green_lines", group="boundaries", look=_area(None, "#00843d", 2.6)),
    Plan(
        key="old_trees",
        group="others",
        look={"fill_color": "#1e5a32", "line_color": style.INK, "size": 8},
    ),
)


def check_layers(check: Check, language: Language) -> list[ViewLayer]:
    """Return every layer that the check gives, the lowest first."""
    found: list[ViewLayer] = []
    for plan in PLANS:
        frame = _frame(check, plan.key)
        if frame is None:
            continue
        if plan.key == "green":
            found += _green(check, frame, language)
        elif plan.key == "green_lines":
            found += _lines(check, frame, plan, language)
        else:
            found += _apart(check, frame, plan, language)
    return found


def _apart(
    check: Check, frame: gpd.GeoDataFrame, plan: Plan, language: Language
) -> Iterator[ViewLayer]:
    """Give a layer; one that holds land, lines and points gives one of each, since each is drawn."""
    held = shapely.get_dimensions(frame.geometry.to_numpy())
    for place, dimension in enumerate(sorted(set(held.tolist()), reverse=True)):
        look = {name: value for name, value in plan.look.items() if name != "size" or not dimension}
        if dimension == 1:
            look = {name: value for name, value in look.items() if name.startswith("line")}
        key = plan.key if place == 0 else f"{plan.key}_{place}"
        yield _layer(check, frame[held == dimension], plan, language, look=look, key=key)


def sizes(shapes: Shapes, language: Language, area: str = "area") -> Fact | None:
    """Return area or length of each shape as it is, before anything is simplified.

    `area` is the word of the page for it, which says whether the shapes are cut.
    """
    dimension = dimension_of(shapes)
    if dimension == 0:
        return None
    measured = shapely.area(shapes) if dimension > 1 else shapely.length(shapes)
    key, unit = (area, "m2") if dimension > 1 else ("length", "m")
    return Fact(
        label=page_word(key, language),
        shown=[cell_text(float(value), unit, language) for value in measured],
        exact=[f"{exact(value)} {'m²' if unit == 'm2' else 'm'}" for value in measured],
    )


def _frame(check: Check, key: str) -> gpd.GeoDataFrame | None:
    """Return a layer of the check, in its CRS, without rows that have no shape."""
    name = "roads" if key == "shaded" else key
    frame = check.layers.get(name)
    if frame is None and name in OF_CITY:
        frame = check.city.layers.get(name)
        if frame is not None and frame.crs != check.crs:
            frame = None if frame.crs is None or check.crs is None else frame.to_crs(check.crs)
    if frame is None:
        return None
    if name == "roads" and ("shaded" in frame.columns or key == "shaded"):
        told = frame["shaded"].eq(True) if "shaded" in frame.columns else None  # noqa: FBT003
        frame = frame.iloc[:0] if told is None else frame[told if key == "shaded" else ~told]
    shapes = frame.geometry.to_numpy()
    frame = frame[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    return None if frame.empty else frame


def _layer(
    check: Check,
    frame: gpd.GeoDataFrame,
    plan: Plan,
    language: Language,
    title: str = "",
    *,
    look: Mapping[str, Any] | None = None,
    key: str = "",
) -> ViewLayer:
    return ViewLayer(
        key=key or plan.key,
        title=title or _title(plan.key, language),
        shapes=frame.geometry.to_numpy(),
        look=plan.look if look is None else look,
        names=_names(frame),
        facts=list(_facts(check, frame, plan.key, language)),
        told=_told(check, frame, plan.key, language),
        group=page_word(plan.group, language),
        shown=plan.shown,
        places=() if plan.key in {"districts", "built_up"} else _places(check, frame),
    )


def _places(check: Check, frame: gpd.GeoDataFrame) -> list[str]:
    """Return the name of the district that each shape has a point in."""
    districts = check.layers.get("districts")
    if districts is None or "name" not in districts.columns:
        return []
    zones, names = districts.geometry.to_numpy(), _called(districts["name"])
    spots = shapely.point_on_surface(frame.geometry.to_numpy())
    found = [""] * len(frame)
    for row, zone in zip(*shapely.STRtree(zones).query(spots, "intersects"), strict=True):
        found[row] = found[row] or names[zone]
    return found


def _green(check: Check, green: gpd.GeoDataFrame, language: Language) -> Iterator[ViewLayer]:
    """Give the parcels of each class."""
    edition = check.city.editions.get("green")
    found = np.array(style.majors(green, edition))
    for code in [*style.FILLS.get(edition or "", {}), ""]:
        mine = green[found == code]
        if mine.empty:
            continue
        fill = style.fill_of(code, edition)
        look = _area(fill.colour, style.INK, 0.4)
        if fill.hatch:
            look |= {"hatch_pattern": fill.hatch[0], "hatch_color": style.INK, "hatch_alpha": 0.6}
        plan = Plan(key=f"green_{code or 'other'}", group="green", look=look)
        yield _layer(check, mine, plan, language, f"{code} {fill.name.of(language)}".strip())


def _lines(
    check: Check, lines: gpd.GeoDataFrame, plan: Plan, language: Language
) -> Iterator[ViewLayer]:
    """Give the green lines of each status, in its line type."""
    status = lines["status"] if "status" in lines.columns else lines.index.map(lambda _: "")
    told = np.array([clean(value) for value in status], dtype=object)
    for place, value in enumerate(dict.fromkeys(told)):
        known = _status(value)
        look = dict(plan.look) | ({} if known is None else {"line_dash": known.line})
        mine = Plan(key=f"green_lines_{place}", group=plan.group, look=look)
        said = value
        if known is not None and language != "zh":
            said = known.title.of(language)
        title = layer_name("green_lines", language) + (f" · {said}" if said else "")
        if known is not None and value in STATUSES:
            title = known.title.of(language)
        yield _layer(check, lines[told == value], mine, language, title)


def _status(text: str) -> Status | None:
    """Return the status that a file means, by its id or by how its Chinese name begins.

    Examples
    --------
    >>> _status("planned").line, _status("现状").line, _status("")
    ('dashed', 'solid', None)
    """
    said = text.lower()
    return next(
        (
            known
            for key, known in STATUSES.items()
            if said and (said == key or known.title.zh.startswith(said))
        ),
        None,
    )


def _title(key: str, language: Language) -> str:
    if key in {"shaded", "residential"}:
        return page_word(key, language)
    if key in {"parks", "service_area", "lost_on_foot", "service_area_on_foot", *HOMES}:
        return word(key, language)
    return layer_name(key, language)


def _names(frame: gpd.GeoDataFrame) -> list[str]:
    """Return what each row is called: its number, where it has one, and its name."""
    parts = [frame[column] for column in ("number", "name") if column in frame.columns]
    return [
        clean(" ".join(str(value) for value in row if not is_nothing(value)))
        for row in zip(*parts, strict=True)
    ]


def _called(names: pd.Series) -> list[str]:
    return ["" if is_nothing(name) else clean(name) for name in names]


def _facts(check: Check, frame: gpd.GeoDataFrame, key: str, language: Language) -> Iterator[Fact]:
    """Give what the rows say of themselves, their size, and every number measured of them."""
    for column in (*COLUMNS, *COUNTS):
        if column in frame.columns:
            texts = [cell_text(each, COUNTS.get(column, ""), language) for each in frame[column]]
            if any(texts):
                yield Fact(label=page_word(column, language), shown=texts)
    metres = check.crs is not None and not check.crs.is_geographic
    area = "area"
    if "built_up" in check.layers and key != "built_up":
        area = "area_inside" if key in INSIDE else "area_whole"
    size = sizes(frame.geometry.to_numpy(), language, area) if metres else None
    if size is not None:
        yield size
    if key == "built_up":
        yield from numbers_of_city(check, language)
    named = _called(frame["name"]) if "name" in frame.columns else []
    if key == "districts":
        yield from numbers_of_zones(check, named, language)
    ledger = next((item for item in check.ledgers if item.id == LEDGERS.get(key)), None)
    if ledger is not None and named:
        aside = {"name", "area_m2", *COLUMNS, *COUNTS}
        yield from numbers_of_ledger(ledger, named, aside, language)


def _told(check: Check, frame: gpd.GeoDataFrame, key: str, language: Language) -> str:
    """Return count and size of a layer; of residential land those of the numbers."""
    shapes, count = frame.geometry.to_numpy(), len(frame)
    halves = residential_halves(check)
    if key in halves:
        return show(halves[key], "m2", language)
    if check.crs is None or check.crs.is_geographic or key in {"built_up", "districts"}:
        return ""
    dimension = dimension_of(shapes)
    if dimension == 0:
        return page_word("trees", language).format(count=count)
    if dimension == 1:
        length = f"{float(shapely.length(shapes).sum()) / 1000:,.2f} km"
        return counted(count, length, "pieces", language)
    area = show(covered_area(shapes), "m2", language)
    return counted(count, area, "parcels", language)


def counted(count: int, size: str, kind: str, language: Language) -> str:
    """Return how many there are and how much, for the legend."""
    return page_word(kind, language).format(count=count, size=size)
