"""Shapes: well-known binary made into flat shapes, with a count of what that took.

Question   Which shapes do these bytes describe, and which of them cannot be built?
Enters     WKB or EWKB, row by row, in as many pieces as the source hands over.
Leaves     Shapes in the plane, one a row, and findings with their rows.
Elsewhere  Where the bytes come from: read/postgis and its neighbours. Mending: prepare/repair.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(slots=True)
class Shapes:
    """The shapes of one layer, built piece by piece; ``srids`` counts what EWKB says of its CRS.

    Examples
    --------
    >>> shapes = Shapes()
    >>> shapes.add([shapely.to_wkb(shapely.Point(1, 2, 3)), None, b"no shape"])
    >>> [str(shape) for shape in shapes.built()]
    ['POINT (1 2)', 'None', 'None']
    >>> [(finding.code, finding.rows) for finding in shapes.findings()]
    [('unbuildable_shape', (2,)), ('height_dropped', (0,))]
    """

    pieces: list[NDArray[Any]] = field(default_factory=list)
    rows: int = 0
    unbuildable: list[int] = field(default_factory=list)
    raised: list[int] = field(default_factory=list)
    srids: Counter[int] = field(default_factory=Counter)

    def add(self, wkb: Sequence[bytes | None]) -> None:
        """Build the shapes of the next rows."""
        given = np.empty(len(wkb), dtype=object)
        given[:] = wkb
        shapes = shapely.from_wkb(given, on_invalid="ignore")
        said = np.array([item is not None for item in wkb], dtype=bool)
        self._note(self.unbuildable, said & shapely.is_missing(shapes))
        self._note(self.raised, shapely.has_z(shapes) | shapely.has_m(shapes))
        self.srids.update(shapely.get_srid(shapes[~shapely.is_missing(shapes)]).tolist())
        self.pieces.append(shapely.set_srid(shapely.force_2d(shapes), 0))
        self.rows += len(wkb)

    def _note(self, rows: list[int], found: NDArray[np.bool_]) -> None:
        rows.extend(int(row) + self.rows for row in np.flatnonzero(found))

    def built(self) -> NDArray[Any]:
        """Return one shape a row, ``None`` where there is none or it cannot be built."""
        return np.concatenate(self.pieces) if self.pieces else np.empty(0, dtype=object)

    def findings(self) -> tuple[Finding, ...]:
        """Return what was dropped, with the rows."""
        lost, flat = len(self.unbuildable), len(self.raised)
        found = []
        if lost:
            text = Text(
                zh=f"有 {lost} 行的图形无法构成，按没有图形处理。",
                en=f"{lost} rows hold a shape that cannot be built; they count as without one.",
            )
            rows = tuple(self.unbuildable)
            found.append(
                Finding(
                    code="unbuildable_shape", text=text, severity="warning", rows=rows, count=lost
                )
            )
        if flat:
            text = Text(
                zh=f"有 {flat} 行的图形带高程或测量值（Z、M），已舍去。",
                en=f"{flat} rows have heights or measures (Z, M); these were dropped.",
            )
            rows = tuple(self.raised)
            found.append(Finding(code="height_dropped", text=text, rows=rows, count=flat))
        return tuple(found)
