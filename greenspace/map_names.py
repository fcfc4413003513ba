"""Map names: which map of which result goes by which name.

Question   What does the sheet ``service`` show, and of which result is it drawn?
Enters     A result and the name of a sheet.
Leaves     A Theme; or a refusal that lists the names.
Elsewhere  What a city must be measured for: city_maps. Writing: map_sheets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from greenspace.errors import InputError
from greenspace.model.change import ChangeTable
from greenspace.model.check import Check
from greenspace.model.green_line import GreenLines
from greenspace.model.layers import LAYERS
from greenspace.model.service_map import ServiceMap
from greenspace.model.tree_zones import TreeZones
from greenspace.model.words import Text
from greenspace.model.zoning import Zoning
from greenspace.plots import require, scheme_of
from greenspace.present.change_theme import change_theme
from greenspace.present.check_themes import green_space_theme, road_theme, service_theme
from greenspace.present.image_themes import image_theme, vegetation_theme
from greenspace.present.map_base import source_names
from greenspace.present.plan_maps import enclosed_roles, green_line_theme
from greenspace.present.tree_theme import tree_theme
from greenspace.present.words import clean
from greenspace.present.zoning_theme import zoning_theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from greenspace.model.city import City
    from greenspace.present.theme import Theme

SCHEME: Final = "city"
TREES: Final = ("old_trees", "construction", "road_widening")


def _green_line(result: Any) -> Theme:
    if is_plan(result):
        facts = city_facts(result.city, *enclosed_roles(result.city))
        return green_line_theme(result.lines, result.points, **facts)
    return green_line_theme(require(result, GreenLines))


def _trees(result: Any) -> Theme:
    if not is_plan(result):
        return tree_theme(require(result, Check, TreeZones), scheme_of(SCHEME))
    if result.trees is None:
        raise missing("old_trees")
    return tree_theme(result.trees, scheme_of(SCHEME), **city_facts(result.city, *TREES))


def _zoning(result: Any) -> Theme:
    if not is_plan(result):
        return zoning_theme(require(result, Zoning))
    if result.zoning is None:
        raise missing("park_zones", "park_boundary")
    return zoning_theme(result.zoning, **city_facts(result.city, "park_zones", "park_boundary"))


MAKERS: Final[dict[str, Callable[[Any], Theme]]] = {
    "green_line": _green_line,
    "green_space": lambda result: green_space_theme(require(result, Check)),
    "service": lambda result: service_theme(require(result, Check, ServiceMap)),
    "roads": lambda result: road_theme(require(result, Check)),
    "change": lambda result: change_theme(require(result, ChangeTable)),
    "trees": _trees,
    "zoning": _zoning,
    "image": lambda result: image_theme(require(result, Check)),
    "vegetation": lambda result: vegetation_theme(require(result, Check)),
}
SHEETS: Final = tuple(MAKERS)
ONLY: Final[dict[type, str]] = {  # the map of a result that has one
    GreenLines: "green_line",
    ServiceMap: "service",
    ChangeTable: "change",
    TreeZones: "trees",
    Zoning: "zoning",
}


def theme_of(result: Any, sheet: str | None = None) -> Theme:
    """Return the map of a result.

    Raises
    ------
    InputError
        There is no such map, or not of this result.
    """
    only = "green_line" if is_plan(result) else ONLY.get(type(result))
    name = only if sheet is None else sheet
    if name is None:
        require(result, Check, *ONLY)
    return MAKERS[named(name)](result)


def named(sheet: str | None) -> str:
    """Return the name of a map, which must be said.

    Raises
    ------
    InputError
        It is not, or there is none of this name.
    """
    if sheet is not None:
        return sheet_named(sheet)
    raise InputError(
        "未说明要哪一张图。",
        "Which map is wanted was not said.",
        remedy=_names(),
        expected=SHEETS,
    )


def sheet_named(name: str) -> str:
    """Return the name of a map.

    Raises
    ------
    InputError
        There is none of this name.

    Examples
    --------
    >>> sheet_named("service")
    'service'
    """
    if name in MAKERS:
        return name
    raise InputError(
        f"没有名为 {clean(name)} 的图。",
        f"There is no sheet called {clean(name)}.",
        remedy=_names(),
        expected=SHEETS,
        found=name,
    )


def is_plan(result: Any) -> bool:
    """Return whether a result is a green-line plan: lines with a city and points about them."""
    return isinstance(getattr(result, "lines", None), GreenLines)


def city_facts(city: City, *roles: str) -> dict[str, Any]:
    """Return what a sheet says of its city: name, date, title block, files."""
    return {
        "city": city.name,
        "date": city.date,
        "report": {key: clean(text) for key, text in city.report.items()},
        "sources": source_names(city.sources(*roles), LAYERS),
    }


def missing(*layers: str) -> InputError:
    """Return the refusal of a map whose layers a city lacks."""
    tables = [f"[layers.{name}]" for name in layers]
    return InputError(
        f"清单没有 {'、'.join(tables)}，无法绘制此图。",
        f"The manifest has no {' and '.join(tables)} to draw this map from.",
        remedy=Text("请在清单中加入该图层。", "Name it in the manifest."),
        layer=layers[0],
    )


def _names() -> Text:
    return Text(zh=f"可用的图名：{'、'.join(SHEETS)}。", en=f"There are {', '.join(SHEETS)}.")
