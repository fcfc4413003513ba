"""Compare: one measured number against one row of a standard.

Question   Does the city meet this row, and if nobody can say, why not?
Enters     A criterion, facts about the city, a Ratio or the reason why there is none.
Leaves     One Verdict; numbers are compared as they are, never rounded.
Elsewhere  All rows of a standard and the verdict over them: evaluate/gate. Words on paper: present/.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Literal

from greenspace.errors import InputError
from greenspace.model.definition import Threshold
from greenspace.model.verdict import Verdict
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from greenspace.model.definition import Condition, Criterion, Indicator, Mark, Operator
    from greenspace.model.quantity import Ratio
    from greenspace.model.verdict import Token

COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
}
RISING = (">=", ">")
SURENESS: tuple[Mark, ...] = ("provisional", "weak", "user", "verified")
FACT_NAMES = {
    "region": Text(
        zh="区位（秦岭—淮河以南或以北）", en="region (north or south of Qinling-Huaihe)"
    ),
    "population": Text(zh="人口", en="population"),
    "construction_land_per_head_m2": Text(zh="人均建设用地", en="construction land per head"),
}
NO_ROW = Text(
    zh="该标准没有适用于这样城市的数值。", en="The standard has no number for a city like this."
)
NO_NUMBER = Text(zh="所见来源未载该数值。", en="The sources read do not print the number.")
NOT_MEASURED = Text(zh="该指标未测算。", en="The indicator was not measured.")


@dataclass(frozen=True, slots=True)
class _Outcome:
    verdict: Token
    threshold: float | None
    margin: float | None
    reason: Text | None


def meets(value: float, comparison: Operator, threshold: float) -> bool:
    """Return whether a value meets a threshold: exactly, with no tolerance.

    Examples
    --------
    >>> meets(8.0, ">=", 8.0), meets(8.0, ">", 8.0)
    (True, False)
    """
    return COMPARE[comparison](value, threshold)


def applicable(criterion: Criterion, facts: Mapping[str, object]) -> Threshold | Text:
    """Return the number that is meant for this city, or why none can be named.

    Parameters
    ----------
    facts
        ``region`` ("north" or "south"), ``population`` in persons,
        ``construction_land_per_head_m2``; what is unknown is absent, ``None`` or NaN.

    Returns
    -------
    Threshold or Text
        The first row whose conditions all hold. A row that might come before it and cannot be
        decided, because a fact is missing, makes it a reason instead.

    Raises
    ------
    InputError
        A fact that a condition compares is not a number.
    """
    unknown: dict[str, None] = {}
    for row in criterion.thresholds:
        held = [_holds(condition, facts) for condition in row.when]
        if False in held:
            continue
        missing = [
            condition.fact
            for condition, answer in zip(row.when, held, strict=True)
            if answer is None
        ]
        unknown.update(dict.fromkeys(missing))
        if not missing:
            if unknown:
                break
            return row
    return _facts_missing(unknown) if unknown else NO_ROW


def _holds(condition: Condition, facts: Mapping[str, object]) -> bool | None:
    fact = facts.get(condition.fact)
    if fact is None:
        return None
    if condition.operator == "==":
        return fact == condition.value
    if isinstance(fact, bool | str) or not hasattr(fact, "__float__"):
        raise InputError(
            f"{FACT_NAMES[condition.fact].zh}应为数字。",
            f"The {FACT_NAMES[condition.fact].en} must be a number.",
            expected="a number",
            found=fact,
        )
    number = float(fact)
    return None if isnan(number) else COMPARE[condition.operator](number, float(condition.value))


def _facts_missing(facts: Iterable[str]) -> Text:
    names = [FACT_NAMES[fact] for fact in facts]
    keys = ", ".join(facts)
    return Text(
        zh=f"清单未给出{'、'.join(name.zh for name in names)}（{keys}），无法确定适用的数值。",
        en=(
            f"The manifest lacks the {' and the '.join(name.en for name in names)} ({keys}), on "
            "which the threshold depends."
        ),
    )


def judge(
    criterion: Criterion,
    ratio: Ratio | None,
    *,
    standard: str,
    indicator: Indicator,
    facts: Mapping[str, object],
    missing: Text | None = None,
    basis: Literal["measured", "supplied"] = "measured",
    other_levels: tuple[tuple[str, float], ...] = (),
) -> Verdict:
    """Hold one measured number against one row.

    Imagery leaves bounds: judged only where both fall on the same side. Two numbers on record:
    judged only where they agree, a pass by the stricter and a fail by the looser. The mark of
    the row is the weaker of the number's and, where the criterion prescribes tiers, of theirs.

    Parameters
    ----------
    ratio
        ``None`` where nothing could be measured; `missing` says why.
    standard
        As it is shown: ``CN-2010`` or ``CN-2010:higher``.

    Raises
    ------
    InputError
        The ratio is of another indicator or in another unit.
    """
    _require_same(criterion, ratio, indicator)
    row = applicable(criterion, facts)
    known = row if isinstance(row, Threshold) else None
    outcome = _decide(criterion, row, ratio, missing)
    return Verdict(
        standard=standard,
        indicator=criterion.indicator,
        name=indicator.name,
        unit=indicator.unit,
        operator=criterion.operator,
        ratio=ratio,
        threshold=outcome.threshold,
        readings=known.values if known else (),
        margin=outcome.margin,
        verdict=outcome.verdict,
        mark=_row_mark(criterion, known),
        reason=outcome.reason,
        source=known.source if known else None,
        gate=criterion.gate,
        mandatory=criterion.mandatory,
        basis=basis,
        other_levels=other_levels,
    )


def weaker(first: Mark, second: Mark) -> Mark:
    """Return the less sure of two marks.

    Examples
    --------
    >>> weaker("verified", "weak"), weaker("user", "provisional")
    ('weak', 'provisional')
    """
    return min(first, second, key=SURENESS.index)


def _row_mark(criterion: Criterion, row: Threshold | None) -> Mark | None:
    if row is None or not row.values or row.mark is None:
        return None
    if criterion.tiers is None or criterion.tiers_mark is None:
        return row.mark
    return weaker(row.mark, criterion.tiers_mark)


def _require_same(criterion: Criterion, ratio: Ratio | None, indicator: Indicator) -> None:
    if ratio is None:
        return
    expected = (criterion.indicator, indicator.unit)
    found = (ratio.indicator, ratio.unit)
    if expected != found or indicator.id != criterion.indicator:
        raise InputError(
            f"被比较的应为 {expected}，实为 {found}。",
            f"The number to compare is of {found}, expected {expected}.",
            expected=expected,
            found=found,
        )


def _decide(
    criterion: Criterion, row: Threshold | Text, ratio: Ratio | None, missing: Text | None
) -> _Outcome:
    values = row.values if isinstance(row, Threshold) else ()
    only = values[0] if len(set(values)) == 1 else None
    obstacle = _obstacle(row, ratio, missing)
    if obstacle is not None or ratio is None or isinstance(row, Text):
        return _Outcome("not_assessable", only, None, obstacle)
    sides = [_side(criterion.operator, reading, ratio) for reading in values]
    if all(sides):
        return _decided("pass", criterion, row, ratio)
    if not any(sides) and None not in sides:
        return _decided("fail", criterion, row, ratio)
    reason = _too_much_unseen(ratio, values) if None in sides else _disagree(ratio, values)
    return _Outcome("not_assessable", only, None, reason)


def _obstacle(row: Threshold | Text, ratio: Ratio | None, missing: Text | None) -> Text | None:
    obstacles = []
    if ratio is None:
        obstacles.append(missing or NOT_MEASURED)
    elif isnan(ratio.value):
        obstacles.append(ratio.reason or NOT_MEASURED)
    if isinstance(row, Text):
        obstacles.append(row)
    elif not row.values:
        obstacles.append(row.note or NO_NUMBER)
    if not obstacles:
        return None
    return Text(
        zh="".join(text.zh for text in obstacles), en=" ".join(text.en for text in obstacles)
    )


def _side(comparison: Operator, reading: float, ratio: Ratio) -> bool | None:
    low, high = (meets(bound, comparison, reading) for bound in ratio.bounds)
    return low if low == high else None


def _decided(verdict: Token, criterion: Criterion, row: Threshold, ratio: Ratio) -> _Outcome:
    rising = criterion.operator in RISING
    strictest, loosest = (max, min) if rising else (min, max)
    threshold = (strictest if verdict == "pass" else loosest)(row.values)
    margin = ratio.value - threshold if rising else threshold - ratio.value
    return _Outcome(verdict, threshold, margin, row.note or criterion.note)


def _too_much_unseen(ratio: Ratio, readings: tuple[float, ...]) -> Text:
    low, high = (_figure(bound, ratio) for bound in ratio.bounds)
    share = f"{100 * (ratio.unseen or 0.0) / (ratio.denominator + (ratio.unseen or 0.0)):.4g}"
    held = " / ".join(_figure(reading, ratio) for reading in readings)
    return Text(
        zh=f"影像不可见部分过多（{share}%）：实际值在 {low} 与 {high} 之间，阈值为 {held}。",
        en=(
            f"Too much unseen ({share} %): the value lies between {low} and {high}, and the "
            f"threshold is {held}."
        ),
    )


def _figure(value: float, ratio: Ratio) -> str:
    """Return a figure as people read it in a sentence: shares as percentages."""
    return f"{100 * value:.6g}%" if ratio.unit == "1" else f"{value:.6g}"


def _disagree(ratio: Ratio, readings: tuple[float, ...]) -> Text:
    held = [_figure(reading, ratio) for reading in readings]
    found = _figure(ratio.value, ratio)
    return Text(
        zh=f"来源的数值不一（{'、'.join(held)}），实测值 {found} 介于其间。",
        en=f"The sources disagree ({', '.join(held)}) and {found} lies between them.",
    )
