"""Season: whether an image shows the plants of a place in leaf.

Question   Does this date lie in the growing season of this latitude?
Enters     A date and a latitude.
Leaves     Yes, no, or nothing that can be said.
Elsewhere  Telling people: remarks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenspace.model.words import Text

if TYPE_CHECKING:
    from datetime import date

TROPIC_DEG = 23.44
APRIL, OCTOBER = 4, 10
SEASON = Text(
    zh="生长季按惯例：北半球 4–10 月、南半球 10–4 月，回归线之间不分季节（weak：R 包 agroclim 的 gst "
    "说明所引 Jones 等 2010；不是检查办法的规定，东北等地四月尚未展叶）",
    en="growing season by convention: April to October north of the tropics, October to April "
    "south of them, none between (weak: Jones et al. 2010 as cited by gst of the R package "
    "agroclim; not a rule of the check, and in the far north April is still bare)",
)


def in_season(day: date, latitude: float) -> bool | None:
    """Return whether a day lies in the growing season; ``None`` between the tropics.

    Examples
    --------
    >>> from datetime import date
    >>> in_season(date(2026, 12, 1), 40), in_season(date(2026, 12, 1), -35)
    (False, True)
    >>> in_season(date(2026, 12, 1), -8)
    """
    if abs(latitude) <= TROPIC_DEG:
        return None
    if latitude > 0:
        return APRIL <= day.month <= OCTOBER
    return day.month >= OCTOBER or day.month <= APRIL
