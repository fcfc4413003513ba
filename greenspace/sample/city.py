"""City: the whole made-up city in memory.

Question   What does one seed give: which layers, which pixels, which truth?
Enters     A seed and a size.
Leaves     One frozen value; the same seed always gives the same one.
Elsewhere  Files: write.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from greenspace.sample import (
    communities,
    gardens,
    guarded,
    image,
    layers,
    lists,
    parks,
    paths,
    planned,
    plants,
    plots,
    reserve,
    scenes,
    street_land,
    yards,
)
from greenspace.sample.earlier import STAGES, earlier_layers
from greenspace.sample.ground import Ground
from greenspace.sample.layout import lay_out
from greenspace.sample.plan import PLANS, Size
from greenspace.sample.reference import reference_points
from greenspace.sample.truth import headline, intruded, registered, truth

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from greenspace.sample.gardens import Garden
    from greenspace.sample.ground import Parcel
    from greenspace.sample.image import SampleImage
    from greenspace.sample.layout import Layout
    from greenspace.sample.plots import Built

NAME = "清河（虚构）"
COVERAGE = ("green_coverage_m2", "green_coverage")


@dataclass(frozen=True, slots=True)
class SampleCity:
    """A made-up city.

    Attributes
    ----------
    layers
        GeoDataFrames in EPSG:4547 by layer name.
    images
        Newest first.
    reference
        Points in the newest image at which the truth is known.
    earlier
        For each earlier year the layers that are not today's.
    lists
        The lines of tables of text by file name.
    truth
        Areas and ratios of the city and its districts, from the shapes alone.
    """

    name: str
    seed: int
    size: Size
    layers: Mapping[str, gpd.GeoDataFrame]
    images: tuple[SampleImage, ...]
    reference: gpd.GeoDataFrame
    earlier: Mapping[int, Mapping[str, gpd.GeoDataFrame]]
    lists: Mapping[str, list[str]]
    truth: Mapping[str, Any]


def make_city(seed: int = 7, size: Size = "full") -> SampleCity:
    """Return the made-up city of a seed; nothing is written.

    Examples
    --------
    >>> city = make_city(seed=3, size="small")
    >>> sorted(city.layers["districts"]["DISTRICT"])
    ['临河区', '南岸区', '清源区']
    >>> city.images[0].pixels.shape
    (4, 300, 300)
    """
    layout = lay_out(PLANS[size], seed)
    found, matter = _develop(layout, seed)
    newer = image.take(scenes.newer_scene(matter), seed)
    older = image.take(scenes.older_scene(matter), seed)
    before = earlier_layers(found, matter)
    figures = truth(found, newer)
    figures["registered"] = registered(found)
    figures["guarded"] = intruded(found)
    stages = {
        f"year_{year}": {"date": stage.day} | headline({**found, **before[year]})
        for year, stage in STAGES.items()
    }
    covered = {key: stages[f"year_{older.date.year}"][key] for key in COVERAGE}
    figures |= {"older": {"date": older.date} | covered, **stages}
    heading = {"name": NAME, "seed": seed, "size": size}
    return SampleCity(
        name=NAME,
        seed=seed,
        size=size,
        layers=MappingProxyType(found),
        images=(newer, older),
        reference=reference_points(found["vegetation"], layout.built_up, newer, seed),
        earlier=MappingProxyType(_kept(before)),
        lists={
            "species.csv": lists.species_lines(seed),
            "inspections.csv": lists.inspection_lines(found["communities"]["NAME"], seed),
        },
        truth=MappingProxyType(heading | figures),
    )


def _develop(layout: Layout, seed: int) -> tuple[dict[str, gpd.GeoDataFrame], scenes.Matter]:
    """Return the layers of a layout, and the matter that its images are made of."""
    ground = Ground(layout.blocks)
    beyond = parks.beyond_construction(layout, ground, seed)
    park_parcels = parks.parks(layout, ground, seed)
    belts = [*parks.belts(layout, ground), *parks.banks(layout, ground)]
    squares = parks.squares(layout, ground)
    built = plots.build(layout, ground, seed)
    parcels = [*park_parcels, *belts, *squares, *parks.road_green(layout), *built.green, *beyond]
    insides = gardens.gardens(layout, park_parcels, seed)
    town = layers.historic(layout)
    trees = layers.old_trees(town, built, seed)
    rows = plants.grow(layout, parcels, insides, built, seed) + layers.old_crowns(trees, seed)
    planned = parks.construction_land(layout, beyond, seed)
    found = {
        "built_up": layers.table([], [(layout.built_up,)]),
        "districts": layers.districts(layout, built),
        "construction_land": layers.table([], [(planned,)]),
        **layers.green_layers(parcels, insides, layout),
        **layers.plot_layers(built),
        **layers.street_layers(layout, paths.walking_network(layout, insides, built)),
        "vegetation": layers.vegetation(rows),
        "historic": layers.table(["NAME"], [("清河老城", town)]),
        "old_trees": trees,
    }
    more = _registered(layout, parcels, insides, built, found, seed)
    return found | more, scenes.Matter(layout, tuple(insides), built, tuple(rows), seed)


def _registered(
    layout: Layout,
    parcels: list[Parcel],
    insides: list[Garden],
    built: Built,
    found: dict[str, gpd.GeoDataFrame],
    seed: int,
) -> dict[str, gpd.GeoDataFrame]:
    """Return what an office registers beside the maps: further layers, and further columns."""
    homes, units, roads = found["residential"], found["units"], found["roads"]
    trees, plan = found["old_trees"], planned.plans(layout, parcels, seed)
    places = communities.communities(layout, found["districts"], homes, seed)
    wider = {
        "residential": yards.estate_columns(homes, found["districts"], seed),
        "units": yards.unit_columns(units, seed),
        "roads": {"DEMO": street_land.demonstration(roads)},
        "footways": {"KIND": ["footway"] * len(found["footways"])},
        "parks": {"OPEN": ["是"] * len(found["parks"])},
        "old_trees": guarded.tree_columns(trees, seed),
    }
    return {
        **{name: _widened(found[name], columns) for name, columns in wider.items()},
        "communities": places,
        "centre": communities.centre(places, found["historic"].geometry.iloc[0]),
        "noise_sources": communities.noise_sources(places, seed),
        **street_land.street_land(layout, parcels),
        **yards.registers(layout, built, parcels, insides, seed),
        **plan,
        **guarded.guarded(layout, built, parcels, trees, plan["planned_green"]),
        **reserve.reserve(layout, seed),
    }


def _widened(frame: gpd.GeoDataFrame, columns: Mapping[str, Sequence[Any]]) -> gpd.GeoDataFrame:
    """Return a layer with further columns, the shape still the last one."""
    order = [*frame.columns.drop("geometry"), *columns, "geometry"]
    return frame.assign(**columns)[order]


def _kept(before: dict[int, dict[str, gpd.GeoDataFrame]]) -> dict[int, Mapping[str, Any]]:
    """Return the layers of each date without plants that its image shows."""
    return {
        year: {
            name: frame
            for name, frame in found.items()
            if name != "vegetation" or not STAGES[year].imaged
        }
        for year, found in before.items()
    }
