"""Readings: a city measured again as each disputed reading of a rule would have it.

Question   What would this number be if the rule were read the other way?
Enters     A Check, and one reading.
Leaves     Ratios by indicator, or why this reading cannot be measured here.
Elsewhere  Holding them against the standard: sensitivity. The disputes: definitions/readings.toml.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import geopandas as gpd
import numpy as np
import shapely

from greenspace.class_codes import class_table
from greenspace.errors import InputError
from greenspace.estates import KINDS as KINDS_OF_ESTATES
from greenspace.estates import RATIOS
from greenspace.evaluate.gate import standard_label
from greenspace.imagery import vegetation
from greenspace.measure import coverage, per_capita, service
from greenspace.model.definition import Citation, Parameter
from greenspace.model.quantity import Ratio
from greenspace.model.tiers import tiers_at
from greenspace.model.words import Text
from greenspace.prepare.clip import clip_polygons
from greenspace.prepare.corrections import Corrected, Overlay
from greenspace.prepare.park_classes import (
    COMPREHENSIVE,
    exceeds,
    middle_classes,
    one_park,
    reaches,
    sizes_of,
)
from greenspace.prepare.park_findings import parks_that_count
from greenspace.prepare.storeys import KINDS
from greenspace.read.definitions import read_classes
from greenspace.road_gauge import gauge_roads
from greenspace.scope import green_cap
from greenspace.survey import Survey
from greenspace.tally import coverage_by_layer
from greenspace.water_cover import WITH_WATER, waters_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from greenspace.model.check import Check
    from greenspace.model.definition import Profile
    from greenspace.model.rehearsal import Reading

    Found = Mapping[str, Ratio] | Text

NOT_READ = Text(
    zh="清单中没有量算此读法所需的图层：", en="The manifest lacks what this reading needs: "
)
NO_HOLES = Text(zh="建成区范围线没有洞。", en="The built-up line has no holes.")
NO_WATER = Text(
    zh="没有被绿地围合的水面（需要 water 以及 green 或 parks 图层）。",
    en="There is no water that green land encloses (it takes the layers water, and green or parks).",
)
NOT_BEYOND = Text(
    zh="建成区范围线没有超出建设用地。",
    en="The built-up line does not go beyond construction land.",
)
SIDES, TREE_LINED = "sides", "tree_lined_road_share"
NO_ROOFS = Text(zh="植被图层中没有屋顶绿化。", en="The vegetation layer has no roof greening.")
NO_CODES = Text(zh="公园图层没有分类代码。", en="The parks have no class codes.")
NO_CROPS = Text(
    zh="影像不是分类栅格：耕地与其他绿色无从区分。",
    en="The image is no class raster: farmland cannot be told from other green.",
)
NO_OTHER = Text(
    zh='清单没有其他人口口径；可在 [city] 写 population_other = { "常住人口" = 45000 }。',
    en="The manifest has no other count of the population; write population_other = "
    '{ "常住人口" = 45000 } in [city].',
)


class Study:
    """A check that is to be measured again, piece by piece.

    Attributes
    ----------
    measures
        By topic: what measures a reading that is not the check's own.
    """

    def __init__(self, check: Check) -> None:
        self.check = check
        self.city = check.city
        self.measures: Mapping[str, Callable[[Reading, Profile, str], Found]] = {
            "enclosed_water": self.enclosed_water,
            "roof_greening": self.no_roofs,
            "crops": self.crops,
            "holes": self.filled,
            "tiers": self.tiers,
            "parks_outside": self.parks_inside,
            "park_water": self.dry_parks,
            "comprehensive_size": self.comprehensive,
            "construction_land": self.cut,
            "tree_lined_sides": self.sides,
            "estates_each": self.each_estate,
        }

    @cached_property
    def survey(self) -> Survey:
        """The city's ground and vegetation, made ready once."""
        return Survey(self.city)

    @property
    def built_up(self) -> Any:
        """The built-up area; an indicator that was measured has one."""
        return self.survey.terrain.built_up

    def enclosed_water(self, reading: Reading, profile: Profile, level: str) -> Found:
        """Count water that green land encloses, or leave it out: the other than the check did."""
        del profile, level
        seen = (item.ratio for item in self.check.measured if item.label == WITH_WATER)
        with_water = next(seen, None)
        if with_water is None:
            return NO_WATER
        if reading.id == "out":
            return self._covered(dry=True)
        return {with_water.indicator: with_water}

    def no_roofs(self, reading: Reading, profile: Profile, level: str) -> Found:
        """Take roof greening out, but where a crown stands over it."""
        del reading, profile, level
        plants = self._plants
        if plants is None or "layer" not in plants.columns:
            return _lacking("vegetation (layer)")
        words = [normalize("NFKC", str(word)).strip().lower() for word in plants["layer"]]
        roofs = np.array([word in KINDS["roof"] for word in words], dtype=bool)
        if not roofs.any():
            return NO_ROOFS
        shapes = plants.geometry.to_numpy()
        bare = shapely.union_all(shapes[roofs]).difference(shapely.union_all(shapes[~roofs]))
        return self._covered(remove=bare)

    def crops(self, reading: Reading, profile: Profile, level: str) -> Found:
        """Count farmland of a class raster."""
        del reading, profile, level
        method = self.city.vegetation_method
        if self._by_polygons or method.classes is None or self.city.image is None:
            return NO_CROPS
        if method.crops:
            return Text(
                zh="清单已写 crops = true：耕地已计入。",
                en="The manifest says crops = true: farmland counts.",
            )
        return self._covered(image=vegetation(self.city.image, **{**method.how, "crops": True}))

    def filled(self, reading: Reading, profile: Profile, level: str) -> Found:
        """Measure the gate again with the holes of the built-up line filled."""
        del reading, profile, level
        parts = shapely.get_parts(self.built_up)
        whole = shapely.union_all(shapely.polygons(shapely.get_exterior_ring(parts)))
        return NO_HOLES if whole.area <= self.built_up.area else self._within(whole)

    def cut(self, reading: Reading, profile: Profile, level: str) -> Found:
        """Measure the gate again with the built-up line cut to construction land."""
        del reading, profile, level
        land = self.survey.terrain.construction_land
        if land is None:
            return _lacking("construction_land")
        inside = clip_polygons(self.survey.terrain.places.iloc[:1], land)
        ground = shapely.union_all(inside.geometry.to_numpy())
        return NOT_BEYOND if ground.area >= self.built_up.area else self._within(ground)

    def _within(self, shape: Any) -> Found:
        """Measure the gate again inside another built-up line."""
        ground = gpd.GeoDataFrame(geometry=[shape], crs=self.survey.terrain.crs)
        again = self._again(built_up=ground)
        judged = self.check.profiles[0]
        again.measure_green_space(green_cap(judged, level_of(self.check, judged)))
        found = dict(again.ratios)
        if "green_coverage" in self.check.ratios:
            found |= self._covered(ground=ground)
        return found

    def _again(self, **layers: gpd.GeoDataFrame) -> Survey:
        """Return a survey of the city with other layers, whose park area is measured."""
        again = Survey(replace(self.city, layers={**self.city.layers, **layers}))
        again.measure_park_area()
        return again

    def sides(self, reading: Reading, profile: Profile, level: str) -> Found:
        """Measure tree-lined roads by the other rule for their two sides."""
        said = Parameter(
            name=SIDES, value=reading.id, mark="provisional", source=Citation(document="")
        )
        rows = tuple(
            replace(row, parameters=(*(p for p in row.parameters if p.name != SIDES), said))
            if row.indicator == TREE_LINED
            else row
            for row in profile.criteria
        )
        found = gauge_roads(self.survey.scope(replace(profile, criteria=rows), level))
        ratios = (item.ratio for item in found.measured if item.judged)
        every = {ratio.indicator: ratio for ratio in ratios}
        return {TREE_LINED: every[TREE_LINED]} if TREE_LINED in every else found.missing[TREE_LINED]

    @staticmethod
    def sides_of(profile: Profile, level: str) -> str:
        """Return the rule for the sides of a tree-lined road that a standard's row has."""
        rows = (row for row in profile.at(level) if row.indicator == TREE_LINED)
        said = (item.value for row in rows for item in row.parameters if item.name == SIDES)
        return str(next(said, "both"))

    def each_estate(self, reading: Reading, profile: Profile, level: str) -> Found:
        """Take the estate whose green ratio is the lowest."""
        del reading, profile, level
        listed = next((table for table in self.check.ledgers if table.id == "estates"), None)
        if listed is None:
            return _lacking("residential, green")
        found = {}
        for kind, name in RATIOS.items():
            rows = listed.rows[
                (listed.rows["kind"] == KINDS_OF_ESTATES[kind]) & listed.rows["ratio"].notna()
            ]
            if len(rows):
                low = rows.sort_values("ratio").iloc[0]
                halves = (float(low["green_m2"]), float(low["area_m2"]))
                found[name] = Ratio(name, *halves, "1", self.survey.terrain.crs)
        return found

    @property
    def _counted(self) -> gpd.GeoDataFrame:
        """The rows of the layer of parks that are no other green land by their code."""
        parks = self.check.layers["parks"]
        return parks[parks_that_count(parks, class_table(self.city, "parks", parks))[0]]

    def tiers(self, reading: Reading, profile: Profile, level: str) -> Found:
        """Measure service coverage by other tiers."""
        tiers = reading.tiers or tiers_at(profile, level)[0]
        parks, edition = self.check.layers["parks"], self.city.editions.get("parks")
        if reading.classes:
            if edition is None or "class" not in parks.columns:
                return NO_CODES
            classes = middle_classes(parks["class"], read_classes(edition))
            parks = parks[np.isin(classes.astype(str), reading.classes)]
        else:
            parks = self._counted
        return self._served(parks, tiers)

    def parks_inside(self, reading: Reading, profile: Profile, level: str) -> Found:
        """Measure service coverage from the parks' ground inside the built-up line."""
        del reading
        if self.built_up is None:
            return _lacking("built_up")
        inside = clip_polygons(self._counted, self.built_up)
        return self._served(inside, tiers_at(profile, level)[0])

    def dry_parks(self, reading: Reading, profile: Profile, level: str) -> Found:
        """Leave water out of the parks."""
        del reading, profile, level
        water = self._shapes("water")
        if water is None:
            return _lacking("water")
        parks = self.check.layers["parks"]
        dry = parks.set_geometry(parks.geometry.difference(water))
        dry = dry[dry.geometry.area.to_numpy() > 0].explode(index_parts=False)
        dry = dry[dry.geom_type.to_numpy() == "Polygon"]
        return dict(self._again(parks=dry).ratios)

    def comprehensive(self, reading: Reading, profile: Profile, level: str) -> Found:
        """Take only comprehensive parks of a least size, all ground of a park together."""
        del profile, level
        parks, edition = self.check.layers["parks"], self.city.editions.get("parks")
        if edition is None or "class" not in parks.columns:
            return NO_CODES
        own = parks[middle_classes(parks["class"], read_classes(edition)) == COMPREHENSIVE]
        park = one_park(own)
        sizes, least = sizes_of(own, park), reading.least_m2 or 0.0
        large = (exceeds if reading.strict else reaches)(sizes, least)
        inside = clip_polygons(own, self.built_up, keep_rows=True)
        chosen = large & (inside.area.to_numpy() > 0)
        found: dict[str, Ratio] = {}
        for name in ("comprehensive_park_per_capita", "comprehensive_parks_per_10k"):
            before = self.check.ratios.get(name)
            if before is None:
                continue
            people = before.denominator
            if name == "comprehensive_parks_per_10k":
                found[name] = replace(before, numerator=float(len(np.unique(park[chosen]))))
                continue
            found[name] = per_capita.park_area_per_capita(
                inside.geometry[chosen], people, indicator=name
            )
        return found

    def _served(self, parks: gpd.GeoDataFrame, tiers: Any) -> Found:
        homes = self.survey.terrain.homes
        if homes is None:
            return _lacking("residential")
        ratio = service.service_coverage(service.reach_of(parks.geometry, homes.geometry, tiers))
        return {ratio.indicator: ratio}

    @cached_property
    def _plants(self) -> gpd.GeoDataFrame | None:
        layer = self.city.layers.get("vegetation")
        if layer is None:
            return None
        return self.survey.terrain.ready.layer(layer, "vegetation", overlaps=False)

    @property
    def _by_polygons(self) -> bool:
        """Whether the judged coverage is that of the vegetation layer."""
        drawn = self.city.layers.get("vegetation") is not None
        return drawn and (self.city.image is None or self.city.vegetation_method.source == "layer")

    def _covered(
        self,
        *,
        remove: Any = None,
        image: Any = None,
        ground: gpd.GeoDataFrame | None = None,
        dry: bool = False,
    ) -> dict[str, Ratio]:
        """Measure the judged coverage of the built-up area with some ground added or taken.

        Enclosed water counts where the manifest says so, unless it is to be `dry`.
        """
        add = (
            None if dry or self.city.vegetation_method.enclosed_water != "include" else self._waters
        )
        zones = self.survey.terrain.places.iloc[:1] if ground is None else ground
        if self._by_polygons and self._plants is not None:
            shape = shapely.union_all(self._plants.geometry.to_numpy())
            shape = shape if add is None else shape.union(add)
            shape = shape if remove is None else shape.difference(remove)
            table = coverage.polygon_coverage(gpd.GeoSeries([shape], crs=zones.crs), zones)
            return {table.indicator: table.ratio(0)}
        raster: Any = image or self.survey.cover.image
        overlays = [*self.survey.cover.overlays()]
        overlays += [
            Overlay("reading", _overlay(shape, zones.crs, adds=adds), listed=False)
            for shape, adds in ((add, True), (remove, False))
            if shape is not None
        ]
        laid = Corrected(raster, tuple(overlays)) if overlays else raster
        table = coverage_by_layer(laid, zones, self.city.crs)[-1]
        return {table.indicator: table.ratio(0)}

    @cached_property
    def _waters(self) -> Any:
        return shapely.union_all(waters_of(self.survey.cover))

    def _shapes(self, name: str) -> Any:
        layer = self.check.layers.get(name)
        return None if layer is None else shapely.union_all(layer.geometry.to_numpy())


def measure_reading(
    study: Study, topic: str, reading: Reading, profile: Profile, level: str
) -> Found:
    """Return the numbers of one reading; a refusal on the way is the reason why there are none."""
    try:
        return study.measures[topic](reading, profile, level)
    except InputError as error:
        return error.problem


def level_of(check: Check, profile: Profile) -> str:
    """Return the level that a check judged a profile at."""
    levels = (level for level in profile.levels if standard_label(profile, level) == check.standard)
    return next(levels, profile.levels[0])


def _lacking(name: str) -> Text:
    return Text(zh=f"{NOT_READ.zh}{name}。", en=f"{NOT_READ.en}{name}.")


def _overlay(shape: Any, crs: Any, *, adds: bool) -> gpd.GeoDataFrame:
    parts = shapely.get_parts(shape)
    kept = parts[shapely.area(parts) > 0]
    return gpd.GeoDataFrame({"adds": np.full(len(kept), adds)}, geometry=kept, crs=crs)
