"""Truth: what is so, computed from the shapes alone and without the library's measures.

Question   Which figures must a measurement of this city come out at?
Enters     The layers, and the newest image for what it hides.
Leaves     A dictionary of plain numbers for the city and for each district.
Elsewhere  Measuring: the rest of the library, which this file must not use.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely
from rasterio.features import shapes
from shapely.geometry import shape

from greenspace.sample.shapes import multi, polygons_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from greenspace.sample.image import SampleImage

TIERS = ((5000.0, 500.0), (2000.0, 300.0))
QUAD_SEGS = 2048  # segments per quarter circle; the area of a circle is 1e-7 of itself too small
OTHER_GREEN_CAP = 0.20
ATTACHED = ("RG", "AG", "BG", "MG", "WG", "SG", "UG")
Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Parts:
    """The shapes that every figure is cut from, for the whole city."""

    vegetation: BaseGeometry
    inside: BaseGeometry  # green land that counts, inside construction land
    adjacent: BaseGeometry  # other green land that touches construction land along an edge
    apart: BaseGeometry  # other green land that does not
    construction: BaseGeometry
    parks: BaseGeometry
    homes: BaseGeometry
    served: BaseGeometry
    unseen: BaseGeometry


def truth(layers: Mapping[str, gpd.GeoDataFrame], image: SampleImage) -> Figures:
    """Return the figures of the city and of its districts.

    Green coverage: union of all vegetation inside the zone over the zone. Green land: classes
    G1, G2, G3 and attached, inside construction land, plus other green land (EG without EG4)
    outside it whose connected piece shares an edge with it, up to 20 % of the former; capped for
    the city and for each district on its own. Service: residential land inside the built-up area
    within the true circle distance of a park whose whole area reaches the tier.
    """
    city = layers["built_up"].geometry.iloc[0]
    parts = _parts(layers, image, city)
    residents = layers["districts"]["POP"].tolist()
    zones = zip(
        layers["districts"]["DISTRICT"], layers["districts"].geometry, residents, strict=True
    )
    return {
        "city": _figures(parts, city, sum(residents)),
        "service": {"tiers": [list(tier) for tier in TIERS], "quad_segs": QUAD_SEGS},
        "district": [
            {"name": name} | _figures(parts, zone, people) for name, zone, people in zones
        ],
    }


def coverage(vegetation: gpd.GeoDataFrame, zone: BaseGeometry) -> Figures:
    """Return the vegetated area of a zone and its share."""
    area = _union(vegetation.geometry).intersection(zone).area
    return {"green_coverage_m2": area, "green_coverage": area / zone.area}


def headline(layers: Mapping[str, gpd.GeoDataFrame]) -> Figures:
    """Return the three figures of the gate for the whole city."""
    city = layers["built_up"].geometry.iloc[0]
    green = _green(layers, city)
    residents = int(layers["districts"]["POP"].sum())
    inside, adjacent = float(green["inside"].area), float(green["adjacent"].area)
    counted = inside + min(adjacent, OTHER_GREEN_CAP * inside)
    parks = _union(layers["parks"].geometry).intersection(city)
    return {
        "population": residents,
        **coverage(layers["vegetation"], city),
        "green_space_counted_m2": counted,
        "green_space_ratio": counted / city.area,
        "park_area_m2": float(parks.area),
        "park_area_per_capita": parks.area / residents,
    }


def registered(layers: Mapping[str, gpd.GeoDataFrame]) -> Figures:
    """Return what the plan and the registers come to.

    Production green is EG4, wherever it lies; protective green G2, existing within planned.
    Six classes: G1, G2, attached, EG1 and EG4, within the city area.
    """
    green, codes = layers["green"].geometry, layers["green"]["绿地类型"]
    plan = layers["planned_green"]
    planned = _union(plan.geometry[plan["CLASS"].str.startswith("G2")])
    built = _union(green[codes.str.startswith("G2")])
    six = codes.str.match("G[12]|EG[14]") | codes.isin(ATTACHED)
    area = _union(layers["city_area"].geometry)
    production = float(_union(green[codes.str.startswith("EG4")]).area)
    return {
        "production_green_m2": production,
        "production_green_share": production / _union(layers["built_up"].geometry).area,
        "protective_planned_m2": float(planned.area),
        "protective_green_implementation": built.intersection(planned).area / planned.area,
        "city_area_m2": float(area.area),
        "green_space_ratio_of_city_area": _union(green[six]).intersection(area).area / area.area,
        "returned_farmland_area": float(_union(layers["returned_farmland"].geometry).area),
        "vertical_greening_area": float(layers["vertical_greening"]["AREA_M2"].sum()),
        "plantable_m2": float(_union(layers["plantable"].geometry).area),
    }


def intruded(layers: Mapping[str, gpd.GeoDataFrame]) -> Figures:
    """Return what lies within the approved lines and should not, and the park's core."""
    lines = _union(layers["green_lines"].geometry)
    zones, projects = layers["park_zones"], layers["construction"]
    later = projects.geometry[projects["DATE"] >= "2023-06-30"]
    core = zones.geometry[zones["LEVEL"] == "核心保护区"]
    return {
        "green_lines_m2": float(lines.area),
        "later_construction_m2": float(_union(later).intersection(lines).area),
        "road_widening_m2": float(
            _union(layers["road_widening"].geometry).intersection(lines).area
        ),
        "park_m2": float(_union(layers["park_boundary"].geometry).area),
        "core_share": float(core.area.sum() / zones.area.sum()),
    }


def _union(shapes: gpd.GeoSeries) -> BaseGeometry:
    return shapely.disjoint_subset_union_all(shapes.to_numpy())


def _parts(layers: Mapping[str, gpd.GeoDataFrame], image: SampleImage, city: BaseGeometry) -> Parts:
    parks = layers["parks"].geometry
    return Parts(
        **_green(layers, city),
        vegetation=_union(layers["vegetation"].geometry).intersection(city),
        parks=_union(parks).intersection(city),
        homes=_union(layers["residential"].geometry).intersection(city),
        served=_served(parks),
        unseen=_unseen(image).intersection(city),
    )


def _green(layers: Mapping[str, gpd.GeoDataFrame], city: BaseGeometry) -> dict[str, BaseGeometry]:
    """Return construction land, the green inside it, and other green by whether it touches it."""
    green, codes = layers["green"].geometry, layers["green"]["绿地类型"]
    counted = codes.str.match("G[123]") | codes.isin(ATTACHED)
    other = codes.str.startswith("EG") & ~codes.str.startswith("EG4")
    construction = _union(layers["construction_land"].geometry)
    inside = _union(green[counted]).intersection(construction)
    beyond = _union(green[other]).intersection(city).difference(construction)
    pieces = polygons_of(beyond, least_m2=0.01)
    touching = [piece for piece in pieces if piece.intersection(construction).length > 0]
    alone = [piece for piece in pieces if piece.intersection(construction).length == 0]
    return {
        "inside": inside.intersection(city),
        "adjacent": multi(shapely.union_all(touching)),
        "apart": multi(shapely.union_all(alone)),
        "construction": construction.intersection(city),
    }


def _served(parks: gpd.GeoSeries) -> BaseGeometry:
    reach = []
    for park in parks:
        radius = next((r for least, r in TIERS if park.area >= least), None)
        if radius is not None:
            reach.append(park.buffer(radius, quad_segs=QUAD_SEGS))
    return shapely.union_all(reach)


def _unseen(image: SampleImage) -> BaseGeometry:
    """Return the squares of the pixels that show no ground."""
    hidden = (~image.seen).astype("uint8")
    found = shapes(hidden, mask=hidden == 1, transform=image.transform)
    return shapely.union_all([shape(outline) for outline, _ in found])


def _figures(parts: Parts, zone: BaseGeometry, residents: int) -> Figures:
    def area(part: BaseGeometry) -> float:
        return float(part.intersection(zone).area)

    inside, adjacent = area(parts.inside), area(parts.adjacent)
    counted = inside + min(adjacent, OTHER_GREEN_CAP * inside)
    homes, parks, vegetation = area(parts.homes), area(parts.parks), area(parts.vegetation)
    served = min(homes, area(parts.homes.intersection(parts.served)))
    return {
        "built_up_m2": float(zone.area),
        "construction_land_m2": area(parts.construction),
        "population": int(residents),
        "green_coverage_m2": vegetation,
        "green_coverage": vegetation / zone.area,
        "green_space_inside_m2": inside,
        "green_space_other_adjacent_m2": adjacent,
        "green_space_other_apart_m2": area(parts.apart),
        "green_space_counted_m2": counted,
        "green_space_ratio": counted / zone.area,
        "park_area_m2": parks,
        "park_area_per_capita": parks / residents,
        "residential_m2": homes,
        "served_m2": served,
        "service_coverage": served / homes,
        "unseen_m2": area(parts.unseen),
    }
