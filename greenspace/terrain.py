"""Terrain: the ground of one city, made ready for measuring.

Question   Which ground is measured, how is it divided, and in which plane?
Enters     A City.
Leaves     The dissolved built-up area, its districts, the homes in it, layers for maps.
Elsewhere  The numbers: survey.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import shapely

from greenspace.class_codes import class_table
from greenspace.errors import GeometryError, ManifestError
from greenspace.model.crs import Bounds, degrees_of, is_local
from greenspace.model.names import name_of
from greenspace.model.source import Finding
from greenspace.model.tiers import Historic, historic_source
from greenspace.model.words import Text
from greenspace.prepare.blocks import disjoint_blocks
from greenspace.prepare.classify import GreenParts, split_green
from greenspace.prepare.clip import clip_polygons
from greenspace.prepare.ready import Ready

if TYPE_CHECKING:
    import pandas as pd
    from pyproj import CRS

    from greenspace.model.city import City
    from greenspace.model.classes import ClassTable
    from greenspace.model.definition import Tiers
    from greenspace.model.source import Severity, Source

BASES = ("built_up", "districts", "residential", "parks", "green")
DRAWN = ("green", "parks", "residential", "water")
LEAST_OUTSIDE = 1e-6
PEOPLE = Text(zh="人口栅格", en="population raster")
IMAGE = Text(zh="影像", en="image")
BUILT_UP = Text(zh="建成区", en="built-up area")
OUTSIDE = Text(zh="各区之外", en="outside the districts")


class Terrain:
    """The ground of a city: repaired, projected, dissolved and divided.

    Raises
    ------
    ManifestError
        The city has no layer that could be measured.
    """

    def __init__(self, city: City) -> None:
        self.city = city
        base = next((name for name in BASES if name in city.layers), None)
        if base is None:
            raise ManifestError(
                "清单中没有可量算的面图层。",
                "The manifest has no polygon layer that could be measured.",
                remedy=Text(
                    zh="至少需要 [layers.built_up]。", en="At least [layers.built_up] is needed."
                ),
                file=city.manifest,
                expected=BASES,
            )
        self.ready = Ready(city.crs, city.layers[base], base)
        self._remarks: dict[Finding, None] = {}

    @property
    def crs(self) -> CRS:
        """The measuring CRS."""
        return self.ready.crs

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What making the ground ready took, and what is odd about it."""
        return (*self.ready.findings, *self._remarks)

    @cached_property
    def built_up(self) -> Any | None:
        """The built-up area, dissolved."""
        layer = self.city.layers.get("built_up")
        return None if layer is None else self.ready.dissolved(layer, "built_up")

    @cached_property
    def construction_land(self) -> Any | None:
        """Construction land, dissolved; built-up ground beyond it is remarked."""
        layer = self.city.layers.get("construction_land")
        if layer is None:
            return None
        land = self.ready.dissolved(layer, "construction_land")
        if self.built_up is not None:
            self._remark_beyond(self.built_up.difference(land).area)
        return land

    def _remark_beyond(self, area: float) -> None:
        if area <= 0:
            return
        text = Text(
            zh=f"建成区有 {area / 1e4:.2f} 公顷在建设用地之外。",
            en=f"{area / 1e4:.2f} ha of the built-up area lie outside construction land.",
        )
        self._remark("beyond_construction_land", text, "built_up", area_m2=area, severity="note")

    @cached_property
    def green_parts(self) -> tuple[ClassTable | None, GreenParts]:
        """The class table of green land, and its parts; there are green land and a built-up area.

        Raises
        ------
        ColumnError
            As `class_table`.
        """
        green = self.ready.layer(self.city.layers["green"], "green")
        table = class_table(self.city, "green", green)
        return table, split_green(green, self.built_up, self.construction_land, table)

    @cached_property
    def historic(self) -> Any | None:
        """The historic district, dissolved."""
        layer = self.city.layers.get("historic")
        return None if layer is None else self.ready.dissolved(layer, "historic")

    def historic_rule(
        self, relaxed: tuple[Tiers, Text] | None
    ) -> tuple[Historic | None, tuple[Source, ...]]:
        """Return the historic ground with the tiers of its parks, and the source that names them.

        Nothing where the standard has none, or the city no such layer.
        """
        if relaxed is None or self.historic is None:
            return None, ()
        tiers, note = relaxed
        return Historic(self.historic, tiers), (historic_source(tiers, note),)

    @cached_property
    def districts(self) -> gpd.GeoDataFrame | None:
        """Each district's own built-up area, under a name that no other has."""
        layer = self.city.layers.get("districts")
        if layer is None:
            return None
        frame = self.ready.layer(layer, "districts")
        frame = frame.assign(name=self._told_apart(frame["name"]))
        if self.built_up is None:
            return frame
        return clip_polygons(frame, self.built_up, keep_rows=True)

    @property
    def district_names(self) -> tuple[str, ...]:
        """Names of the districts, in order."""
        return () if self.districts is None else tuple(self.districts["name"])

    def _told_apart(self, names: pd.Series) -> list[str]:
        """Return the names as text, with the row number where one is missing or shared."""
        written = [name_of(name) for name in names]
        doubtful = {name for name in written if not name or written.count(name) > 1}
        if doubtful:
            text = Text(
                zh="有的区没有名称或重名，已按行号加以区分。",
                en="Some districts have no name or share one; they are told apart by row number.",
            )
            self._remark("district_names", text, "districts")
        return [
            f"{name or '—'} #{row}" if name in doubtful else name
            for row, name in enumerate(written, 1)
        ]

    @property
    def first_district(self) -> int:
        """The row of `places` where districts begin."""
        return 0 if self.built_up is None else 1

    @cached_property
    def places(self) -> gpd.GeoDataFrame:
        """The built-up area, then each district, then what lies in no district, if anything."""
        shapes = [] if self.built_up is None else [self.built_up]
        if self.districts is not None:
            shapes += list(self.districts.geometry)
        if self.outside is not None:
            shapes.append(self.outside)
        return gpd.GeoDataFrame(geometry=shapes, crs=self.crs)

    @property
    def place_names(self) -> tuple[Text, ...]:
        """What to call each row of `places`."""
        names = [] if self.built_up is None else [BUILT_UP]
        names += [Text(zh=name, en=name) for name in self.district_names]
        return (*names, OUTSIDE)[: len(self.places)]

    @cached_property
    def outside(self) -> Any | None:
        """The built-up ground that lies in no district, where there is any; it is remarked."""
        if self.built_up is None or self.districts is None:
            return None
        rest = self.built_up.difference(shapely.union_all(self.districts.geometry))
        if rest.area <= LEAST_OUTSIDE * self.built_up.area:
            return None
        share = rest.area / self.built_up.area
        text = Text(
            zh=f"建成区有 {rest.area / 1e4:.2f} 公顷（{share:.1%}）不在任何区内，另列一行。",
            en=f"{rest.area / 1e4:.2f} ha ({share:.1%}) of the built-up area lie in no district: "
            "they stand in a row of their own.",
        )
        self._remark("outside_districts", text, "districts", area_m2=rest.area)
        return rest

    def _remark(
        self,
        code: str,
        text: Text,
        layer: str,
        *,
        area_m2: float | None = None,
        severity: Severity = "warning",
    ) -> None:
        finding = Finding(code=code, text=text, severity=severity, layer=layer, area_m2=area_m2)
        self._remarks[finding] = None

    @cached_property
    def homes(self) -> gpd.GeoDataFrame | None:
        """Residential land inside the built-up area, in rows that share no ground."""
        layer = self.city.layers.get("residential")
        if layer is None:
            return None
        frame = self.ready.layer(layer, "residential")
        if self.built_up is not None:
            frame = clip_polygons(frame, self.built_up)
        return disjoint_blocks(frame)[0]

    def layers(self) -> dict[str, gpd.GeoDataFrame]:
        """Return the layers that maps show, in the measuring CRS."""
        found = {
            name: self.ready.layer(self.city.layers[name], name)
            for name in DRAWN
            if name in self.city.layers
        }
        if self.built_up is not None:
            found["built_up"] = gpd.GeoDataFrame(geometry=[self.built_up], crs=self.crs)
        if self.districts is not None:
            found["districts"] = self.districts
        return found

    def require_overlap(
        self, bounds: Bounds, crs: CRS | None, name: str, *, what: Text = IMAGE
    ) -> None:
        """Refuse an image, or another raster, that shows nothing of the built-up area.

        Raises
        ------
        GeometryError
            As `require_overlap`.
        """
        west, south, east, north = (float(value) for value in self.places.total_bounds)
        require_overlap((west, south, east, north), self.crs, bounds, crs, name, what=what)


def require_overlap(
    ground: Bounds,
    ground_crs: CRS,
    image: Bounds,
    crs: CRS | None,
    name: str,
    *,
    what: Text = IMAGE,
) -> None:
    """Refuse an image, or another raster, that lies wholly beside the built-up area.

    Raises
    ------
    GeometryError
        Names both extents, in degrees or on the city's own grid.
    """
    if (crs is None or is_local(crs)) != is_local(ground_crs):
        return  # refused in words of its own where the two are brought together
    unit = Text(zh="地方坐标，米", en="metres of the city's own grid")
    if crs is not None and not is_local(crs):
        ground, image = degrees_of(ground, ground_crs), degrees_of(image, crs)
        unit = Text(zh="经纬度", en="degrees")
    apart = (
        ground[0] > image[2] or ground[2] < image[0] or ground[1] > image[3] or ground[3] < image[1]
    )
    if apart:
        shown = tuple(", ".join(f"{value:.4f}" for value in box) for box in (ground, image))
        raise GeometryError(
            f"{what.zh}与建成区不重叠：建成区 [{shown[0]}]，{what.zh} [{shown[1]}]（{unit.zh}）。",
            f"The {what.en} does not overlap the built-up area: built-up area [{shown[0]}], "
            f"{what.en} [{shown[1]}] in {unit.en}.",
            remedy=Text(zh="请核对两者的坐标系。", en="Check the CRS of both."),
            file=name,
            layer="built_up",
            expected=ground,
            found=image,
        )
