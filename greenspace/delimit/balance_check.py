"""Balance check: whether what green lines lost is made up, in one sentence.

Question   Is the balance of lost and made up short, and is that more than rounding?
Enters     The account of existing and planned lines, and what makes up for nothing.
Leaves     A PlanCheck.
Elsewhere  The accounts: delimit/compensation. Tables: balance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from greenspace.delimit.encroachment import polygon_parts, slivers
from greenspace.model.green_line import GRID_M
from greenspace.model.plan_check import PlanCheck
from greenspace.model.words import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.delimit.compensation import Account

TITLE: Final = Text("绿线补偿平衡", "lost and made up inside green lines")
LEAST_WRITTEN_M2: Final = 0.005  # less would read 0.00
NOTHING: Final = Text("", "")


def balance_check(
    whole: Account,
    *,
    revised_m2: float,
    first_m2: float,
    turned_m2: float,
    rounding: bool,
) -> PlanCheck:
    """Return whether the loss of existing and planned lines is made up.

    Parameters
    ----------
    revised_m2
        What the revision alone loses; the rest of the loss is that of works.
    first_m2, turned_m2
        Ground of categories that were not enclosed before, and of control lines before: neither
        makes up for anything.
    rounding
        Whether a shortfall is only what rounding makes (`only_rounding`): it passes, and is told.
    """
    verdict = _verdict(whole, rounding=rounding)
    works = _works(revised_m2, whole.lost - revised_m2)
    more = (_first(first_m2), _turned(turned_m2))
    zh, en = ("".join(getattr(text, side) for text in more) for side in ("zh", "en"))
    return PlanCheck(
        id="loss_made_up",
        title=TITLE,
        passed=bool(whole.net >= 0 or rounding),
        text=Text(
            zh=f"减少 {whole.lost:,.2f} 平方米{works.zh}，补偿 {whole.made_up:,.2f} 平方米：{verdict.zh}。{zh}"
            "调整绿线不得减少规划绿地总量，减少的应予补偿（某市绿线管理规定）。",
            en=f"{whole.lost:,.2f} m² lost{works.en}, {whole.made_up:,.2f} m² made up: {verdict.en}.{en} A revision "
            "must not reduce planned green; loss must be made up (a city's rule on green lines).",
        ),
        mark="verified",
        area_m2=float(np.maximum(-whole.net, 0.0)),
    )


def only_rounding(
    short_m2: float, before: NDArray[Any], after: NDArray[Any], built: NDArray[Any] | None = None
) -> bool:
    """Return whether a shortfall is what coordinates to 1 mm and projections make.

    It is no larger than 1 mm along the edge of the ground before, and nowhere is ground lost that
    is wider than 1 mm: nothing else changed.

    Examples
    --------
    >>> old = np.array([shapely.box(0, 0, 100, 100)])
    >>> drawn = [np.array([shapely.box(0, 0, 100, side)]) for side in (99.9995, 99.5)]
    >>> [only_rounding(old[0].area - new[0].area, old, new) for new in drawn]
    [True, False]
    """
    whole = shapely.union_all(before)
    if not 0 < short_m2 <= GRID_M * shapely.length(whole):
        return False
    held = shapely.union_all(after)
    if built is not None:
        held = shapely.difference(held, shapely.union_all(built))
    lost, _ = polygon_parts(np.array([shapely.difference(whole, held)], dtype=object))
    return bool(slivers(lost, GRID_M, 0.0).all())


def _verdict(whole: Account, *, rounding: bool) -> Text:
    short_m2 = -whole.net
    if short_m2 <= 0:
        return Text(zh="补偿足额", en="the loss is made up")
    words = Text(zh="不足 0.01 平方米", en="less than 0.01 m² is")
    if short_m2 >= LEAST_WRITTEN_M2:
        words = Text(zh=f" {short_m2:,.2f} 平方米", en=f"{short_m2:,.2f} m² are")
    if rounding:
        return Text(
            zh=f"差{words.zh}，减少的地处处不宽于 1 毫米，是投影和坐标取到 1 毫米造成的，不算减少",
            en=f"{words.en} short, but nowhere is ground lost that is wider than 1 mm: projections and coordinates "
            "to 1 mm make that, and it is no loss",
        )
    return Text(zh=f"尚缺{words.zh}", en=f"{words.en} short")


def _works(revised_m2: float, works_m2: float) -> Text:
    if not works_m2:
        return NOTHING
    return Text(
        zh=f"（修编 {revised_m2:,.2f}，工程占用 {works_m2:,.2f}）",
        en=f" (by the revision {revised_m2:,.2f}, by works {works_m2:,.2f})",
    )


def _first(area_m2: float) -> Text:
    if not area_m2:
        return NOTHING
    return Text(
        zh=f"另有 {area_m2:,.2f} 平方米属首次划入的类型，不抵补。",
        en=f" {area_m2:,.2f} m² of categories enclosed for the first time make up for nothing.",
    )


def _turned(area_m2: float) -> Text:
    if not area_m2:
        return NOTHING
    return Text(
        zh=f"另有 {area_m2:,.2f} 平方米由生态控制线转入，不抵补。",
        en=f" {area_m2:,.2f} m² of ecological control lines before make up for nothing.",
    )
