"""City parks: the parks of one city made ready, with all that several numbers ask of them.

Question   Of which class, size and reach is each park, and which of its ground is land of the city?
Enters     A Scope whose city has a layer of parks and a built-up area.
Leaves     One value with a row a park: classes, ground, radius, district.
Elsewhere  The numbers: park_gauge. The list of parks: park_ledger.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from greenspace.class_codes import class_table
from greenspace.measure.areas import covered
from greenspace.measure.service import park_radii, radii
from greenspace.model.tiers import historic_tiers_at, tiers_at
from greenspace.prepare.class_claims import LEAST_M2
from greenspace.prepare.clip import clip_polygons
from greenspace.prepare.overlaps import settle_overlaps
from greenspace.prepare.park_classes import middle_classes, one_park, sizes_of
from greenspace.prepare.park_findings import PER_HEAD, parks_that_count, undersized

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.model.classes import ClassTable
    from greenspace.model.tiers import Historic
    from greenspace.scope import Scope

    Floats = NDArray[np.float64]


class CityParks:
    """The parks of a city, row by row.

    Attributes
    ----------
    frame
        Parks in the measuring CRS, whole.
    table
        The classes of their edition; ``None`` where they have no codes.
    counts
        Which rows are parks by their code.
    classes
        The middle class of each row, empty where there are no codes.

    Raises
    ------
    ColumnError
        A code is missing or unknown, or editions are mixed.
    """

    def __init__(self, scope: Scope, built_up: Any) -> None:
        self.scope = scope
        self.built_up = built_up
        layer = scope.city.layers["parks"]
        self.frame: gpd.GeoDataFrame = scope.terrain.ready.layer(layer, "parks", overlaps=False)
        self.table: ClassTable | None = class_table(scope.city, "parks", self.frame)
        self.counts = parks_that_count(self.frame, self.table)[0]
        self.classes = (
            np.full(len(self.frame), "", dtype=object)
            if self.table is None
            else middle_classes(self.frame["class"], self.table)
        )

    @cached_property
    def inside(self) -> gpd.GeoDataFrame:
        """The ground of each row in the built-up area, perhaps empty."""
        return clip_polygons(self.frame, self.built_up, keep_rows=True)

    @cached_property
    def inside_m2(self) -> Floats:
        """The area of that ground."""
        return np.asarray(self.inside.geometry.area, dtype=float)

    @cached_property
    def apart(self) -> gpd.GeoDataFrame:
        """The same, where ground that two rows claim is one's alone."""
        return settle_overlaps(self.inside)

    @cached_property
    def water(self) -> NDArray[Any] | None:
        """The water in the ground of each row, ``None`` where the city has no such layer."""
        layer = self.scope.city.layers.get("water")
        if layer is None:
            return None
        shapes = self.scope.terrain.ready.layer(layer, "water", overlaps=False).geometry.to_numpy()
        return covered(shapes, self.apart.geometry.to_numpy())

    @cached_property
    def land(self) -> gpd.GeoDataFrame:
        """The same ground without water, of parks that count; others are empty."""
        shapes = self.apart.geometry.to_numpy().copy()
        if self.water is not None:
            shapes = shapely.difference(shapes, self.water)
        shapes[~self.counts] = shapely.MultiPolygon()
        return gpd.GeoDataFrame(geometry=shapes, index=self.frame.index, crs=self.frame.crs)

    @cached_property
    def park(self) -> NDArray[np.int64]:
        """The park that each row belongs to."""
        return one_park(self.frame)

    @cached_property
    def sizes(self) -> Floats:
        """The whole size of the park that each row belongs to, beyond the line too."""
        return sizes_of(self.frame, self.park)

    @cached_property
    def small(self) -> NDArray[np.bool_]:
        """Which rows belong to a park that is smaller than the law asks of its class."""
        codes = [""] * len(self.frame) if self.table is None else self.frame["class"]
        return undersized(self.frame, codes, self.least)

    @cached_property
    def least(self) -> dict[str, float]:
        """The size that a park of each class should exceed, by the standard or by the law."""
        return {
            code: self.scope.number(PER_HEAD[code], "area_above_m2", least)
            for code, least in LEAST_M2.items()
        }

    @cached_property
    def relaxed(self) -> Historic | None:
        """The historic district with its lesser tiers, where city and standard have both."""
        relaxed = historic_tiers_at(self.scope.profile, self.scope.level)
        return self.scope.terrain.historic_rule(relaxed)[0]

    @cached_property
    def radius(self) -> Floats:
        """How far each row serves by the standard that is judged; 0 for what is no park."""
        tiers, _ = tiers_at(self.scope.profile, self.scope.level)
        radius = park_radii(self.frame.geometry.to_numpy(), tiers, self.relaxed)
        return np.where(self.counts, radius, 0.0)

    @cached_property
    def plain_radius(self) -> Floats:
        """The same without the historic district."""
        tiers, _ = tiers_at(self.scope.profile, self.scope.level)
        return np.where(self.counts, park_radii(self.frame.geometry.to_numpy(), tiers), 0.0)

    @cached_property
    def joined_radius(self) -> Floats:
        """How far each row would serve by the size of the whole park that it belongs to."""
        tiers, _ = tiers_at(self.scope.profile, self.scope.level)
        return np.where(self.counts, radii(self.sizes, tiers), 0.0)

    @cached_property
    def districts(self) -> list[str]:
        """The district in which most of each row lies, empty where it lies in none."""
        districts = self.scope.terrain.districts
        if districts is None:
            return [""] * len(self.frame)
        shapes, ground = self.frame.geometry.to_numpy(), districts.geometry.to_numpy()
        row, place = shapely.STRtree(ground).query(shapes, predicate="intersects")
        shared = np.zeros((len(shapes), len(ground)))
        shared[row, place] = shapely.area(shapely.intersection(shapes[row], ground[place]))
        names = self.scope.terrain.district_names
        most = shared.argmax(axis=1) if len(ground) else np.zeros(len(shapes), dtype=int)
        return [names[i] if shared[row, i] > 0 else "" for row, i in enumerate(most)]
