"""Declaration: every figure that a city says of itself, held against what was measured.

Question   Which declared figures stand, which are too high or too low, and by how much?
Enters     Declared figures and Ratios; or a city and what its survey found.
Leaves     One row a figure: a DataFrame, or Declared values and their ledger.
Elsewhere  One figure: evaluate/declared. Parcel by parcel: discrepancies. Judging: pipeline.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from greenspace.evaluate.declared import hold_declared
from greenspace.judging import by_indicator, not_measured
from greenspace.model.declared import STANDINGS
from greenspace.model.ledger import Column, Ledger
from greenspace.model.words import Text
from greenspace.present.display import show, show_margin, show_range, shown_unit
from greenspace.read.amounts import read_amounts, step_of
from greenspace.read.definitions import read_indicators

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from greenspace.model.city import City
    from greenspace.model.declared import Declared
    from greenspace.model.definition import Indicator
    from greenspace.model.quantity import Ratio
    from greenspace.model.words import Language

SUPPLIED_ALONE = Text(
    zh="此项只有城市自己的填报值（[supplied]），没有量算值可比。",
    en="Only the city itself supplies this ([supplied]); nothing was measured to hold it against.",
)
COLUMNS = (
    Column("indicator", Text("指标", "indicator")),
    Column("declared", Text("自报", "declared")),
    Column("measured", Text("实测（评定用）", "measured, as judged")),
    Column("difference", Text("自报减实测", "declared less measured")),
    Column("estimate", Text("误差校正估计", "error-adjusted estimate")),
    Column("open", Text("量算未排除的范围", "what the measurement leaves open")),
    Column("standing", Text("结论", "standing")),
    Column("remark", Text("说明", "remark")),
)
NOTE = Text(
    "相符：实测值按自报位数修约后与自报一致；在误差内：不一致，但自报落在量算未排除的范围内（影像不可见部分"
    "的上下界和误差校正估计的置信区间）；高报、低报：自报高于、低于该范围。评定用实测（制图）值。",
    "Confirmed: the measured value rounds to the declared one. Within error: it does not, but the "
    "declared one lies in what the measurement leaves open: the bounds of unseen ground and the "
    "confidence interval of the error-adjusted estimate. Overstated and understated: above and below "
    "all of that. The measured (mapped) value is judged.",
)


def compare_declared(
    declared: Mapping[str, float | str], ratios: Mapping[str, Ratio] | Iterable[Ratio]
) -> pd.DataFrame:
    """Hold declared figures against measured ones.

    Parameters
    ----------
    declared
        By indicator, as in the manifest's ``[declared]``: ``"41.4%"`` or 0.414 for a share, a
        plain number otherwise. The figure stands for all that rounds to it.
    ratios
        As the functions of this library return them, such as ``check.ratios``.

    Returns
    -------
    DataFrame
        A row a figure: ``indicator``, ``declared``, ``measured``, ``difference`` (declared less
        measured), ``estimate`` (error-adjusted), ``low`` and ``high`` (what the measurement leaves
        open: bounds of unseen ground, interval of the estimate), ``unit``, ``standing``
        (``confirmed``, ``within_error``, ``overstated``, ``understated``, ``not_assessable``),
        ``flatters`` and ``reason``.

    Raises
    ------
    ManifestError
        An indicator is not known, or its figure is not in its unit or range.
    InputError
        The ratios are none, or given twice.

    References
    ----------
    docs/how_to/declared.md

    Examples
    --------
    >>> from greenspace.model.quantity import Ratio
    >>> land = Ratio("green_space_ratio", 376.0, 1000.0, "1", None)
    >>> compare_declared({"green_space_ratio": "38.1%"}, [land])["standing"].tolist()
    ['overstated']
    """
    cards, found = read_indicators(), by_indicator(ratios)
    amounts = read_amounts(dict(declared), "declared", cards, Path("declared"))
    held = [
        _held(cards[name], value, step_of(declared[name], cards[name]), found.get(name), None)
        for name, value in amounts.items()
    ]
    return pd.DataFrame([_row(item) for item in held], columns=list(_ROW))


def declared_of(
    city: City, ratios: Mapping[str, Ratio], missing: Mapping[str, Text]
) -> tuple[Declared, ...]:
    """Return each declared figure of a city against its survey's numbers."""
    cards = read_indicators()

    def why(name: str) -> Text:
        if name in city.supplied:
            return SUPPLIED_ALONE
        return missing.get(name) or not_measured(name)

    return tuple(
        _held(cards[name], value, city.declared_steps.get(name, 0.0), ratios.get(name), why(name))
        for name, value in city.declared.items()
        if name in cards
    )


def declared_ledger(declared: tuple[Declared, ...]) -> Ledger:
    """Return declared figures as a table for people."""
    cards = read_indicators()
    rows = [_shown(item, cards[item.indicator]) for item in declared]
    frame = pd.DataFrame(rows, columns=[column.key for column in COLUMNS])
    return Ledger("declared", Text("自报与实测", "declared against measured"), COLUMNS, frame, NOTE)


def _held(
    card: Indicator, value: float, step: float, ratio: Ratio | None, missing: Text | None
) -> Declared:
    return hold_declared(
        card.id, value, ratio, half_step=step / 2, better=card.better, missing=missing
    )


def _estimate(item: Declared) -> float:
    interval = None if item.ratio is None else item.ratio.interval
    return float("nan") if interval is None else interval.estimate


_ROW: dict[str, Callable[[Declared], object]] = {
    "indicator": lambda item: item.indicator,
    "declared": lambda item: item.declared,
    "measured": lambda item: float("nan") if item.ratio is None else item.ratio.value,
    "difference": lambda item: item.difference,
    "estimate": _estimate,
    "low": lambda item: item.low,
    "high": lambda item: item.high,
    "unit": lambda item: read_indicators()[item.indicator].unit,
    "standing": lambda item: item.standing,
    "flatters": lambda item: item.flatters,
    "reason": lambda item: "" if item.reason is None else item.reason.en,
}


def _row(item: Declared) -> dict[str, object]:
    return {key: value(item) for key, value in _ROW.items()}


def _shown(item: Declared, card: Indicator) -> dict[str, object]:
    unit = shown_unit(card.id, card.unit)

    def both(words: Callable[[Language], str]) -> Text:
        return Text(zh=words("zh"), en=words("en"))

    measured = None if item.ratio is None else item.ratio.value
    return {
        "indicator": card.name,
        "declared": both(lambda language: show(item.declared, unit, language)),
        "measured": both(lambda language: show(measured, unit, language)),
        "difference": both(lambda language: show_margin(item.difference, unit, language)),
        "estimate": both(lambda language: show(_estimate(item), unit, language)),
        "open": both(lambda language: show_range(item.low, item.high, unit, language))
        if item.low < item.high
        else both(lambda language: show(item.low, unit, language)),
        "standing": STANDINGS[item.standing],
        "remark": item.reason,
    }
