"""Park remarks: rows of parks that would count otherwise if they were drawn otherwise.

Question   Which parks lie in several rows, or several parks in one, so that a number hangs on it?
Enters     Parks with their sizes, and the rules that they are held against.
Leaves     Findings with their rows.
Elsewhere  The sizes: measure/park_sizes. Remarks on a city: remarks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from greenspace.measure.park_rows import NEAR_M
from greenspace.measure.park_sizes import ParkSizes
from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray

    from greenspace.model.source import Severity
    from greenspace.model.yardsticks import Circle, ReachRule

    Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Parks:
    """A layer of green space made ready, what the caller calls it, and its sizes."""

    frame: gpd.GeoDataFrame
    layer: str

    @cached_property
    def sizes(self) -> ParkSizes:
        """Areas and widths, row by row."""
        return ParkSizes(self.frame.geometry.to_numpy())


def reach_findings(parks: Parks, rule: ReachRule, indicator: str) -> tuple[Finding, ...]:
    """Return rows that a rule would take otherwise if joined, or taken part by part."""
    cut = parks.sizes.cut(rule)
    some, none = parks.sizes.scattered(rule)
    return (*_cut(parks, cut, indicator), *_multipart(parks, some, none, indicator))


def circle_findings(parks: Parks, circles: Sequence[Circle], position: int) -> tuple[Finding, ...]:
    """Return rows that would enter or leave a circle if joined, or taken part by part."""
    sizes, indicator = parks.sizes, circles[position].green
    own = sizes.circle(circles)
    joined, best = sizes.joined_circle(circles), sizes.part_circle(circles)
    cut = (own != joined) & ((own == position) | (joined == position))
    apart = (own != best) & ((own == position) | (best == position))
    return (*_cut(parks, cut, indicator), *_multipart(parks, apart, apart, indicator))


def _cut(parks: Parks, rows: Mask, indicator: str) -> tuple[Finding, ...]:
    text = Text(
        zh=f"有 {int(rows.sum())} 块公园与相邻公园相接（相距不超过 {NEAR_M:g} 米），"
        "合并后会更大或更宽，达到更高的要求；现按图层逐块计算，若属同一公园请先合并。",
        en="Rows that would be large or wide enough for more if joined to the ones they touch "
        f"(within {NEAR_M:g} m): {int(rows.sum())}. Each row was taken as a park of its own: join "
        "those that are one park.",
    )
    return _told("parks_cut", text, "warning", parks, rows, indicator)


def _multipart(parks: Parks, some: Mask, none: Mask, indicator: str) -> tuple[Finding, ...]:
    lost = int(none.sum())
    text = Text(
        zh=f"有 {int(some.sum())} 行公园由相离的几部分组成，按各部分的总面积作为一个公园计算；"
        f"其中 {lost} 行没有一个部分单独达到同样的要求。若不是同一公园请先拆开（explode）。",
        en=f"Rows in several parts that count as one park by their total size: {int(some.sum())}; "
        f"of {lost} of them no part alone would count as much. Take apart (explode) what is not "
        "one park.",
    )
    severity: Severity = "warning" if lost else "note"
    return _told("parks_multipart", text, severity, parks, some, indicator)


def _told(
    code: str, text: Text, severity: Severity, parks: Parks, rows: Mask, indicator: str
) -> tuple[Finding, ...]:
    if not rows.any():
        return ()
    finding = Finding(
        code=code,
        text=text,
        severity=severity,
        layer=parks.layer,
        rows=tuple(parks.frame.index[rows]),
        count=int(rows.sum()),
        indicators=(indicator,),
    )
    return (finding,)
