"""Point overlaps: lines of one table that share ground, named before somebody adds their areas.

Question   Which numbered lines lie over or inside each other?
Enters     The polygons of lines, their numbers, and their statuses where they are known.
Leaves     One finding, or none.
Elsewhere  The check of lines that are drawn: delimit/line_checks. Numbering: delimit/control_points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from greenspace.delimit.line_checks import overlapping
from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

CONTROL: Final = "control"  # what it encloses may have lines of its own
NAMED: Final = 3


def overlaps_of(
    shapes: NDArray[np.object_], numbers: Sequence[str], statuses: Sequence[Any] | None = None
) -> tuple[Finding, ...]:
    """Return a finding on lines that share ground, wider than rounding to mm makes it.

    Examples
    --------
    >>> park = np.array([shapely.box(0, 0, 9, 9), shapely.box(2, 2, 4, 4)])
    >>> [finding.rows for finding in overlaps_of(park, ["L1", "L2"])]
    [('L1', 'L2')]
    >>> overlaps_of(park, ["L1", "L2"], ["control", "existing"])
    ()
    """
    left, right, shared = overlapping(shapes)
    if statuses is not None:
        control = np.array([status == CONTROL for status in statuses], dtype=bool)
        asked = control[left] == control[right]
        left, right, shared = left[asked], right[asked], shared[asked]
    if not len(left):
        return ()
    area = shapely.area(shared)
    first = list(zip(left, right, area, strict=True))[:NAMED]
    pairs = [f"{numbers[i]}–{numbers[j]}（{m2:.2f} m²）" for i, j, m2 in first]
    more = len(left) > NAMED
    text = Text(
        zh=f"{len(left)} 对绿线互相重叠或嵌套：{'、'.join(pairs)}{'……' if more else ''}；生态控制线可以"
        "包含其他绿线，面积不能直接相加；洞应写成同一条绿线的内环。",
        en=f"Pairs of lines that overlap or lie inside each other: {len(left)}; "
        f"{', '.join(pairs).replace('（', ' (').replace('）', ')')}{', ...' if more else ''}. An "
        "ecological control line may hold others; areas do not add up. A hole is a ring of its "
        "line, not a line.",
    )
    rows = tuple(numbers[at] for at in np.unique(np.concatenate([left, right])).tolist())
    return (
        Finding(
            code="control_points_overlap",
            text=text,
            severity="warning",
            rows=rows,
            count=len(left),
            area_m2=float(area.sum()),
        ),
    )
