"""Judging: numbers measured one by one, held against the rows of a standard.

Question   Would these ratios meet that standard, and which function measures one that is missing?
Enters     Ratios from anywhere, and a standard.
Leaves     One row a criterion, as a check has them.
Elsewhere  A whole city: pipeline. A single row: evaluate/compare. The table: present/tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from greenspace.errors import InputError
from greenspace.evaluate.compare import FACT_NAMES
from greenspace.evaluate.gate import judge_profile
from greenspace.model.counted import SUFFIXES
from greenspace.model.quantity import Ratio, RatioTable
from greenspace.model.tiers import SERVICE, tier_source, tiers_at
from greenspace.model.words import Text
from greenspace.model.yardsticks import MEASURED_BY
from greenspace.present.tables import verdict_frame
from greenspace.read.definitions import read_indicators, read_profile, split_standard

if TYPE_CHECKING:
    import pandas as pd

    from greenspace.model.definition import Profile

NO_LAYER_GIVES_IT = Text(
    zh="本软件不从图层量算此项；可在清单 [supplied] 中填报。",
    en="Not measured from layers; the city may supply it under [supplied].",
)
NOT_GIVEN = Text(zh="给出的比率中没有此项。", en="Not among the ratios given.")


def judge(
    ratios: Mapping[str, Ratio] | Iterable[Ratio],
    standard: str,
    *,
    facts: Mapping[str, object] | None = None,
) -> pd.DataFrame:
    """Hold numbers against a standard, row by row.

    Parameters
    ----------
    ratios
        As the functions of this library return them, of the whole city: a dictionary by
        indicator, or one after the other.
    standard
        As in `check`: ``"CN-2010"``, ``"CN-2010:higher"``, or the path of a profile of one's
        own. Rows of other standards do not follow.
    facts
        What thresholds may depend on: ``region`` (``"north"`` or ``"south"``), ``population``,
        ``construction_land_per_head_m2``.

    Returns
    -------
    DataFrame
        With the columns of ``Check.table``; a row whose indicator is not among the ratios is
        *not_assessable*. ``.attrs["findings"]`` holds the findings of the ratios judged.

    Raises
    ------
    InputError
        What is given is no Ratio, is one of several zones, stands under the name of another
        indicator, is given twice, or was measured by the tiers of another standard.
    DefinitionError
        The standard or its level is unknown.

    Examples
    --------
    >>> from greenspace.model.quantity import Ratio
    >>> table = judge([Ratio("green_coverage", 37.0, 100.0, "1", None)], "CN-2010")
    >>> table.set_index("indicator").loc["green_coverage", "verdict"]
    'pass'
    """
    name, level = split_standard(standard)
    profile = read_profile(name)
    found = by_indicator(ratios)
    if SERVICE in found:
        _require_tiers(found[SERVICE], profile, level)
    rows = {row.indicator for row in profile.at(level)}
    verdicts = judge_profile(
        profile,
        level,
        found,
        indicators=read_indicators(),
        facts=_known(facts or {}),
        missing={indicator: _not_given(indicator) for indicator in rows - set(found)},
    )
    table = verdict_frame(verdicts)
    told = (finding for key, ratio in found.items() if key in rows for finding in ratio.findings)
    table.attrs["findings"] = tuple(dict.fromkeys(told))
    return table


def not_measured(indicator: str) -> Text:
    """Return why the check of a city has no such number, and what has.

    Examples
    --------
    >>> "gs.who_300" in not_measured("who_300_of_land").en
    True
    """
    function = _function(indicator)
    if function is None:
        return NO_LAYER_GIVES_IT
    return Text(
        zh=f"check 不评定此项：{function} 从图层量算，gs.judge 评定；也可在清单 [supplied] 中填报。",
        en=f"A check does not judge this: {function} measures it from layers, and gs.judge judges "
        "it; the city may also supply it under [supplied].",
    )


def _not_given(indicator: str) -> Text:
    function = _function(indicator)
    if function is None:
        return NOT_GIVEN
    return Text(
        zh=f"{NOT_GIVEN.zh}由 {function} 量算。", en=f"{NOT_GIVEN.en} {function} measures it."
    )


def _function(indicator: str) -> str | None:
    for suffix in filter(None, SUFFIXES.values()):
        indicator = indicator.removesuffix(suffix)
    return next((name for name, all_of in MEASURED_BY.items() if indicator in all_of), None)


def by_indicator(ratios: Mapping[str, Ratio] | Iterable[Ratio]) -> dict[str, Ratio]:
    """Return ratios of a whole city by their indicator.

    Raises
    ------
    InputError
        One is no Ratio, is of several zones, is under another name, or is given twice.
    """
    if not isinstance(ratios, Iterable):
        raise _no_ratio(ratios)
    named = ratios.items() if isinstance(ratios, Mapping) else ((None, ratio) for ratio in ratios)
    found: dict[str, Ratio] = {}
    for name, ratio in named:
        if isinstance(ratio, RatioTable):
            raise _of_zones(ratio)
        if not isinstance(ratio, Ratio):
            raise _no_ratio(ratio)
        if ratio.indicator in found or (name is not None and name != ratio.indicator):
            raise InputError(
                f"{ratio.indicator} 给出了两次，或写在了另一个指标名下。",
                f"{ratio.indicator} is given twice, or under the name of another indicator.",
                expected=ratio.indicator,
                found=name,
            )
        found[ratio.indicator] = ratio
    return found


def _no_ratio(found: object) -> InputError:
    return InputError(
        f"应给出比率（Ratio），而不是 {type(found).__name__}。",
        f"Ratios are to be given, not {type(found).__name__}.",
        remedy=Text(
            zh="例如 gs.who_300(...) 返回的字典，或比率的列表。",
            en="Such as the dictionary of gs.who_300(...), or a list of ratios.",
        ),
        expected="Ratio",
        found=type(found).__name__,
    )


def _of_zones(table: RatioTable) -> InputError:
    return InputError(
        f"{table.indicator} 是分区的表；标准评定的是全市。",
        f"{table.indicator} is a table by zone; a standard judges the city.",
        remedy=Text(
            zh="请不分区（zones=None）重新量算，或给出某一区的 table.ratio(i)。",
            en="Measure with zones=None, or give the ratio of one zone: table.ratio(i).",
        ),
        expected="Ratio",
        found="RatioTable",
    )


def _require_tiers(ratio: Ratio, profile: Profile, level: str) -> None:
    """Refuse a coverage measured by other sizes and radii than the standard's."""
    asked = tier_source(tiers_at(profile, level)[0]).name
    for source in ratio.sources:
        if source.role == "tiers" and set(source.name.split("; ")) != set(asked.split("; ")):
            raise InputError(
                f"服务半径覆盖率按“{source.name}”量算，而 {profile.id} 用的是“{asked}”。",
                f"Service coverage was measured by '{source.name}', but {profile.id} measures by "
                f"'{asked}'.",
                remedy=Text(zh="请用后者作为 tiers 重新量算。", en="Measure with those tiers."),
                expected=asked,
                found=source.name,
            )


def _known(facts: Mapping[str, object]) -> Mapping[str, object]:
    unknown = [name for name in facts if name not in FACT_NAMES]
    if unknown:
        raise InputError(
            f"未知的城市情况：{'、'.join(map(str, unknown))}。",
            f"There is no such fact: {', '.join(map(str, unknown))}.",
            remedy=Text(
                zh=f"可用：{'、'.join(FACT_NAMES)}。", en=f"There are: {', '.join(FACT_NAMES)}."
            ),
            expected=tuple(FACT_NAMES),
            found=tuple(unknown),
        )
    return facts
