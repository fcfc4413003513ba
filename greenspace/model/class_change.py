"""Class changes: what a code of one edition or land-use scheme is in another.

Question   Which code does a parcel of this code, size and place have in the other edition?
Enters     A code, its area, and where most of it lies.
Leaves     The new code, or a reason why there is none.
Elsewhere  The tables: read/class_changes. A whole layer: prepare/recode.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from greenspace.model.classes import spell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenspace.model.definition import Mark
    from greenspace.model.words import Text

HECTARE_M2 = 10_000.0 * (1 - 1e-9)  # coordinates are rounded


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassChange:
    """What one old code becomes.

    Attributes
    ----------
    sizes
        ``(least ha, code)``, the largest first; empty where the size does not matter.
    homes, beyond
        The code of a parcel that lies mostly in residential land, or outside construction land.
    """

    code: str
    to: str
    mark: Mark
    address: str = ""
    sizes: tuple[tuple[float, str], ...] = ()
    homes: str = ""
    beyond: str = ""
    caution: Text | None = None

    def becomes(self, area_m2: float, *, in_homes: bool = False, outside: bool = False) -> str:
        """Return the new code of a parcel of this size and place.

        Examples
        --------
        >>> change = ClassChange(code="G111", to="G11", mark="provisional",
        ...                      sizes=((10.0, "G11"), (1.0, "G12"), (0.0, "G14")))
        >>> [change.becomes(area) for area in (100_000, 99_999, 9_999)]
        ['G11', 'G12', 'G14']
        """
        if in_homes and self.homes:
            return self.homes
        if outside and self.beyond:
            return self.beyond
        return next((code for least, code in self.sizes if area_m2 >= least * HECTARE_M2), self.to)


@dataclass(frozen=True, slots=True, kw_only=True)
class LandUse:
    """One land-use code: its class of the 2017 edition, or why it has none."""

    code: str
    name: str
    to: str = ""
    why: Text | None = None
    mark: Mark
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LandUseScheme:
    """The green-relevant codes of one land-use scheme."""

    id: str
    name: Text
    codes: tuple[LandUse, ...]

    def entry(self, code: object) -> LandUse | None:
        """Return what is known of a code: itself, or the longest beginning of it."""
        spelt = spell(code).removesuffix("K")
        exact = [item for item in self.codes if item.code == spelt]
        fits = exact or [item for item in self.codes if spelt.startswith(item.code)]
        return max(fits, key=lambda item: len(item.code)) if fits else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassChanges:
    """All that is known of changes: between the editions, from land use, and a local scheme."""

    changes: Mapping[str, ClassChange]
    schemes: Mapping[str, LandUseScheme]
    local: Mapping[str, str]

    def of(self, code: object) -> ClassChange | None:
        """Return the change of a code of 2002: its own, or that of its longest beginning."""
        spelt = spell(code)
        fits = [listed for listed in self.changes if spelt.startswith(listed)]
        return self.changes[max(fits, key=len)] if fits else None

    def targets(self, code: object) -> frozenset[str]:
        """Return every code of 2017 that a code of 2002 may become."""
        change = self.of(code)
        if change is None:
            return frozenset()
        every = {change.to, change.homes, change.beyond, *(new for _, new in change.sizes)}
        return frozenset(every - {""})
