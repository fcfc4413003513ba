"""City maps: what must be measured of a city for each of its maps, and no more.

Question   Which results does this sheet need, and which sheets can this city have?
Enters     A City or its manifest.
Leaves     Themes, each result measured once.
Elsewhere  Names of sheets: map_names. Measuring: pipeline, green_line_plan, comparison.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from greenspace.comparison import green_change
from greenspace.errors import CrsError, GreenspaceError, InputError
from greenspace.imagery import vegetation
from greenspace.line_plan import lines_of_city
from greenspace.map_names import SCHEME, SHEETS, TREES, city_facts, missing, theme_of
from greenspace.model.city import City
from greenspace.model.words import Text
from greenspace.pipeline import check
from greenspace.plots import scheme_of
from greenspace.present.change_theme import IMAGES, change_theme
from greenspace.present.map_base import source_names
from greenspace.present.plan_maps import enclosed_roles, green_line_theme
from greenspace.present.theme_words import filled
from greenspace.present.tree_theme import tree_theme
from greenspace.present.words import clean
from greenspace.present.zoning_theme import zoning_theme
from greenspace.read.city import read_city
from greenspace.tree_protection import tree_zones_of
from greenspace.zoned_park import park_zoning_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import geopandas as gpd

    from greenspace.model.check import Check
    from greenspace.model.city import ImageSpec
    from greenspace.model.control_points import ControlPoints
    from greenspace.model.green_line import GreenLines
    from greenspace.present.theme import Theme

    Progress = Callable[[int, int, Text], None]

TWO: Final = 2
BELOW: Final = ("built_up", "districts", "water", "roads")  # the map of trees
LEAST_PATCH: Final = 10  # pixels: smaller patches are specks on any sheet


class CityMaps:
    """The maps of one city; what a map rests on is measured when it is first asked for."""

    def __init__(
        self,
        city: City | Path | str,
        *,
        standard: str | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.city = city if isinstance(city, City) else read_city(city)
        self.left_out: dict[str, GreenspaceError] = {}
        self._standard, self._say = standard, progress

    @cached_property
    def check(self) -> Check:
        """The check of the city."""
        return check(self.city, standard=self._standard, progress=self._say)

    @cached_property
    def lines(self) -> tuple[GreenLines, ControlPoints]:
        """The city's green lines and their points; nothing is guarded for a map."""
        return lines_of_city(self.city, tree_zones_of(self.city))

    @property
    def layers(self) -> Mapping[str, gpd.GeoDataFrame]:
        """The layers of the check where it was made, else those of the manifest."""
        return self.check.layers if "check" in self.__dict__ else self.city.layers

    def theme(self, sheet: str) -> Theme:
        """Return one map.

        Raises
        ------
        InputError
            The city lacks what the map is drawn from.
        """
        own: dict[str, Callable[[], Theme]] = {
            "green_line": self._green_line,
            "change": self._change,
            "trees": self._trees,
            "zoning": self._zoning,
        }
        return own[sheet]() if sheet in own else theme_of(self.check, sheet)

    def every(self) -> list[Theme]:
        """Return every map that the city has the data for; `left_out` has the reasons of others.

        Raises
        ------
        InputError
            There is none.
        """
        found: list[Theme] = []
        for sheet in SHEETS:
            try:
                theme = self.theme(sheet)
                if found and theme.facts.crs != found[0].facts.crs:
                    raise _other_crs(sheet)
            except GreenspaceError as error:
                self.left_out[sheet] = error
                continue
            found.append(theme)
        if not found:
            raise next(iter(self.left_out.values()))
        return found

    def _green_line(self) -> Theme:
        return green_line_theme(*self.lines, **city_facts(self.city, *enclosed_roles(self.city)))

    def _change(self) -> Theme:
        images = self.city.images
        if len(images) < TWO:
            raise InputError(
                "变化图须有两期影像。",
                "A map of change takes two images.",
                remedy=Text("请在清单中再加一个 [[image]]。", "Add another [[image]]."),
                expected=TWO,
                found=len(images),
            )
        role = "districts" if "districts" in self.city.layers else "built_up"
        zones = self.city.layers.get(role)
        if zones is None:
            raise missing("built_up")
        return self._changed(zones, role)

    def change_in(self, place: int) -> Theme:
        """Return the change in the district at this place: measured in it alone."""
        zones = self.city.layers["districts"].iloc[[place]]
        theme = self._changed(zones, "districts")
        name = clean(zones["name"].iloc[0])
        title = filled("part_title", title=theme.facts.title, name=name)
        return replace(theme, facts=replace(theme.facts, title=title))

    @cached_property
    def _two(self) -> tuple[Any, Any, ImageSpec, ImageSpec]:
        """The first and the last image, and what each shows green."""
        images = sorted(self.city.images, key=lambda image: str(image.date or ""))
        how = self.city.vegetation_method.how
        first, last = images[0], images[-1]
        return vegetation(first, **how), vegetation(last, **how), first, last

    def _changed(self, zones: gpd.GeoDataFrame, role: str) -> Theme:
        before, after, first, last = self._two
        table = green_change(before, after, zones, crs=self.city.crs)
        facts = city_facts(self.city, role)
        pixel = after.grid.on_earth()[1] or after.grid.pixel_size
        return change_theme(
            table,
            smallest_m2=round(LEAST_PATCH * pixel**2, 1),
            city=facts["city"],
            dates=(first.date, last.date),
            report=facts["report"],
            sources=(*source_names(table.sources, IMAGES), *facts["sources"]),
        )

    def _trees(self) -> Theme:
        found = tree_zones_of(self.city)
        if found is None:
            raise missing("old_trees")
        below = {
            name: layer.to_crs(found.crs)
            for name in BELOW
            if (layer := self.city.layers.get(name)) is not None and not layer.empty
        }
        facts = city_facts(self.city, *TREES, *below)
        return tree_theme(found, scheme_of(SCHEME), backdrop=below, **facts)

    def _zoning(self) -> Theme:
        found = park_zoning_of(self.city)
        if found is None:
            raise missing("park_zones", "park_boundary")
        return zoning_theme(found, **city_facts(self.city, "park_zones", "park_boundary"))


def _other_crs(sheet: str) -> Any:
    return CrsError(
        f"图 {sheet} 的坐标系与其他图不同。",
        f"The map {sheet} is in another CRS than the others.",
        remedy=Text("请单独绘制此图。", f"Draw it by itself: --sheet {sheet}."),
    )
