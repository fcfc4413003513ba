"""Gate: all rows of a standard, the three that end a review first, and the verdict over them.

Question   Does the city meet the standard, would its review end early, and who says so?
Enters     A profile, a level, Ratios, reasons for those that are missing.
Leaves     Verdicts in the order of the review, and one Overall.
Elsewhere  A single row: evaluate/compare. Which Ratios there are: the pipeline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenspace.errors import DefinitionError, UnverifiedProfileError
from greenspace.evaluate.compare import applicable, judge
from greenspace.model.definition import Threshold
from greenspace.model.verdict import Overall
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from greenspace.model.definition import Criterion, Indicator, Profile
    from greenspace.model.quantity import Ratio
    from greenspace.model.verdict import Token, Verdict

SURE = {"verified", "user"}
NO_ROWS = Text(zh="没有必须满足的条目。", en="There is no row that must be met.")


def standard_label(profile: Profile, level: str) -> str:
    """Return how a standard is shown: the id, with the level where it is not the default."""
    plain = level == profile.levels[0] and not profile.name_a_level
    return profile.id if plain else f"{profile.id}:{level}"


def judge_profile(
    profile: Profile,
    level: str,
    ratios: Mapping[str, Ratio],
    *,
    indicators: Mapping[str, Indicator],
    facts: Mapping[str, object],
    missing: Mapping[str, Text],
    supplied: Collection[str] = (),
) -> tuple[Verdict, ...]:
    """Judge every row of one level, the gate items first.

    Parameters
    ----------
    ratios, missing
        By indicator: what was measured, and why the rest was not.
    facts
        As in `greenspace.evaluate.compare.applicable`.
    supplied
        Indicators whose ratio the city supplied, beside those that no layer can give.

    Raises
    ------
    DefinitionError
        The profile does not know the level, or names an indicator without a card.
    """
    if level not in profile.levels:
        raise DefinitionError(
            f"{profile.id} 没有“{level}”这一级。",
            f"{profile.id} has no level '{level}'.",
            expected=profile.levels,
            found=level,
        )
    verdicts = []
    for row in sorted(profile.at(level), key=lambda row: not row.gate):
        card = _card(row, profile, indicators)
        by_hand = card.basis == "supplied" or row.indicator in supplied
        verdicts.append(
            judge(
                row,
                ratios.get(row.indicator),
                standard=standard_label(profile, level),
                indicator=card,
                facts=facts,
                missing=missing.get(row.indicator),
                basis="supplied" if by_hand else "measured",
                other_levels=_other_levels(profile, row, facts),
            )
        )
    return tuple(verdicts)


def _card(row: Criterion, profile: Profile, indicators: Mapping[str, Indicator]) -> Indicator:
    if row.indicator not in indicators:
        raise DefinitionError(
            f"{profile.id} 用到未定义的指标 {row.indicator}。",
            f"{profile.id} names the indicator {row.indicator}, which has no card.",
            expected=tuple(indicators),
            found=row.indicator,
        )
    return indicators[row.indicator]


def _other_levels(
    profile: Profile, row: Criterion, facts: Mapping[str, object]
) -> tuple[tuple[str, float], ...]:
    others: list[tuple[str, float]] = []
    for other in profile.criteria:
        if other.indicator != row.indicator or other.level == row.level:
            continue
        threshold = applicable(other, facts)
        if isinstance(threshold, Threshold):
            others.extend((other.level, value) for value in threshold.values)
    return tuple(others)


def overall(verdicts: Iterable[Verdict], *, standard: str) -> Overall:
    """Return the verdict over the mandatory rows.

    *fail* where any fails, else *not_assessable* where any is, else *pass*. It is provisional
    where another number in a provisional row could change it: a fail when every failing row is
    provisional, a pass or not_assessable when any mandatory row is.

    Parameters
    ----------
    verdicts
        Of one standard; rows of other standards are not to be among them.

    Examples
    --------
    >>> overall((), standard="CN-2005").verdict
    'not_assessable'
    """
    rows = [verdict for verdict in verdicts if verdict.mandatory]
    failing = [row for row in rows if row.verdict == "fail"]
    unsettled = [row for row in rows if row.verdict == "not_assessable"]
    if failing:
        verdict: Token = "fail"
        provisional = all(row.mark == "provisional" for row in failing)
    else:
        verdict = "not_assessable" if unsettled or not rows else "pass"
        provisional = any(row.mark == "provisional" for row in rows)
    return Overall(
        standard=standard,
        verdict=verdict,
        provisional=provisional,
        review_ends=tuple(row.indicator for row in failing if row.gate),
        reason=_reason(failing or unsettled, verdict) if rows else NO_ROWS,
    )


def _reason(rows: list[Verdict], verdict: Token) -> Text | None:
    if verdict == "pass":
        return None
    zh = "、".join(row.name.zh for row in rows)
    en = ", ".join(row.name.en for row in rows)
    if verdict == "fail":
        return Text(zh=f"未达标：{zh}。", en=f"Not met: {en}.")
    return Text(zh=f"无法判定：{zh}。", en=f"Not assessable: {en}.")


def require_verified(verdicts: Iterable[Verdict]) -> None:
    """Refuse rows whose number is neither verified nor entered by the user.

    Rows without a number, because it is unknown or no rule applies, claim nothing and pass.

    Raises
    ------
    UnverifiedProfileError
        Lists the rows.
    """
    rows = [row for row in verdicts if row.mark is not None and row.mark not in SURE]
    if not rows:
        return
    named = "; ".join(f"{row.standard} {row.indicator} ({row.mark})" for row in rows)
    raise UnverifiedProfileError(
        f"有 {len(rows)} 个条目的数值未经核实：{named}。",
        f"{len(rows)} rows rest on numbers that are not verified: {named}.",
        rows=tuple(row.indicator for row in rows),
        expected=tuple(sorted(SURE)),
        found=tuple(row.mark for row in rows),
        remedy=Text(
            zh="请用 extends 文件录入本单位文本中的数值（文号、页码），或去掉 --verified-only。",
            en=(
                "Enter the numbers of your own copy in a file that extends the profile, with "
                "document and page, or leave out --verified-only."
            ),
        ),
    )
