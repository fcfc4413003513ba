"""Land cover: what the codes of a class raster stand for, each with its source.

Question   Which codes are trees, shrubs, herbs or crops, and which show no ground?
Enters     What read/land_cover found in a table.
Leaves     A frozen CoverTable.
Elsewhere  The TOML files: read/land_cover. From codes to green: prepare/land_cover.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from greenspace.model.sensor import Fact
    from greenspace.model.words import Text

Cover = Literal["tree", "shrub", "herb", "crop", "green", "none", "unseen"]
COVERS: tuple[Cover, ...] = ("tree", "shrub", "herb", "crop", "green", "none", "unseen")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeGroup:
    """Codes that stand for one thing.

    Attributes
    ----------
    name
        What their maker calls it, where it was told.
    cover
        ``tree``, ``shrub``, ``herb``, ``crop``, ``green`` (of a layer that is not told),
        ``none`` (no vegetation) or ``unseen`` (cloud, shadow, no data).
    """

    values: tuple[int, ...]
    cover: Cover
    name: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverTable:
    """What the codes of a class raster stand for.

    Attributes
    ----------
    id
        A known table, a file name, or ``classes`` where it was given in words.
    band
        The description of the band that holds the codes, where there are several.
    """

    id: str
    groups: tuple[Fact[CodeGroup], ...]
    name: Text | None = None
    band: str = "class"

    @property
    def covers(self) -> dict[int, Cover]:
        """The cover of each code, in the order of the codes."""
        found = {value: group.value.cover for group in self.groups for value in group.value.values}
        return dict(sorted(found.items()))
