"""Tree theme: old trees by grade, the ground protected around them, and what is built on it.

Question   Which old trees stand where, of which grade, and whose zone is in the way of a project?
Enters     A Check or TreeZones, and the scheme that grades by age.
Leaves     A Theme.
Elsewhere  Drawing the zones: delimit/old_trees. The report's sheet of trees: theme_maps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from greenspace.errors import InputError
from greenspace.model.check import Check
from greenspace.model.words import Text
from greenspace.present.check_themes import backdrop_rows
from greenspace.present.looks import looks_of
from greenspace.present.map_base import (
    Layers,
    extent_of,
    facts_of,
    has_layer,
    hold,
    require_layer,
    source_names,
)
from greenspace.present.theme import LegendRow, SheetFacts, Theme
from greenspace.present.theme_words import THEME_WORDS, filled, theme_word
from greenspace.present.words import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import geopandas as gpd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from greenspace.model.old_trees import TreeScheme
    from greenspace.model.tree_zones import TreeZones
    from greenspace.model.words import Language
    from greenspace.present.looks import Look
    from greenspace.present.map_base import Layered
    from greenspace.present.theme import Palette

    Shapes = NDArray[Any]

TITLE: Final = "old_tree_map"
GIVEN: Final = ("old_trees", "construction", "road_widening", "buildings")
AROUND_M: Final = 60.0  # of the outermost tree


def tree_theme(
    result: Check | TreeZones,
    scheme: TreeScheme,
    *,
    city: str = "",
    date: date | None = None,
    report: Mapping[str, str] | None = None,
    sources: tuple[str | Text, ...] = (),
    backdrop: Mapping[str, gpd.GeoDataFrame] | None = None,
) -> Theme:
    """Return the old trees, graded by age under a scheme.

    `backdrop` are layers of the city, in the CRS of the zones, to be drawn below them.

    Raises
    ------
    InputError
        There are no old trees.
    """
    sure = scheme.mark == "verified"
    name = scheme.name if sure else filled("weak_scheme", name=scheme.name)
    note = filled("tree_scheme", name=name)
    if isinstance(result, Check):
        trees = require_layer(result, "old_trees")
        shapes, ages = trees.geometry.to_numpy(), _ages(result, trees)
        grades = _listed(result, scheme, ages)
        facts = facts_of(result, TITLE, (note,))
        bounds = hold(extent_of(result), _about(shapes))
        below: Layered = result
    else:
        trees = result.trees
        if trees.empty:
            raise _no_trees()
        shapes, ages = trees.geometry.to_numpy(), trees["age"].to_numpy(dtype=float)
        famous = trees["famous"].eq(True) if "famous" in trees else [False] * len(trees)  # noqa: FBT003
        grades = [
            scheme.grade(age, famous=bool(known)) for age, known in zip(ages, famous, strict=True)
        ]
        facts = SheetFacts(
            city=clean(city),
            title=THEME_WORDS[TITLE],
            date=date,
            sources=sources or source_names(result.sources, GIVEN),
            crs=result.crs,
            standard=THEME_WORDS["tree_rule"],
            remarks=(note,),
            report=report or {},
        )
        bounds = _about(np.concatenate([shapes, result.zones.geometry.to_numpy()]))
        below = Layers(backdrop or {})

    def draw(ax: Axes, language: Language, palette: Palette) -> list[LegendRow]:
        looks = looks_of("trees", palette)
        outline = backdrop_rows(below, ax, language)
        rows = _draw_trees(ax, shapes, ages, grades, scheme, looks, language)
        if not isinstance(result, Check):
            rows += _draw_zones(ax, result, looks, language)
            rows += _draw_roads(ax, below, looks, language)
        return rows + outline

    return Theme(key="trees", facts=facts, bounds=bounds, draw=draw)


def _draw_roads(
    ax: Axes, below: Layered, looks: Mapping[str, Look], language: Language
) -> list[LegendRow]:
    if not has_layer(below, "roads"):
        return []
    sample = looks["road"].draw(ax, below.layers["roads"].geometry.to_numpy(), zorder=2.8)
    return [LegendRow(handle=sample, label=theme_word("road", language))]


def _no_trees() -> InputError:
    return InputError(
        "没有古树名木，无法绘制此图。",
        "There are no old trees to draw this map from.",
        remedy=Text("请在清单中加入该图层。", "Name that layer in the manifest."),
        layer="old_trees",
    )


def _draw_trees(
    ax: Axes,
    shapes: Shapes,
    ages: NDArray[np.float64],
    grades: Sequence[Text | None],
    scheme: TreeScheme,
    looks: Mapping[str, Look],
    language: Language,
) -> list[LegendRow]:
    """Draw each grade with a mark of its own, the highest on top."""
    kinds: list[tuple[str, str, NDArray[np.bool_]]] = []
    known = {f"grade_{place}": grade for place, (_, grade) in enumerate(scheme.grades, 1)}
    if scheme.famous is not None and scheme.famous not in known.values():
        known["famous"] = scheme.famous
    for key, grade in known.items():
        own = np.array([mine is not None and mine == grade for mine in grades], dtype=bool)
        label = grade.of(language)
        if language == "en" and set(label) <= set("IV"):
            label = f"grade {label}"
        kinds.append((key, label, own))
    young = np.array([mine is None for mine in grades], dtype=bool)
    unknown = np.isnan(ages) & young
    kinds.append(("no_grade", theme_word("no_grade", language), young & ~unknown))
    kinds.append(("no_age", theme_word("no_age", language), unknown))
    rows = []
    for order, (key, label, own) in enumerate(kinds):
        if own.any():
            sample = looks[key].draw(ax, shapes[own], zorder=9 - order / 10)
            count = int(own.sum())
            rows.append(
                LegendRow(handle=sample, label=label, count=count, of="tree", shapes=shapes[own])
            )
    return rows


def _draw_zones(
    ax: Axes, found: TreeZones, looks: Mapping[str, Look], language: Language
) -> list[LegendRow]:
    rows = []
    for order, (key, name) in enumerate((("zones", "tree_zone"), ("conflicts", "conflict"))):
        frame: gpd.GeoDataFrame = getattr(found, key)
        if frame.empty:
            continue
        look = looks[name.removeprefix("tree_")]
        ground = frame.geometry.to_numpy()
        sample = look.draw(ax, ground, zorder=3 + order)
        area = float(shapely.union_all(ground).area)
        label = theme_word(name, language)
        rows.append(
            LegendRow(handle=sample, label=label, count=len(frame), area_m2=area, shapes=ground)
        )
    return rows


def _ages(check: Check, trees: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Return the ages as the list of trees has them, else as they are written."""
    ledger = next((item for item in check.ledgers if item.id == "old_trees"), None)
    if ledger is not None and len(ledger.rows) == len(trees):
        return np.asarray(ledger.rows["age"], dtype=float)
    if "age" not in trees:
        return np.full(len(trees), np.nan)
    return np.asarray(pd.to_numeric(trees["age"], errors="coerce"), dtype=float)


def _listed(check: Check, scheme: TreeScheme, ages: NDArray[np.float64]) -> Sequence[Text | None]:
    """Return the grades as the list of trees has them, else by age alone."""
    ledger = next((item for item in check.ledgers if item.id == "old_trees"), None)
    if ledger is not None and len(ledger.rows) == len(ages) and scheme.id in ledger.rows:
        return [each if isinstance(each, Text) else None for each in ledger.rows[scheme.id]]
    return [scheme.grade(age) for age in ages]


def _about(shapes: Shapes) -> tuple[float, float, float, float]:
    west, south, east, north = map(float, shapely.total_bounds(shapes))
    return west - AROUND_M, south - AROUND_M, east + AROUND_M, north + AROUND_M
