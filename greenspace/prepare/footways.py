"""Footways: what a layer of footways and cycle paths says of each: its road, side and kind.

Question   Which road does this footway name, which side and which kind?
Enters     Columns of footways.
Leaves     Words, and findings for footways that belong to no road.
Elsewhere  Beside which road they run: measure/bands. How far they are shaded: measure/shade.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.roads import word_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Words = NDArray[np.object_]

SLACK_M = 1.0  # by which a footway may lie beyond the red line
NAMED_M = 10.0  # by which one that names its road may
UNKNOWN_HALF_M = 20.0  # taken for half the red line where a footway names a road without width
SIDES = {
    "left": ("left", "l", "左", "左侧"),
    "right": ("right", "r", "右", "右侧"),
}
KINDS = {
    "footway": ("footway", "sidewalk", "pavement", "人行道", "步道", "人行"),
    "cycle": ("cycle", "cycleway", "cycle path", "bike", "非机动车道", "自行车道", "慢行道"),
}
NO_ROAD = Text(
    zh="人行道或非机动车道有 {count} 个要素不属于任何参评道路，未用：其道路名不在道路图层中，"
    "离该路太远，或没有路名且不沿任何道路的红线内侧走（路口内的不算）。",
    en="Footways or cycle paths that belong to no road were not used: {count} rows. Their road is "
    "none of the road layer or too far away, or they name none and run along no road inside its red "
    "line, crossings apart.",
)


def side_words(values: pd.Series | None, left: NDArray[np.bool_]) -> Words:
    """Return the side of each piece: what the layer says, else where it lies.

    Words other than left and right, such as north and south, stay as they are.
    """
    lies = np.where(left, "left", "right").astype(object)
    if values is None:
        return lies
    known = {word: side for side, words in SIDES.items() for word in words}
    said = np.array([word_of(value).lower() for value in values], dtype=object)
    said = np.array([known.get(word, word) for word in said], dtype=object)
    return np.where(said == "", lies, said)


def kind_words(values: pd.Series | None, count: int) -> Words:
    """Return ``footway`` or ``cycle`` for each row, "" where it is not said; others as they are."""
    if values is None:
        return np.full(count, "", dtype=object)
    known = {word: kind for kind, words in KINDS.items() for word in words}
    said = [word_of(value).lower() for value in values]
    return np.array([known.get(word, word) for word in said], dtype=object)


def names_of(footways: pd.DataFrame) -> Words:
    """Return the road that each footway names, "" where it names none."""
    if "road" not in footways:
        return np.full(len(footways), "", dtype=object)
    return np.array([word_of(value) for value in footways["road"]], dtype=object)


def lost_findings(rows: list[object], name: str = "footways") -> tuple[Finding, ...]:
    """Return the footways that belong to no road."""
    if not rows:
        return ()
    count = len(rows)
    text = Text(zh=NO_ROAD.zh.format(count=count), en=NO_ROAD.en.format(count=count))
    return (
        Finding(
            code="footways_without_road",
            text=text,
            severity="warning",
            layer=name,
            rows=tuple(rows),
            count=count,
        ),
    )
