"""Species: groups of species, the indicators that rest on them, and what a list comes to.

Question   Which groups are counted, and how many species of each are where?
Enters     Numbers of species.
Leaves     Frozen values.
Elsewhere  Counting: measure/species. Reading lists: read/species.
"""

from __future__ import annotations

from dataclasses import dataclass

from greenspace.model.words import Text

GROUPS = ("plants", "birds", "fish")
FAUNA = ("birds", "fish")
GROUP_NAMES = {
    "plants": Text(zh="植物", en="plants"),
    "birds": Text(zh="鸟类", en="birds"),
    "fish": Text(zh="鱼类", en="fish"),
}
INDEX, NATIVE, NATIVE_WOODY = "species_index", "native_plant_index", "native_woody_plant_index"
INDICATORS = (INDEX, NATIVE, NATIVE_WOODY)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCount:
    """Species of one group: in the built-up area, in the whole municipality, and kept ones."""

    group: str
    built_up: int
    municipality: int
    kept: int = 0

    @property
    def share(self) -> float | None:
        """The share of the municipality's species that live in the built-up area."""
        return self.built_up / self.municipality if self.municipality else None
