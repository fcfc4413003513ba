"""Discrepancies: parcels that are declared and what is there, where the two are apart.

Question   Which parks are bare, which green is undeclared, what is counted twice or beyond the line?
Enters     The Scope of a city.
Leaves     A ledger ranked by effect on the indicators, and pictures of the first places.
Elsewhere  Declared figures: declaration. Names and codes: prepare/class_claims. Pictures: chips.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from greenspace.chips import chips_at
from greenspace.errors import InputError
from greenspace.measure.areas import covered, covered_area
from greenspace.measure.claims import beyond, own_area, shared_ground
from greenspace.model.declared import KINDS, Discrepancy
from greenspace.model.gauged import Gauged
from greenspace.model.ledger import Column, Ledger
from greenspace.model.source import finding_of
from greenspace.model.words import Text
from greenspace.prepare.class_claims import TITLES, contradicted, least_size
from greenspace.prepare.corrections import Corrected
from greenspace.prepare.project import to_crs
from greenspace.prepare.storeys import KINDS as ROOFS
from greenspace.prepare.vectorise import GreenClasses, patches_of
from greenspace.read.block_cache import few_blocks_kept
from greenspace.read.definitions import read_classes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from greenspace.model.classes import ClassTable
    from greenspace.scope import Scope

BARE_BELOW = 0.5  # of a park's land that the image shows: less of it green is mostly bare
PATCH_M2 = 1000.0  # the smallest patch of undeclared green that is listed
SAME = 0.99  # of a parcel: so much of it in a park is that park
MOST_CHIPS = 24
URBAN = ("park", "green")
CONCERNED = ("park_area_per_capita", "green_space_ratio")
COLUMNS = (
    Column("rank", Text("序号", "rank"), "count"),
    Column("kind", Text("问题", "what is apart")),
    Column("name", Text("名称", "name")),
    Column("layer", Text("图层", "layer")),
    Column("row", Text("行", "row")),
    Column("detail", Text("说明", "detail")),
    Column("area_m2", Text("涉及面积", "area concerned"), "m2"),
    Column("on_parks", Text("对人均公园绿地的影响", "effect on park area per head"), "m2/person"),
    Column("on_ratio", Text("对绿地率的影响", "effect on the green-space ratio"), "1"),
    Column("x", Text("X", "x"), "m"),
    Column("y", Text("Y", "y"), "m"),
    Column("chip", Text("影像", "picture")),
)
NOTE = Text(
    f"按对指标的影响排列（占指标值的比例）。影响是改正该行之后的变化：大半不绿（影像可见的陆地绿地不足 {BARE_BELOW:.0%}）的"
    f"公园不计、未申报的绿（不小于 {PATCH_M2:,.0f} m²）补入绿地、类别按名称改；“重复计算”和“界线外”是逐块相加时"
    "多算的部分，本软件的量算值已经只计一次、只计界内。绿化覆盖率取自影像，不随申报改变。规模界线：GB 55014-2021。"
    "屋顶绿化计入覆盖率而不是绿地：植被图层没有标明的屋顶绿化也会列为未申报的绿。坐标为量算坐标系。",
    "Ranked by the effect on the indicators, as a share of their values. The effect is that of putting "
    f"the row right: parks that are mostly bare (less than {BARE_BELOW:.0%} of the land that the image "
    f"shows is green) do not count, undeclared green (of {PATCH_M2:,.0f} m2 and more) is added, classes "
    "follow the name. 'Counted twice' and 'outside' are what a plain sum of parcels counts too much: "
    "the numbers of this check count ground once, and inside the line, already. Green coverage is the "
    "image's and does not change with what is declared. Planted roofs count for coverage and are no green "
    "land: those that no vegetation layer tells are listed as undeclared too. Sizes by class: GB 55014-2021. Coordinates are "
    "of the measuring CRS.",
)


def gauge_discrepancies(scope: Scope) -> Gauged:
    """Hold a city's parks and green parcels against the image, the line and each other."""
    if not {"parks", "green"} & set(scope.city.layers) or scope.terrain.built_up is None:
        return Gauged()
    found: list[Discrepancy] = []
    told = []
    claims = Claims(scope)
    for look in (claims.twice, claims.outside, claims.classes, claims.bare, claims.undeclared):
        try:
            found += look()
        except InputError as error:
            told.append(replace(finding_of(error), severity="warning", indicators=CONCERNED))
    ranked = sorted(found, key=claims.weight, reverse=True)
    if not ranked:
        return Gauged(findings=tuple(told))
    firsts = [item.ground for item in ranked[:MOST_CHIPS]]
    chips = chips_at(scope.cover.image, firsts, scope.terrain.crs, prefix="declared")
    return Gauged(findings=tuple(told), ledgers=(_ledger(ranked, chips),), chips=chips)


class Claims:
    """The parks and green parcels of a city, and what is odd about them."""

    def __init__(self, scope: Scope) -> None:
        self.scope, self.terrain = scope, scope.terrain
        self.line: Any = scope.terrain.built_up
        self.people = scope.city.population

    @cached_property
    def parks(self) -> gpd.GeoDataFrame:
        """The declared parks."""
        return self._layer("parks")

    @cached_property
    def green(self) -> gpd.GeoDataFrame:
        """Green parcels that count in the city."""
        frame, table = self._layer("green"), self._table("green")
        if table is None or "class" not in frame.columns:
            return frame
        return frame[[table.role(code) in URBAN for code in frame["class"]]]

    @cached_property
    def others(self) -> gpd.GeoDataFrame:
        """Green parcels that are none of the declared parks."""
        shapes = self.green.geometry.to_numpy()
        in_parks = covered_area(self.parks.geometry.to_numpy(), shapes)
        return self.green[in_parks < SAME * shapely.area(shapes)]

    def weight(self, item: Discrepancy) -> tuple[float, float]:
        """Return how much a row matters: its effect as a share of the indicator, its area."""
        on_parks = abs(item.on_parks or 0.0) / self._park_value
        on_ratio = abs(item.on_ratio or 0.0) / self._ratio_value
        return max(on_parks, on_ratio), item.area_m2

    def twice(self) -> Iterator[Discrepancy]:
        """Yield each ground that two parcels of a layer claim."""
        for layer, frame in (("parks", self.parks), ("green", self.others)):
            shapes = frame.geometry.to_numpy()
            pairs = shared_ground(shapes)
            inside = shapely.intersection(pairs.ground, self.line)
            for left, right, ground in zip(pairs.left, pairs.right, inside, strict=True):
                if ground.area > 0:
                    names = self._name(frame, left), self._name(frame, right)
                    rows = frame.index[left], frame.index[right]
                    text = Text(
                        zh=f"第 {rows[0]} 行与第 {rows[1]} 行重叠",
                        en=f"rows {rows[0]} and {rows[1]} overlap",
                    )
                    row = f"{rows[0]}, {rows[1]}"
                    yield self._too_much(
                        "twice", layer, row, " / ".join(filter(None, names)), text, ground
                    )

    def outside(self) -> Iterator[Discrepancy]:
        """Yield what lies beyond the built-up line of each parcel."""
        for layer, frame in (("parks", self.parks), ("green", self.others)):
            shapes = frame.geometry.to_numpy()
            places, grounds = beyond(shapes, self.line)
            for place, ground in zip(places, grounds, strict=True):
                share = ground.area / shapes[place].area
                text = Text(zh=f"占该地块的 {share:.1%}", en=f"{share:.1%} of the parcel")
                name = self._name(frame, place)
                yield self._too_much("outside", layer, frame.index[place], name, text, ground)

    def classes(self) -> Iterator[Discrepancy]:
        """Yield parcels whose name or size contradicts their class."""
        for layer, frame in (("parks", self.parks), ("green", self.others)):
            table = self._table(layer)
            if table is None or not {"class", "name"} <= set(frame.columns):
                continue
            yield from self._names(layer, frame, table)
            yield from self._sizes(layer, frame)

    def _names(
        self, layer: str, frame: gpd.GeoDataFrame, table: ClassTable
    ) -> Iterator[Discrepancy]:
        shapes = frame.geometry.to_numpy()
        own = None
        for place, (code, name) in enumerate(zip(frame["class"], frame["name"], strict=True)):
            said = contradicted(code, name, table)
            role = table.role(code)
            if said is None and not (layer == "parks" and role not in ("park", None)):
                continue
            own = own_area(shapes, shared_ground(shapes)) if own is None else own
            area = float(own[place])
            gain = area if said == "park" and layer == "green" else -area
            nursery = said == "nursery" and table.edition != "2002"
            what = Text(zh=f"代码 {code}", en=f"the code is {code}")
            if said is not None:
                title = TITLES[said]
                what = Text(
                    zh=f"代码 {code}，名称却是{title.zh}", en=f"coded {code}, by name {title.en}"
                )
            matters = said == "park" or role == "park" or layer == "parks"
            yield Discrepancy(
                kind="wrong_class",
                layer=layer,
                row=frame.index[place],
                name=self._name(frame, place),
                detail=what,
                ground=shapes[place],
                area_m2=float(shapes[place].area),
                on_parks=self._a_head(gain) if matters else None,
                on_ratio=-area / self.line.area if nursery and layer == "green" else None,
            )

    def _sizes(self, layer: str, frame: gpd.GeoDataFrame) -> Iterator[Discrepancy]:
        shapes = frame.geometry.to_numpy()
        names = [self._name(frame, place) or f"#{place}" for place in range(len(frame))]
        whole = pd.Series(shapely.area(shapes)).groupby(names).transform("sum")
        for place, code in enumerate(frame["class"]):
            least = least_size(code)
            if least is None or whole[place] > least:
                continue
            text = Text(
                zh=f"代码 {code} 应大于 {least / 1e4:g} 公顷，该公园为 {whole[place] / 1e4:.2f} 公顷",
                en=f"{code} should be larger than {least / 1e4:g} ha, and the park has "
                f"{whole[place] / 1e4:.2f} ha",
            )
            yield Discrepancy(
                kind="wrong_size",
                layer=layer,
                row=frame.index[place],
                name=self._name(frame, place),
                detail=text,
                ground=shapes[place],
                area_m2=float(shapes[place].area),
            )

    def bare(self) -> Iterator[Discrepancy]:
        """Yield parks of whose land, as far as it is seen, less than half is green."""
        if not len(self.parks) or (self.scope.cover.image is None and not self._has_polygons):
            return
        inside = shapely.intersection(self.parks.geometry.to_numpy(), self.line)
        water = self._layer("water").geometry.to_numpy()
        land = shapely.difference(inside, covered(water, inside)) if len(water) else inside
        table = self.scope.cover.green_in(gpd.GeoDataFrame(geometry=land, crs=self.terrain.crs))
        own = own_area(inside, shared_ground(inside))
        in_ratio = covered_area(self.green.geometry.to_numpy(), inside)
        for place in range(len(self.parks)):
            green = table.ratio(place)
            if not green.denominator or not green.bounds[1] < BARE_BELOW:
                continue
            bare = green.denominator - green.numerator
            text = Text(
                zh=f"影像可见的陆地中绿占 {green.value:.1%}",
                en=f"{green.value:.1%} of the land that the image shows is green",
            )
            counted = min(float(own[place]), float(in_ratio[place]))
            yield Discrepancy(
                kind="bare",
                layer="parks",
                row=self.parks.index[place],
                name=self._name(self.parks, place),
                detail=text,
                ground=inside[place],
                area_m2=bare,
                on_parks=self._a_head(-float(own[place])),
                on_ratio=-counted / self.line.area if len(self.green) else None,
            )

    def undeclared(self) -> Iterator[Discrepancy]:
        """Yield patches of the judged green in no green parcel and no park."""
        image = self.scope.cover.image
        judged = image is not None and self.scope.city.vegetation_method.source != "layer"
        if image is None or not judged or not len(self.green):
            return
        overlays = self.scope.cover.overlays()
        raster = Corrected(image, overlays) if overlays else image
        claimed = [self._layer("green"), self.parks, self._roofs]
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
        text = Text(zh="不在任何绿地或公园内", en="in no green parcel and no park")
        for ground_of, area in zip(drawn.geometry, patches.frame["area_m2"], strict=True):
            yield Discrepancy(
                kind="undeclared",
                layer="image",
                row=None,
                name="",
                detail=text,
                ground=ground_of,
                area_m2=float(area),
                on_ratio=float(area) / self.line.area,
            )

    def _too_much(
        self, kind: Any, layer: str, row: object, name: str, detail: Text, ground: Any
    ) -> Discrepancy:
        """Return ground that a plain sum of parcels counts too much."""
        area = float(ground.area)
        of_parks = layer == "parks"
        return Discrepancy(
            kind=kind,
            layer=layer,
            row=row,
            name=name,
            detail=detail,
            ground=ground,
            area_m2=area,
            on_parks=self._a_head(-area) if of_parks else None,
            on_ratio=None if of_parks else -area / self.line.area,
        )

    def _a_head(self, area: float) -> float | None:
        return area / self.people if self.people else None

    @cached_property
    def _park_value(self) -> float:
        area = shapely.union_all(self.parks.geometry.to_numpy()).intersection(self.line).area
        return (self._a_head(area) or 0.0) or 1.0

    @cached_property
    def _ratio_value(self) -> float:
        area = shapely.union_all(self.green.geometry.to_numpy()).intersection(self.line).area
        return area / self.line.area or 1.0

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

    @property
    def _has_polygons(self) -> bool:
        return self.scope.cover.polygons is not None

    def _layer(self, name: str) -> gpd.GeoDataFrame:
        layer = self.scope.city.layers.get(name)
        if layer is None:
            return gpd.GeoDataFrame({"name": []}, geometry=[], crs=self.terrain.crs)
        return self.terrain.ready.layer(layer, name)

    def _table(self, layer: str) -> ClassTable | None:
        edition = self.scope.city.editions.get(layer)
        return None if edition is None else read_classes(edition)

    def _name(self, frame: gpd.GeoDataFrame, place: int) -> str:
        name = frame["name"].iloc[place] if "name" in frame.columns else None
        return "" if name is None or pd.isna(name) else str(name)


def _ledger(found: list[Discrepancy], chips: tuple[Any, ...]) -> Ledger:
    points = shapely.point_on_surface(np.array([item.ground for item in found], dtype=object))
    pictures: NDArray[Any] = np.full(len(found), None, dtype=object)
    for chip in chips:
        pictures[chip.place] = f"chips/{chip.id}.png"
    rows = pd.DataFrame(
        {
            "rank": range(1, len(found) + 1),
            "kind": [KINDS[item.kind] for item in found],
            "name": [item.name for item in found],
            "layer": [item.layer for item in found],
            "row": ["" if item.row is None else str(item.row) for item in found],
            "detail": [item.detail for item in found],
            "area_m2": [item.area_m2 for item in found],
            "on_parks": pd.array([item.on_parks for item in found], dtype="Float64"),
            "on_ratio": pd.array([item.on_ratio for item in found], dtype="Float64"),
            "x": shapely.get_x(points),
            "y": shapely.get_y(points),
            "chip": pictures,
        }
    )
    rows[["on_parks", "on_ratio"]] = rows[["on_parks", "on_ratio"]].astype(float)
    title = Text("申报与实地不符清单", "where what is declared and what is there are apart")
    return Ledger("declared_parks", title, COLUMNS, rows, NOTE)
