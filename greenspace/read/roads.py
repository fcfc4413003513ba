"""Roads: the table of road classes and of the green ratios asked by width.

Question   Which words name which class of road, and what does each edition ask of a width?
Enters     definitions/classes/roads.toml.
Leaves     Frozen rules.
Elsewhere  Holding lines against them: prepare/roads, measure/roads.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from types import MappingProxyType
from typing import Self

from pydantic import Field, model_validator

from greenspace.model.definition import Mark  # noqa: TC001  pydantic asks for it when it runs
from greenspace.model.roads import OTHER, RoadClasses, WidthTable
from greenspace.read.definition_shape import Table
from greenspace.read.definition_tables import Words  # noqa: TC001  pydantic asks for it when it runs
from greenspace.read.definitions import read_table


class RoadClassTable(Table):
    """One class and its words."""

    name: Words
    words: list[str]
    osm: list[str]
    mark: Mark
    address: str = ""


class OtherWaysTable(Table):
    """Words for ways that are no city roads."""

    words: list[str]


class WidthRowTable(Table):
    """One row: from a width on (`min`), or from beyond it (`above`)."""

    above: float | None = None
    min: float | None = None
    share: float = Field(ge=0, le=1)

    @model_validator(mode="after")
    def _one_limit(self) -> Self:
        if (self.above is None) == (self.min is None):
            raise ValueError("one of above and min")
        return self

    def row(self) -> tuple[float, bool, float]:
        """Return limit, whether it belongs to the row, and ratio."""
        inclusive = self.above is None
        limit = self.min if self.above is None else self.above
        return (limit or 0.0, inclusive, self.share)


class WidthsTable(Table):
    """What one edition asks by width."""

    mark: Mark
    address: str
    landscape: float | None = None
    rows: list[WidthRowTable]


class RoadsTable(Table):
    """The whole of roads.toml."""

    document: str
    classes: dict[str, RoadClassTable]
    others: OtherWaysTable
    widths: dict[str, WidthsTable]

    @model_validator(mode="after")
    def _one_class(self) -> Self:
        counts = Counter(
            word for table in self.classes.values() for word in table.words + table.osm
        )
        counts.update(self.others.words)
        twice = sorted(word for word, count in counts.items() if count > 1)
        if twice:
            raise ValueError(f"named twice: {', '.join(twice)}")
        return self

    def rule(self) -> RoadClasses:
        """Return the table as the vocabulary's rules."""
        words = dict.fromkeys(self.others.words, OTHER)
        for key, table in self.classes.items():
            words |= dict.fromkeys([key, *table.words, *table.osm], key)
        return RoadClasses(
            names=MappingProxyType({key: table.name.text() for key, table in self.classes.items()}),
            words=MappingProxyType(words),
            widths=MappingProxyType(
                {
                    edition: WidthTable(
                        edition,
                        tuple(row.row() for row in table.rows),
                        table.landscape,
                        table.address,
                    )
                    for edition, table in self.widths.items()
                }
            ),
        )


@lru_cache(maxsize=1)
def read_road_classes() -> RoadClasses:
    """Return the library's classes of roads and what is asked of their widths.

    Examples
    --------
    >>> rule = read_road_classes()
    >>> rule.of("次干道"), rule.of("highway=primary"), rule.of("service"), rule.of("大马路")
    ('secondary', 'main', 'other', None)
    >>> rule.widths["old"].asked([40.0, 50.0, 50.1, 39.9]).tolist()
    [0.25, 0.25, 0.3, 0.2]
    """
    return read_table(RoadsTable, "classes", "roads.toml").rule()
