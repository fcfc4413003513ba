"""Claims: the parks and green parcels of a city, and what is odd about them.

Question   Which parks are bare, which green is undeclared, what is counted twice or beyond the line?
Enters     The Scope of a city.
Leaves     Discrepancies, with what putting each right would change of park area per head.
Elsewhere  The effect on the green-space ratio: effects. The ranked ledger: discrepancies.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from greenspace.class_codes import class_table
from greenspace.effects import Effects
from greenspace.errors import InputError
from greenspace.measure.areas import covered, covered_area
from greenspace.measure.claims import beyond, own_area, rows_within, shared_ground
from greenspace.model.classes import spell
from greenspace.model.declared import Correction, Discrepancy
from greenspace.model.words import Text
from greenspace.prepare.class_claims import TITLES, code_of, contradicted, least_size
from greenspace.prepare.classify import OTHER_GREEN_CAP
from greenspace.prepare.clip import clip_polygons
from greenspace.prepare.corrections import Corrected
from greenspace.prepare.park_classes import one_park, sizes_of
from greenspace.prepare.park_findings import parks_that_count, undersized
from greenspace.prepare.project import to_crs
from greenspace.prepare.storeys import KINDS as ROOFS
from greenspace.prepare.vectorise import GreenClasses, patches_of
from greenspace.read.block_cache import few_blocks_kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from greenspace.model.classes import ClassTable
    from greenspace.scope import Scope

BARE_BELOW = 0.5  # of a park's land that the image shows: less of it green is mostly bare
PATCH_M2 = 1000.0  # the smallest patch of undeclared green that is listed
SAME = 0.99  # of a parcel: so much of it in a park is that park
URBAN = ("park", "green")
NO_ROW = Text(
    zh="；绿地图层没有单独的这块公园，对绿地率的影响不定",
    en="; no parcel of `green` is this park alone, so what it changes of the ratio is left open",
)
NO_IMAGE = Text(zh="没有影像植被", en="there is no vegetation of an image")
NO_GREEN = Text(zh="没有绿地图层", en="there is no layer of green parcels")


class Claims:
    """The parks and green parcels of a city."""

    def __init__(self, scope: Scope) -> None:
        self.scope, self.terrain = scope, scope.terrain
        self.line: Any = scope.terrain.built_up
        self.people = scope.city.population

    @cached_property
    def every_park(self) -> gpd.GeoDataFrame:
        """All rows of the layer of parks."""
        return self._layer("parks")

    @cached_property
    def parks(self) -> gpd.GeoDataFrame:
        """Those that are parks by their code."""
        counts, _ = parks_that_count(self.every_park, self._table("parks"))
        return self.every_park[counts]

    @cached_property
    def every_green(self) -> gpd.GeoDataFrame:
        """All rows of the layer of green parcels."""
        return self._layer("green")

    @cached_property
    def urban(self) -> NDArray[np.bool_]:
        """Which green parcels count whole in the city."""
        table = self._table("green")
        if table is None:
            return np.ones(len(self.every_green), dtype=bool)
        return np.array([table.role(it) in URBAN for it in self.every_green["class"]], dtype=bool)

    @cached_property
    def effects(self) -> Effects | None:
        """What corrections of the green layer would change; ``None`` without such a layer."""
        if "green" not in self.scope.city.layers:
            return None
        try:
            table = self._table("green")
        except InputError:  # the looks tell of it
            return None
        land = self.terrain.construction_land
        cap = self.scope.number("green_space_ratio", "other_green_cap", OTHER_GREEN_CAP)
        return Effects(self.every_green, table, self.line, land, cap=cap)

    @cached_property
    def in_parks(self) -> NDArray[np.bool_]:
        """Which green parcels are declared parks."""
        shapes = self.every_green.geometry.to_numpy()
        covers = covered_area(self.parks.geometry.to_numpy(), shapes)
        return np.asarray(covers >= SAME * shapely.area(shapes))

    @cached_property
    def inside(self) -> NDArray[Any]:
        """The ground of each park within the line, perhaps empty."""
        cut = clip_polygons(self.parks, self.line, keep_rows=True)
        shapes: NDArray[Any] = cut.geometry.to_numpy()
        return shapes

    @property
    def park_area(self) -> float:
        """The area of parks within the line; 0 where their codes cannot be read."""
        try:
            return float(shapely.union_all(self.inside).area)
        except InputError:  # the looks tell of it
            return 0.0

    def rows_of(self, parks: NDArray[Any]) -> list[tuple[int, ...]]:
        """Return the green parcels that lie in each of these parks and in no other of them."""
        found: list[list[int]] = [[] for _ in parks]
        row, park = rows_within(self.every_green.geometry.to_numpy(), parks, SAME)
        once = np.bincount(row, minlength=len(self.every_green))[row] == 1
        for place, home in zip(row[once], park[once], strict=True):
            found[home].append(int(place))
        return [tuple(rows) for rows in found]

    def a_head(self, area: float) -> float | None:
        """Return square metres as an effect on park area per head."""
        return area / self.people if self.people else None

    def twice(self) -> Iterator[Discrepancy]:
        """Yield what each parcel claims of the ground of earlier ones of its layer."""
        for layer, frame in (("parks", self.parks), ("green", self.every_green[self.urban])):
            shapes = frame.geometry.to_numpy()
            for place, earlier, ground in shared_ground(shapes).again():
                within = ground.intersection(self.line)
                if not within.area:
                    continue
                rows = ", ".join(str(frame.index[other]) for other in earlier)
                text = Text(zh=f"与第 {rows} 行重叠", en=f"overlaps rows {rows}")
                names = (self._name(frame, other) for other in (*earlier, place))
                yield Discrepancy(
                    kind="twice",
                    layer=layer,
                    row=", ".join(str(frame.index[other]) for other in (*earlier, place)),
                    name=" / ".join(dict.fromkeys(filter(None, names))),
                    detail=text,
                    ground=within,
                    area_m2=float(within.area),
                    on_parks=self.a_head(-float(within.area)) if layer == "parks" else None,
                    on_ratio=self._of_line(within.area) if layer == "green" else None,
                )

    def outside(self) -> Iterator[Discrepancy]:
        """Yield what lies beyond the built-up line of each parcel."""
        others = self.every_green[self.urban & ~self.in_parks]
        doubles = self.rows_of(self.parks.geometry.to_numpy())
        for layer, frame in (("parks", self.parks), ("green", others)):
            shapes = frame.geometry.to_numpy()
            for place, ground in zip(*beyond(shapes, self.line), strict=True):
                share = ground.area / shapes[place].area
                rows = (
                    [row for row in doubles[place] if self.urban[row]] if layer == "parks" else []
                )
                same = self.every_green.geometry.to_numpy()[rows] if rows else shapes[[place]]
                over = float(shapely.area(shapely.difference(same, self.line)).sum())
                yield Discrepancy(
                    kind="outside",
                    layer=layer,
                    row=frame.index[place],
                    name=self._name(frame, place),
                    detail=Text(zh=f"占该地块的 {share:.1%}", en=f"{share:.1%} of the parcel"),
                    ground=ground,
                    area_m2=float(ground.area),
                    on_parks=self.a_head(-float(ground.area)) if layer == "parks" else None,
                    on_ratio=self._of_line(over) if layer == "green" or rows else None,
                )

    def classes(self) -> Iterator[Discrepancy]:
        """Yield parcels whose name contradicts their class, and parks that are none by code."""
        parks, green = self._table("parks"), self._table("green")
        told: set[int] = set()
        if parks is not None:
            shapes = self.every_park.geometry.to_numpy()
            doubles = self.rows_of(shapes)
            own = self._alone(shapes)
            for place, (code, name) in enumerate(self._named(self.every_park)):
                said = contradicted(code, name, parks)
                counts = parks.role(code) in {"park", None}
                if said is None and counts:
                    continue
                rows = self._of_code(doubles[place], code) if said else ()
                told.update(rows)
                change = 0.0
                if said is not None:
                    would = parks.role(code_of(said, parks)) == "park"
                    change = (int(would) - int(counts)) * own[place]
                yield self._wrong(self.every_park, "parks", place, said, parks, change, rows)
        if green is None:
            return
        for place, (code, name) in enumerate(self._named(self.every_green)):
            said = contradicted(code, name, green)
            if said is None or place in told:
                continue
            change = self._joining(place) if green.role(code_of(said, green)) == "park" else 0.0
            yield self._wrong(self.every_green, "green", place, said, green, change, (place,))

    def _wrong(
        self,
        frame: gpd.GeoDataFrame,
        layer: str,
        place: int,
        said: Any,
        table: ClassTable,
        change: float,
        rows: tuple[int, ...],
    ) -> Discrepancy:
        code, shape = frame["class"].iloc[place], frame.geometry.iloc[place]
        what = Text(zh=f"代码 {code}，不是公园", en=f"the code is {code}, no park")
        if said is not None:
            title = TITLES[said]
            what = Text(
                zh=f"代码 {code}，名称却是{title.zh}", en=f"coded {code}, by name {title.en}"
            )
        return Discrepancy(
            kind="wrong_class",
            layer=layer,
            row=frame.index[place],
            name=self._name(frame, place),
            detail=what,
            ground=shape,
            area_m2=float(shape.area),
            on_parks=self.a_head(change) if change else None,
            correction=Correction(rows=rows, code=code_of(said, table)) if rows else None,
        )

    def sizes(self) -> Iterator[Discrepancy]:
        """Yield parks that are not larger than their class asks."""
        others = self.every_green[self.urban & ~self.in_parks]
        for layer, frame in (("parks", self.parks), ("green", others)):
            if self._table(layer) is None or not len(frame):
                continue
            whole = sizes_of(frame, one_park(frame))
            for place in np.flatnonzero(undersized(frame, frame["class"])):
                code, shape = frame["class"].iloc[place], frame.geometry.iloc[place]
                least, size = (least_size(code) or 0.0) / 1e4, whole[place] / 1e4
                text = Text(
                    zh=f"代码 {code} 应大于 {least:g} 公顷，该公园为 {size:.2f} 公顷",
                    en=f"{code} should be larger than {least:g} ha, and the park has {size:.2f} ha",
                )
                yield Discrepancy(
                    kind="wrong_size",
                    layer=layer,
                    row=frame.index[place],
                    name=self._name(frame, int(place)),
                    detail=text,
                    ground=shape,
                    area_m2=float(shape.area),
                )

    def bare(self) -> Iterator[Discrepancy]:
        """Yield parks of whose land, as far as it is seen, less than half is green."""
        cover = self.scope.cover
        if not len(self.parks) or (cover.image is None and cover.polygons is None):
            return
        water = self._layer("water").geometry.to_numpy()
        land = self.inside
        if len(water):
            land = shapely.difference(land, covered(water, land))
        table = cover.green_in(gpd.GeoDataFrame(geometry=land, crs=self.terrain.crs))
        own = self._alone(self.parks.geometry.to_numpy())
        doubles = self.rows_of(self.parks.geometry.to_numpy())
        in_green = covered_area(self.every_green.geometry.to_numpy(), self.inside)
        for place, ground in enumerate(self.inside):
            green = table.ratio(place)
            if not green.denominator or not green.bounds[1] < BARE_BELOW:
                continue
            rows = doubles[place]
            unclear = NO_ROW if in_green[place] > 0 and not rows else Text(zh="", en="")
            text = Text(
                zh=f"影像可见的陆地中绿占 {green.value:.1%}{unclear.zh}",
                en=f"{green.value:.1%} of the land that the image shows is green{unclear.en}",
            )
            yield Discrepancy(
                kind="bare",
                layer="parks",
                row=self.parks.index[place],
                name=self._name(self.parks, place),
                detail=text,
                ground=ground,
                area_m2=green.denominator - green.numerator,
                on_parks=self.a_head(-float(own[place])) if own[place] else None,
                correction=Correction(rows=rows) if rows else None,
            )

    @cached_property
    def not_looked_for(self) -> Text | None:
        """Why undeclared green is not looked for, ``None`` where it is."""
        if self.scope.cover.image is None or self.scope.city.vegetation_method.source == "layer":
            return NO_IMAGE
        return None if "green" in self.scope.city.layers else NO_GREEN

    def undeclared(self) -> Iterator[Discrepancy]:
        """Yield patches of the judged green in no green parcel and no park."""
        image = self.scope.cover.image
        if image is None or self.not_looked_for is not None:
            return
        overlays = self.scope.cover.overlays()
        raster = Corrected(image, overlays) if overlays else image
        claimed = [self.every_green, self.every_park, self._roofs]
        shapes = np.concatenate([frame.geometry.to_numpy() for frame in claimed])
        rest = shapely.difference(self.line, shapely.union_all(shapes))
        ground = gpd.GeoDataFrame(geometry=shapely.get_parts([rest]), crs=self.terrain.crs)
        if raster.grid.crs is not None:
            ground = to_crs(ground, raster.grid.crs, "built_up")
        with few_blocks_kept(raster.grid):
            patches = patches_of(
                GreenClasses(raster),
                {1: "green"},
                smallest_m2=PATCH_M2,
                within=ground.geometry,
                crs=self.terrain.crs,
            )
        drawn = to_crs(patches.frame, self.terrain.crs, "patches")
        for patch, area in zip(drawn.geometry, patches.frame["area_m2"], strict=True):
            yield Discrepancy(
                kind="undeclared",
                layer="image",
                row=None,
                name="",
                detail=Text(zh="不在任何绿地或公园内", en="in no green parcel and no park"),
                ground=patch,
                area_m2=float(area),
                correction=Correction(added=(patch,)),
            )

    def _of_line(self, area: float) -> float:
        """Return how much of the built-up area a sum has too much."""
        return -float(area) / float(self.line.area)

    def _alone(self, shapes: NDArray[Any]) -> NDArray[np.float64]:
        """Return the area of each within the line that no other park that counts has."""
        cut = shapely.intersection(shapes, self.line)
        if len(shapes) == len(self.parks):
            return own_area(cut, shared_ground(cut))
        counted = parks_that_count(self.every_park, self._table("parks"))[0]
        alone = own_area(cut[counted], shared_ground(cut[counted]))
        area: NDArray[np.float64] = shapely.area(cut) - covered_area(cut[counted], cut)
        area[counted] = alone
        return area.clip(min=0.0)

    def _joining(self, place: int) -> float:
        """Return what a green parcel would add to the parks."""
        cut = np.array([self.every_green.geometry.iloc[place].intersection(self.line)])
        return float((shapely.area(cut) - covered_area(self.inside, cut))[0])

    def _of_code(self, rows: tuple[int, ...], code: object) -> tuple[int, ...]:
        if self._table("green") is None or self._table("green") != self._table("parks"):
            return ()
        codes = self.every_green["class"]
        return tuple(row for row in rows if spell(codes.iloc[row]) == spell(code))

    def _named(self, frame: gpd.GeoDataFrame) -> Iterator[tuple[object, object]]:
        names = frame.get("name", pd.Series("", index=frame.index))
        yield from zip(frame["class"], names, strict=True)

    @cached_property
    def _roofs(self) -> gpd.GeoDataFrame:
        """Planted roofs, where the vegetation layer tells them: they are no green land."""
        plants = self.scope.cover.polygons
        if plants is None or "layer" not in plants.columns:
            return self._layer("none")
        words = plants["layer"].map(lambda word: normalize("NFKC", str(word)).strip().lower())
        roofs = plants[words.isin(ROOFS["roof"])]
        if roofs.empty:
            return self._layer("none")
        return self.terrain.ready.layer(roofs, "vegetation", overlaps=False)

    def _layer(self, name: str) -> gpd.GeoDataFrame:
        layer = self.scope.city.layers.get(name)
        if layer is None:
            return gpd.GeoDataFrame({"name": []}, geometry=[], crs=self.terrain.crs)
        return self.terrain.ready.layer(layer, name)

    def _table(self, layer: str) -> ClassTable | None:
        frame = self.every_park if layer == "parks" else self.every_green
        return class_table(self.scope.city, layer, frame)

    def _name(self, frame: gpd.GeoDataFrame, place: int) -> str:
        name = frame["name"].iloc[place] if "name" in frame.columns else None
        return "" if name is None or pd.isna(name) else str(name)
