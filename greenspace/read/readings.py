"""Readings: which rules the sources dispute, and how each reading goes.

Question   What is disputed, which readings are on record, and which does a check follow?
Enters     definitions/readings.toml.
Leaves     Topics.
Elsewhere  Measuring each reading: the composer sensitivity.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from pydantic import Field

from greenspace.model.rehearsal import Reading, Topic
from greenspace.read.definition_shape import Table
from greenspace.read.definition_tables import Words  # noqa: TC001  - pydantic reads it
from greenspace.read.definitions import read_table


class ReadingTable(Table):
    """``[[topic.reading]]``."""

    id: str
    text: Words
    default: bool = False
    mark: Literal["verified", "weak", "provisional"]
    address: str = ""
    tiers: list[list[float]] | None = None
    classes: list[str] = Field(default_factory=list)
    least_m2: float | None = None
    strict: bool = False

    def reading(self) -> Reading:
        """Return the value."""
        tiers = None if self.tiers is None else tuple((area, radius) for area, radius in self.tiers)
        return Reading(
            id=self.id,
            text=self.text.text(),
            default=self.default,
            mark=self.mark,
            address=self.address,
            tiers=tiers,
            classes=tuple(self.classes),
            least_m2=self.least_m2,
            strict=self.strict,
        )


class TopicTable(Table):
    """``[[topic]]``."""

    id: str
    title: Words
    question: Words
    indicators: list[str]
    reading: list[ReadingTable] = Field(default_factory=list)


class ReadingsTable(Table):
    """The whole file."""

    topic: list[TopicTable]


@lru_cache(maxsize=1)
def read_topics() -> tuple[Topic, ...]:
    """Return every dispute with its readings.

    Examples
    --------
    >>> [reading.id for topic in read_topics() if topic.id == "tiers" for reading in topic.readings]
    ['2005', 'check_up', '2022', 'draft']
    """
    return tuple(
        Topic(
            id=topic.id,
            title=topic.title.text(),
            question=topic.question.text(),
            indicators=tuple(topic.indicators),
            readings=tuple(reading.reading() for reading in topic.reading),
        )
        for topic in read_table(ReadingsTable, ".", "readings.toml").topic
    )
