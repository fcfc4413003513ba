"""Zoning held: zones of one park beside its boundary, and how much of it each kind has.

Question   What part of the whole is of this kind, and between which bounds is it sure?
Enters     Zones by their scheme, and how they cover the boundary.
Leaves     One frozen value that tests and tables are made of.
Elsewhere  Tests: zoning_tests. Tables: zoning_tables. The door: zoned_park.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.delimit.zoning import GAP, OUTSIDE, portion, united

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.delimit.zoning import Buffered, Cover, Portion
    from greenspace.model.zoning_scheme import ZoneKind
    from greenspace.zoning_rows import ZoningRows

    Rows = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """One cut and how it covers its ground; `functions` where it lies over control areas."""

    rows: NDArray[np.int64]  # the row of each zone of the cover
    cover: Cover
    functions: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Zones of one park beside its boundary."""

    rows: ZoningRows
    whole: Any
    covered: tuple[Covered, ...]
    buffered: Buffered | None
    buffer_m: float | None
    maybe: Buffered | None = None  # what may be core beside what is
    noise_width_m: float

    @property
    def whole_m2(self) -> float:
        """The area of the boundary."""
        return float(shapely.area(self.whole))

    def of_kind(self, kind: ZoneKind) -> Rows:
        """Return which rows are of a kind; of a control area, all that lie in it."""
        if kind.level == 1:
            own = np.array([level == kind.id for level in self.rows.level], dtype=bool)
            return np.asarray(self.rows.areas & own)
        return np.array(
            [own is not None and own.id == kind.id for own in self.rows.kinds],
            dtype=bool,
        )

    def lost(self, level: int) -> Rows:
        """Return the rows that may be of any kind of a level, or of none."""
        rows = self.rows
        return rows.unplaced if level == 1 else rows.unknown | (rows.doubtful & rows.functions)

    def covers(self, level: int) -> tuple[Cover, ...]:
        """Return the covers whose faults bear on the shares of a level.

        What no control area has may be of any function zone; what no function zone has is of its
        control area all the same.
        """
        return tuple(part.cover for part in self.covered if level > 1 or not part.functions)

    def is_plain(self, level: int) -> bool:
        """Whether no ground could be of one kind of a level or of another."""
        clean = all((cover.faults.kind == OUTSIDE).all() for cover in self.covers(level))
        seasonal = level == 1 and self.rows.seasonal.any()
        return bool(clean and not self.lost(level).any() and not seasonal)

    def gaps(self, level: int) -> list[Any]:
        """Return the ground that no zone of a level has."""
        return [
            piece
            for cover in self.covers(level)
            for piece in cover.faults.shape[cover.faults.of(GAP)]
        ]

    def portion(self, kind: ZoneKind) -> Portion:
        """Return the ground that a kind has the whole year, and its bounds.

        What is core in a season only, gaps, and rows of no known kind may be of it or not.
        """
        rows, lost = self.rows, self.lost(kind.level)
        own = self.of_kind(kind) & ~lost
        seasonal = own & rows.seasonal if kind.level == 1 else np.zeros(len(own), dtype=bool)
        same = rows.functions if kind.level > 1 and rows.nested else rows.areas
        shapes = rows.shapes
        return portion(
            self.whole,
            list(shapes[own & ~seasonal]),
            list(shapes[same & ~own | seasonal]),
            [*shapes[seasonal | lost], *self.gaps(kind.level)],
        )

    def seasonal_m2(self, kind: ZoneKind) -> float:
        """Return the ground within the whole that is of a core in a season only."""
        own, shapes = self.of_kind(kind), self.rows.shapes
        always = united(shapes[own & ~self.rows.seasonal])
        ground = shapely.difference(united(shapes[own & self.rows.seasonal]), always)
        return float(shapely.area(shapely.intersection(ground, self.whole)))

    @property
    def level_sum(self) -> float:
        """The shares of all control areas, added up; 1 where they cover the whole once.

        Core of a season counts where it is not core the whole year.
        """
        kinds = self.rows.scheme.of_level(1)
        parts = (self.portion(kind).area_m2 + self.seasonal_m2(kind) for kind in kinds)
        return sum(parts) / self.whole_m2
