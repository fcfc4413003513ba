"""Notes: what reading part of an image showed, on its way to whoever tells of the whole.

Question   What was met in these pixels that a finding should count?
Enters     Tiles, codes and numbers that were met while windows were read.
Leaves     Frozen notes that may travel to another process and be joined there.
Elsewhere  Findings made of them: read/bad_tiles, read/mask, prepare/vegetation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenspace.model.grid import Window

    Tiles: TypeAlias = frozenset[Window]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What was met so far of one image.

    Attributes
    ----------
    tiles
        Of each file of the image, in their order: tiles that could not be decoded, and tiles
        that the file leaves out.
    unmet_codes
        Codes listed for the mask that were not met; None where the mask was not read, or has
        no codes.
    negative
        How many pixels of a tile, by its row and column, have a band below 0.
    darkest
        The smallest number looked at.
    """

    tiles: tuple[tuple[Tiles, Tiles], ...] = ()
    unmet_codes: frozenset[tuple[int, int]] | None = None
    negative: Mapping[tuple[int, int], int] = field(default_factory=dict)
    darkest: float = inf
