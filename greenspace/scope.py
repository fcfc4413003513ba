"""Scope: what a gauge may look at while one subject of a city is measured.

Question   Which ground, vegetation, people and standard does this subject rest on?
Enters     What the survey has made ready, and the standard that is judged.
Leaves     One frozen value.
Elsewhere  The gauges: gauges. What they return: model/gauged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from greenspace.model.check import Measured
from greenspace.model.layers import LAYERS
from greenspace.model.source import Source
from greenspace.model.words import Text

if TYPE_CHECKING:
    from greenspace.cover import Cover
    from greenspace.model.city import City
    from greenspace.model.definition import Parameter, Profile
    from greenspace.model.quantity import Ratio, RatioTable
    from greenspace.residents import People
    from greenspace.terrain import Terrain


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scope:
    """A city made ready, and the standard it is held against.

    Attributes
    ----------
    city
        Its population is counted already, where a raster has it.
    people
        Persons of the places of `terrain`, where a raster has them.
    """

    city: City
    terrain: Terrain
    cover: Cover
    people: People | None
    profile: Profile
    level: str

    def parameter(self, indicator: str, name: str) -> Parameter | None:
        """Return a parameter of the standard's row, ``None`` where it has none."""
        return parameter_of(self.profile, self.level, indicator, name)

    def number(self, indicator: str, name: str, default: float) -> float:
        """Return the number of such a parameter, `default` where the row has none."""
        found = self.parameter(indicator, name)
        return default if found is None else float(found.value)  # type: ignore[arg-type]


def parameter_of(profile: Profile, level: str, indicator: str, name: str) -> Parameter | None:
    """Return a parameter of a standard's row, ``None`` where it has none."""
    rows = (row for row in profile.at(level) if row.indicator == indicator)
    return next((item for row in rows for item in row.parameters if item.name == name), None)


def green_cap(profile: Profile, level: str) -> Parameter | None:
    """Return what a standard says of how much other green may count."""
    return parameter_of(profile, level, "green_space_ratio", "other_green_cap")


def entered(*parameters: Parameter | None) -> tuple[Source, ...]:
    """Return sources that name, beside a number, what the user entered for its method."""
    return tuple(
        Source(role="rule", name=f"{item.name} = {item.value}", note=_from(item))
        for item in parameters
        if item is not None and item.mark == "user"
    )


def _from(item: Parameter) -> Text:
    where = f"{item.source.document} {item.source.clause}".strip()
    return Text(zh=f"自行录入（user）：{where}", en=f"entered by the user (user): {where}")


def over_places(terrain: Terrain, ratio: Ratio, table: RatioTable) -> Measured:
    """Return a number of the city with those of its districts and of what lies in none.

    `table` stands on the rows of ``terrain.places``.
    """
    count, start = len(terrain.district_names), terrain.first_district
    rows = list(range(start, start + count))
    beyond = start + count < len(table)
    return Measured(
        ratio=ratio,
        zones=table.take(rows) if rows else None,
        zone_names=terrain.district_names,
        outside=table.ratio(start + count, place="outside") if beyond else None,
    )


def no_layer(name: str) -> Text:
    """Return why there is no number: the manifest lacks a layer.

    Examples
    --------
    >>> no_layer("roads").en
    'The manifest has no layer of roads ([layers.roads]).'
    """
    title = LAYERS[name].title
    return Text(
        zh=f"清单中没有{title.zh}图层（[layers.{name}]）。",
        en=f"The manifest has no layer of {title.en} ([layers.{name}]).",
    )
