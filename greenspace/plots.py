"""Plots: one function a map, for notebooks and figures of one's own.

Question   How does this result look on a map, in my figure or on a page of its own?
Enters     Results: a Check, green lines, tree zones, changes, zones.
Leaves     Axes.
Elsewhere  Drawing: present/. Sheets on paper, as files: map_sheets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from greenspace.errors import InputError
from greenspace.model.change import ChangeTable
from greenspace.model.check import Check
from greenspace.model.green_line import GreenLines
from greenspace.model.service_map import ServiceMap
from greenspace.model.tree_zones import TreeZones
from greenspace.model.words import Text
from greenspace.model.zoning import Zoning
from greenspace.present.change_theme import change_theme
from greenspace.present.check_themes import green_space_theme, road_theme, service_theme
from greenspace.present.plan_maps import green_line_theme
from greenspace.present.theme_view import show_theme
from greenspace.present.tree_theme import tree_theme
from greenspace.present.zoning_theme import zoning_theme
from greenspace.read.old_trees import read_tree_schemes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from greenspace.model.control_points import ControlPoints
    from greenspace.model.old_trees import TreeScheme
    from greenspace.model.words import Language
    from greenspace.present.theme import Palette


def plot_green_lines(
    lines: GreenLines,
    *,
    points: ControlPoints | None = None,
    ax: Axes | None = None,
    language: Language = "zh",
    palette: Palette = "standard",
) -> Axes:
    """Draw the green-line plan (绿线规划图).

    Existing lines are solid, planned ones dashed, ecological control lines dash-dot, as
    GB/T 51163-2016 has them; ground is filled by category. Numbers never lie on one another: one
    that finds no room is left out, and a note on the map counts them.

    Parameters
    ----------
    lines
        What `gs.green_lines` returned.
    points
        What `gs.control_points` returned: drawn where the scale keeps them 5 points apart.
    ax
        Axes to draw on; default: a page of its own with title, legend, notes.
    language
        ``"zh"`` or ``"en"``.
    palette
        ``"standard"``, or ``"safe"`` for readers who confuse colours.

    Returns
    -------
    Axes
        The Axes given, or those of the page. The legend has counts, and areas in hectares with
        overlaps counted once.

    Raises
    ------
    InputError
        There is no line, or it is another kind of result.

    References
    ----------
    GB/T 51163-2016; docs/how_to/maps.md

    Examples
    --------
    >>> plot_green_lines("lines.gpkg")
    Traceback (most recent call last):
    greenspace.errors.InputError: This map is drawn of GreenLines, not of str. ...
    """
    found = require(lines, GreenLines)
    return show_theme(green_line_theme(found, points), ax, language=language, palette=palette)


def plot_green_space(
    check: Check,
    *,
    ax: Axes | None = None,
    language: Language = "zh",
    palette: Palette = "standard",
) -> Axes:
    """Draw the green parcels by class (绿地分类图).

    Parameters
    ----------
    check
        What `gs.check` returned.
    ax, language, palette
        As in `plot_green_lines`.

    Returns
    -------
    Axes
        Counts and areas of each class, overlaps within a class once, and what of it lies in the
        built-up area: for parks that is the numerator of the park area per head.

    Raises
    ------
    InputError
        The check holds no green parcels, or it is another kind of result.

    References
    ----------
    CJJ/T 85; docs/how_to/maps.md

    Examples
    --------
    >>> plot_green_space("city.toml")
    Traceback (most recent call last):
    greenspace.errors.InputError: This map is drawn of Check, not of str. ...
    """
    theme = green_space_theme(require(check, Check))
    return show_theme(theme, ax, language=language, palette=palette)


def plot_service(
    result: Check | ServiceMap,
    *,
    ax: Axes | None = None,
    language: Language = "zh",
    palette: Palette = "standard",
) -> Axes:
    """Draw the service areas of parks and the residential land outside them (公园绿地服务范围图).

    Parameters
    ----------
    result
        What `gs.check` returned, or a ServiceMap.
    ax, language, palette
        As in `plot_green_lines`.

    Returns
    -------
    Axes
        The areas served and not served are the halves of the service coverage.

    Raises
    ------
    InputError
        No residential land was measured, or it is another kind of result.

    References
    ----------
    docs/how_to/maps.md

    Examples
    --------
    >>> plot_service(None)
    Traceback (most recent call last):
    greenspace.errors.InputError: This map is drawn of Check or ServiceMap, not of NoneType. ...
    """
    theme = service_theme(require(result, Check, ServiceMap))
    return show_theme(theme, ax, language=language, palette=palette)


def plot_tree_lined_roads(
    check: Check,
    *,
    ax: Axes | None = None,
    language: Language = "zh",
    palette: Palette = "standard",
) -> Axes:
    """Draw which roads are lined with trees, and where roads are greened (林荫路分布图).

    Parameters
    ----------
    check
        What `gs.check` returned.
    ax, language, palette
        As in `plot_green_lines`.

    Returns
    -------
    Axes
        Lengths along centre lines: tree-lined, and judged but not tree-lined, add up to the
        denominator of the tree-lined share; the stretches to that of the greening rate.

    Raises
    ------
    InputError
        Neither shade nor greening was measured, or it is another kind of result.

    References
    ----------
    docs/explanation/roads.md

    Examples
    --------
    >>> plot_tree_lined_roads(None)
    Traceback (most recent call last):
    greenspace.errors.InputError: This map is drawn of Check, not of NoneType. ...
    """
    theme = road_theme(require(check, Check))
    return show_theme(theme, ax, language=language, palette=palette)


def plot_change(
    table: ChangeTable,
    *,
    smallest_m2: float = 0.0,
    ax: Axes | None = None,
    language: Language = "zh",
    palette: Palette = "standard",
) -> Axes:
    """Draw green gained, lost and kept between two images, and what was not seen (绿化变化图).

    Parameters
    ----------
    table
        What `gs.green_change` returned; its images are read again.
    smallest_m2
        Smaller patches are not drawn, and counted in a note; the areas of the legend have them.
    ax, language, palette
        As in `plot_green_lines`.

    Returns
    -------
    Axes
        The areas are those of `ChangeTable.total`; where zones overlap, those of the patches.

    Raises
    ------
    InputError
        There are no zones, or it is another kind of result.

    References
    ----------
    docs/how_to/change.md

    Examples
    --------
    >>> plot_change(None)
    Traceback (most recent call last):
    greenspace.errors.InputError: This map is drawn of ChangeTable, not of NoneType. ...
    """
    theme = change_theme(require(table, ChangeTable), smallest_m2=smallest_m2)
    return show_theme(theme, ax, language=language, palette=palette)


def plot_old_trees(
    result: Check | TreeZones,
    *,
    scheme: str = "city",
    ax: Axes | None = None,
    language: Language = "zh",
    palette: Palette = "standard",
) -> Axes:
    """Draw old trees by grade, with their protection zones (古树名木分布图).

    Parameters
    ----------
    result
        What `gs.check` returned, or with zones and conflicts what `gs.tree_zones` returned.
    scheme
        Which grades: ``"city"``, ``"forestry"`` or ``"provincial"``. They disagree.
    ax, language, palette
        As in `plot_green_lines`.

    Returns
    -------
    Axes
        Counts of trees, and the area of all zones, ground in several of them once.

    Raises
    ------
    InputError
        There are no old trees, the scheme is not known, or it is another kind of result.

    References
    ----------
    docs/how_to/maps.md

    Examples
    --------
    >>> plot_old_trees(None)
    Traceback (most recent call last):
    greenspace.errors.InputError: This map is drawn of Check or TreeZones, not of NoneType. ...
    """
    theme = tree_theme(require(result, Check, TreeZones), scheme_of(scheme))
    return show_theme(theme, ax, language=language, palette=palette)


def plot_zoning(
    zoning: Zoning,
    *,
    ax: Axes | None = None,
    language: Language = "zh",
    palette: Palette = "standard",
) -> Axes:
    """Draw the function zones of a protected area (功能分区图).

    Parameters
    ----------
    zoning
        What `gs.park_zoning` returned.
    ax, language, palette
        As in `plot_green_lines`.

    Returns
    -------
    Axes
        Counts and areas of the zones, and the places where a test of them failed.

    Raises
    ------
    InputError
        There is no zone, or it is another kind of result.

    References
    ----------
    GB/T 39736-2020; docs/how_to/maps.md

    Examples
    --------
    >>> plot_zoning(None)
    Traceback (most recent call last):
    greenspace.errors.InputError: This map is drawn of Zoning, not of NoneType. ...
    """
    theme = zoning_theme(require(zoning, Zoning))
    return show_theme(theme, ax, language=language, palette=palette)


def require(result: Any, *kinds: type) -> Any:
    """Return a result of the right kind.

    Raises
    ------
    InputError
        It is of another kind.
    """
    if isinstance(result, kinds):
        return result
    names, found = [kind.__name__ for kind in kinds], type(result).__name__
    raise InputError(
        f"此图由 {'、'.join(names)} 绘制，而给出的是 {found}。",
        f"This map is drawn of {' or '.join(names)}, not of {found}.",
        remedy=Text(
            zh="请先调用给出该结果的函数，例如 gs.check。",
            en="Call the function that returns it first, such as gs.check.",
        ),
        expected=names,
        found=found,
    )


def scheme_of(name: str) -> TreeScheme:
    """Return a scheme of grades.

    Raises
    ------
    InputError
        There is none of this name.
    """
    schemes = {scheme.id: scheme for scheme in read_tree_schemes()}
    if name not in schemes:
        raise InputError(
            f"没有古树分级方案 {name}。",
            f"There is no scheme of old trees called {name}.",
            remedy=Text(zh=f"可用：{'、'.join(schemes)}。", en=f"There are {', '.join(schemes)}."),
            expected=tuple(schemes),
            found=name,
        )
    return schemes[name]
