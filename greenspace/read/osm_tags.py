"""OSM tags: which tagged things of OpenStreetMap stand for which layer of a city.

Question   Does this thing belong to the layer, by its tags?
Enters     definitions/classes/osm.toml.
Leaves     A frozen rule for each layer.
Elsewhere  Reading a file by these rules: read/osm.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from greenspace.read.definition_shape import Table
from greenspace.read.definitions import read_table

if TYPE_CHECKING:
    from collections.abc import Mapping

MANY = ";"  # stands between the values of a tag that has several
Values = dict[str, Annotated[list[str], Field(min_length=1)]]


class Note(Table):
    """What the rule means for a number, in both languages."""

    zh: str
    en: str


class TagRule(Table):
    """The rule of one layer: the tags that make a thing belong, and those that keep it out.

    A tag with several values (``park;garden``) has each of them.

    Examples
    --------
    >>> parks = read_tag_rules()["parks"]
    >>> parks.match({"leisure": "park"}), parks.match({"leisure": "pitch"})
    ('leisure=park', None)
    >>> parks.shut_out({"leisure": "park", "access": "private"})
    True
    """

    origin: Literal["multipolygons", "lines"] = Field(alias="from")
    tags: Values
    left_out: Values = Field(default={}, alias="except")
    kept_all_the_same: Values = Field(default={}, alias="unless")
    columns: list[str] = Field(default=[])
    address: list[str]
    note: Note

    def match(self, tags: Mapping[str, str]) -> str | None:
        """Return the tag that makes a thing belong, or ``None``."""
        return _hit(self.tags, tags)

    def shut_out(self, tags: Mapping[str, str]) -> bool:
        """Return whether a thing that matches is left out all the same."""
        return bool(_hit(self.left_out, tags)) and not _hit(self.kept_all_the_same, tags)


class TagTable(Table):
    """The whole of osm.toml."""

    document: str
    licence: str
    layers: dict[str, TagRule]


def _hit(values: Mapping[str, list[str]], tags: Mapping[str, str]) -> str | None:
    for key, wanted in values.items():
        for value in tags.get(key, "").split(MANY):
            if value.strip() in wanted:
                return f"{key}={value.strip()}"
    return None


@lru_cache(maxsize=1)
def read_tag_table() -> TagTable:
    """Return the tag table of the library."""
    return read_table(TagTable, "classes", "osm.toml")


def read_tag_rules() -> Mapping[str, TagRule]:
    """Return the rule of each layer by its name.

    Examples
    --------
    >>> list(read_tag_rules())
    ['parks', 'green', 'residential', 'water', 'paths']
    """
    return read_tag_table().layers
