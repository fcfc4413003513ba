"""Map sheets: any result, or a whole city, as sheets on paper.

Question   Which map is asked for, what must be measured for it, and where does it go?
Enters     A result, or a City; the name of a sheet, a paper, a scale.
Leaves     A file: one sheet, or an atlas.
Elsewhere  Drawing: present/. On Axes of one's own: plots. Words of the command line: cli/map.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import shapely

from greenspace.city_maps import CityMaps
from greenspace.errors import InputError
from greenspace.map_names import SHEETS, is_plan, named, sheet_named, theme_of
from greenspace.model.check import Check
from greenspace.model.city import City
from greenspace.model.green_line import CATEGORIES, STATUSES
from greenspace.model.words import Text
from greenspace.plots import require
from greenspace.present.atlas import write_atlas_file
from greenspace.present.map_file import write_sheet
from greenspace.present.paper import check_looks, paper_size
from greenspace.present.part_theme import part_theme
from greenspace.present.theme_words import THEME_WORDS, filled
from greenspace.present.words import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import geopandas as gpd

    from greenspace.model.green_line import GreenLines
    from greenspace.model.words import Language
    from greenspace.present.theme import Palette, Theme

    Progress = Callable[[int, int, Text], None]

By = Literal["district", "line", "theme"]
AROUND: Final = 0.15  # of a line, on each side of it
PAGES: Final = Text(zh="绘图", en="drawing pages")


def write_map(
    result: Any,
    path: Path | str,
    *,
    sheet: str | None = None,
    size: str = "A3",
    scale: float | None = None,
    landscape: bool | None = None,
    language: Language = "zh",
    palette: Palette = "standard",
    force: bool = False,
) -> Path:
    """Write a map as one sheet on paper, true to its printed scale.

    Parameters
    ----------
    result
        A Check, ServiceMap, GreenLines, GreenLinePlan, ChangeTable, TreeZones, Zoning; or a City
        or the path of its ``city.toml``, of which no more is measured than the sheet needs.
    path
        ``.pdf``, ``.svg`` or ``.png``.
    sheet
        ``green_line``, ``green_space``, ``service``, ``roads``, ``change``, ``trees``,
        ``zoning``, ``image`` or ``vegetation``; may be left out where the result has one only.
    size, landscape
        A0 to A4, and which way it lies; default: the way that shows the ground larger.
    scale
        The denominator, as 10000 of 1:10 000; default: the largest round one that shows it all.
    language, palette
        ``"zh"`` or ``"en"``; ``"standard"``, or ``"safe"`` for readers who confuse colours.
    force
        Replace a file that is there.

    Returns
    -------
    Path
        The file, absolute.

    Raises
    ------
    InputError
        The sheet is not known or its data are missing; the paper, scale or path does not suit.
    CrsError
        The CRS has no plane on which a printed scale holds.

    References
    ----------
    docs/how_to/maps.md

    Examples
    --------
    >>> write_map(None, "map.pdf", sheet="relief")
    Traceback (most recent call last):
    greenspace.errors.InputError: There is no sheet called relief. ...
    """
    check_looks(language, palette, landscape)  # before anything is measured
    paper_size(size)
    theme = _themes(_measured(result), sheet)[0]
    return write_sheet(
        theme,
        path,
        size=size,
        landscape=landscape,
        scale=scale,
        language=language,
        palette=palette,
        force=force,
    )


def write_atlas(
    result: Any,
    path: Path | str,
    *,
    by: By = "district",
    sheet: str | None = None,
    size: str = "A3",
    scale: float | None = None,
    landscape: bool | None = None,
    language: Language = "zh",
    palette: Palette = "standard",
    force: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Write a map as an atlas: one PDF with an index, a sheet a page, bookmarks.

    Parameters
    ----------
    result
        As in `write_map`. By district a Check, GreenLinePlan or City; by line a GreenLines, GreenLinePlan or
        City; by theme a Check, GreenLinePlan or City.
    path
        ``.pdf``.
    by
        ``"district"``: a sheet each, of the map that `sheet` names; ``"line"``: each green line
        on a sheet of its own; ``"theme"``: every map of the result. The legend of a page by
        district counts that district, cut at its edge; by line it has the numbers of the whole
        map, and says so.
    sheet, size, scale, landscape, language, palette, force
        As in `write_map`.
    progress
        Called with pages done, pages in all and what is being done.

    Returns
    -------
    Path
        The file, absolute.

    Raises
    ------
    InputError
        There is no page to draw; or as `write_map`.

    References
    ----------
    docs/how_to/maps.md

    Examples
    --------
    >>> write_atlas(None, "atlas.pdf", by="street")
    Traceback (most recent call last):
    greenspace.errors.InputError: An atlas goes by district, line or theme, not by street. ...
    """
    check_looks(language, palette, landscape)  # before anything is measured
    paper_size(size)
    say = progress or _quiet
    overview, pages = atlas_pages(_measured(result), by, sheet)
    return write_atlas_file(
        pages,
        path,
        overview=overview,
        size=size,
        landscape=landscape,
        scale=scale,
        language=language,
        palette=palette,
        force=force,
        said=lambda done, steps: say(done, steps, PAGES),
    )


def atlas_pages(result: Any, by: str, sheet: str | None = None) -> tuple[Theme | None, list[Theme]]:
    """Return what the index of an atlas shows, and its pages; `result` may be a `CityMaps`.

    Raises
    ------
    InputError
        It cannot go by that, or has nothing to make pages of.
    """
    if by == "theme":
        return None, _themes(result, sheet, every=True)
    if by == "line":
        if sheet not in {None, "green_line"}:
            raise InputError(
                f"按绿线分页的图集只有 green_line，没有 {clean(sheet)}。",
                f"An atlas by line is of green_line, not of {clean(sheet)}.",
                remedy=Text("请去掉 sheet，或按区分页。", "Leave sheet out, or go by district."),
                expected=("green_line",),
                found=sheet,
            )
        whole = _themes(result, "green_line")[0]
        lines = _lines(result)
        return whole, list(_by_line(whole, lines))
    if by == "district":
        return _by_district(result, sheet)
    raise InputError(
        f"图集按 district、line 或 theme 分页，没有 {by}。",
        f"An atlas goes by district, line or theme, not by {by}.",
        remedy=Text('例如 by="district"。', 'For example by="district".'),
        expected=("district", "line", "theme"),
        found=by,
    )


def _themes(result: Any, sheet: str | None, *, every: bool = False) -> list[Theme]:
    """Return the map of this name; of none the only one, or every one that can be drawn."""
    if sheet is not None:
        sheet_named(sheet)
    if isinstance(result, CityMaps):
        if sheet is None and every:
            return result.every()
        return [result.theme(named(sheet))]
    if sheet is None and every:
        return [theme for name in SHEETS if (theme := _tried(result, name)) is not None]
    return [theme_of(result, sheet)]


def _tried(result: Any, name: str) -> Theme | None:
    try:
        return theme_of(result, name)
    except InputError:
        return None


def _measured(result: Any) -> Any:
    """Return a result; of a city, or its manifest, what its maps are measured by."""
    return CityMaps(result) if isinstance(result, City | str | Path) else result


def _lines(result: Any) -> GreenLines:
    if isinstance(result, CityMaps):
        return result.lines[0]
    found: GreenLines = result.lines if is_plan(result) else result
    return found


def _by_line(whole: Theme, lines: GreenLines) -> Iterator[Theme]:
    for row in lines.lines.itertuples():
        west, south, east, north = row.geometry.bounds
        wide, high = AROUND * (east - west), AROUND * (north - south)
        status, category = STATUSES[row.status].title, CATEGORIES[row.category]
        told = filled(
            "line_told",
            status=status,
            category=category,
            area=f"{row.area_m2:,.2f}",
            length=f"{row.length_m:,.2f}",
        )
        name = f"{clean(row.number)} {clean(row.name)}".strip()
        bounds = (west - wide, south - high, east + wide, north + high)
        yield _page(whole, filled("line_page", name=name), bounds, told)


def _by_district(result: Any, sheet: str | None) -> tuple[Theme, list[Theme]]:
    if not isinstance(result, CityMaps) and not is_plan(result):
        require(result, Check, City)
    if sheet is not None:
        sheet_named(sheet)
    districts = _districts(result)  # before anything is measured
    if isinstance(result, CityMaps):
        whole = result.theme(sheet or "green_space")
        districts = _districts(result)  # of a check: repaired
        if whole.key == "change":
            count = len(result.city.layers["districts"])
            return whole, [result.change_in(place) for place in range(count)]
    else:
        whole = theme_of(result, sheet or ("green_line" if is_plan(result) else "green_space"))
    if whole.facts.crs is not None and districts.crs is not None:
        districts = districts.to_crs(whole.facts.crs)
    shapes = shapely.make_valid(districts.geometry.to_numpy())
    remarks = (THEME_WORDS["beyond_parts"], *whole.facts.remarks)
    overview = replace(whole, facts=replace(whole.facts, remarks=remarks))
    return overview, [
        part_theme(whole, shape, name)
        for name, shape in zip(districts["name"], shapes, strict=True)
    ]


def _districts(result: Any) -> gpd.GeoDataFrame:
    if isinstance(result, CityMaps):
        layers = result.layers
    else:
        layers = result.city.layers if is_plan(result) else result.layers
    districts = layers.get("districts")
    if districts is None or districts.empty:
        raise InputError(
            "没有市辖区图层，无法按区分页。",
            "There are no districts to make pages of.",
            remedy=Text("请在清单中加入 [layers.districts]。", "Name [layers.districts]."),
            layer="districts",
        )
    return districts


def _page(
    whole: Theme, title: Text, bounds: tuple[float, float, float, float], *told: Text
) -> Theme:
    remarks = (*told, THEME_WORDS["whole_map"], *whole.facts.remarks)
    return replace(whole, bounds=bounds, facts=replace(whole.facts, title=title, remarks=remarks))


def _quiet(done: int, steps: int, step: Text) -> None:
    del done, steps, step
