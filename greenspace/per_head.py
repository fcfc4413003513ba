"""Per head: park area for each person of the city, of its districts and of what lies in none.

Question   How much of these parks has a resident, here and in each district?
Enters     The ground of a city, its persons, and the parks in its built-up area.
Leaves     Measured numbers with their zones.
Elsewhere  The arithmetic: measure/per_capita. The lowest district: survey. One layer alone: api.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from greenspace.measure import per_capita
from greenspace.measure.areas import covered_area
from greenspace.model.check import Measured
from greenspace.model.quantity import Ratio
from greenspace.model.source import Source
from greenspace.model.words import Text
from greenspace.prepare.allocate import persons_of_zones

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from greenspace.model.city import City
    from greenspace.residents import People
    from greenspace.terrain import Terrain

NOBODY_OUTSIDE = Text(
    zh="各区之外没有给出人口。", en="No population is given for what lies in no district."
)


def park_area_of_places(
    terrain: Terrain,
    city: City,
    people: People | None,
    inside: gpd.GeoSeries,
    *,
    indicator: str = per_capita.INDICATOR,
    rules: tuple[Source, ...] = (),
) -> Measured:
    """Return park area per head, by district where the districts have persons.

    Parameters
    ----------
    terrain
        The ground that is measured.
    city
        With its population, counted where a raster has it.
    people
        Persons of the places of `terrain`, where a raster has them.
    inside
        Parks, cut to the built-up area.
    indicator
        What the number is called.
    rules
        What else stands behind it.
    """
    ratio = per_capita.park_area_per_capita(inside, city.population or 0.0, indicator=indicator)
    ratio = replace(ratio, undefined=None if people is None else people.unknown[0])
    ratio = ratio.with_sources(*city.sources("parks", "built_up"), population_source(city), *rules)
    districts = terrain.districts
    if districts is None or (people is None and "population" not in districts.columns):
        return Measured(ratio=ratio)
    rows = slice(terrain.first_district, terrain.first_district + len(districts))
    unknown: Sequence[Text | None] = [None] * len(districts)
    if people is not None:
        persons, unknown = people.persons[rows], people.unknown[rows]
    else:
        persons = persons_of_zones(districts, "population")
    persons = np.where(districts.geometry.is_empty, 0.0, persons)
    table = per_capita.park_area_per_capita_by_zone(inside, persons, districts, indicator=indicator)
    return Measured(
        ratio=ratio,
        zones=table.sourced(ratio.sources).undefined_by(unknown),
        zone_names=terrain.district_names,
        outside=_outside(terrain, people, inside, indicator),
    )


def _outside(
    terrain: Terrain, people: People | None, parks: gpd.GeoSeries, indicator: str
) -> Ratio | None:
    rest = terrain.outside
    if rest is None:
        return None
    area = float(covered_area(parks.to_numpy(), np.array([rest]))[0])
    counted = 0.0 if people is None else float(people.persons[-1])
    why = (None if people is None else people.unknown[-1]) or NOBODY_OUTSIDE
    return Ratio(indicator, area, counted, "m2/person", terrain.crs, place="outside", undefined=why)


def population_source(city: City) -> Source:
    """Return the source that names the number of persons and their basis beside a number."""
    basis, persons = city.population_basis or "—", city.population
    note = Text(zh=f"人口口径：{basis}", en=f"population basis: {basis}")
    name = "—" if persons is None else f"{persons:,.10g}"
    return Source(role="population", name=name, note=note)
