"""The plan of a manifest: what the city sets out from, and its targets for each year.

Question   What do [baseline] and [targets.2027] say, and do the years follow one another?
Enters     The tables of a manifest, and the card of every indicator.
Leaves     A Baseline and targets by year, or one ManifestError.
Elsewhere  One amount: read/amounts. Holding measurements against it: evaluate/trajectory.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from greenspace.model.trajectory import Baseline
from greenspace.model.words import Text
from greenspace.read.amounts import read_amounts
from greenspace.read.keys import wrong_value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from greenspace.errors import Refuse
    from greenspace.model.definition import Indicator

YEAR = re.compile(r"[12]\d{3}")
A_YEAR = Text(zh="年份，如 year = 2020", en="a year, as in year = 2020")


def read_plan(
    data: Mapping[str, Any], cards: Mapping[str, Indicator], path: Path, *, refuse: Refuse
) -> dict[str, Any]:
    """Return ``baseline`` and ``targets`` of a manifest, whichever it has.

    Parameters
    ----------
    refuse
        Told of each problem; where it returns, the rest is read without what was wrong.

    Raises
    ------
    ManifestError
        A year is none, an amount is not in its unit, or a target does not come after the
        baseline.
    """
    found: dict[str, Any] = {}
    if "baseline" in data:
        found["baseline"] = _baseline(data["baseline"], cards, path, refuse)
    if "targets" in data:
        found["targets"] = _targets(data["targets"], cards, path, refuse)
    baseline = found.get("baseline")
    if baseline is None:
        return found
    for year in [year for year in found.get("targets", {}) if year <= baseline.year]:
        expected = Text(
            zh=f"晚于基准年 {baseline.year} 的年份",
            en=f"a year after the baseline, {baseline.year}",
        )
        refuse(wrong_value(f"targets.{year}", expected, year, path))
        del found["targets"][year]
    return found


def require_baseline_before(day: date | None, baseline: Baseline | None, path: Path) -> None:
    """Refuse a baseline whose year ends after the day that the data are of.

    Raises
    ------
    ManifestError
        The baseline is younger than the city.
    """
    if day is None or baseline is None or (baseline.year, 12, 31) <= (day.year, day.month, day.day):
        return
    expected = Text(
        zh=f"在 {day} 之前结束的年份（基准值为该年 12 月 31 日）",
        en=f"a year that ended before {day} (a baseline is of 31 December)",
    )
    raise wrong_value("baseline.year", expected, baseline.year, path)


def _baseline(
    table: Any, cards: Mapping[str, Indicator], path: Path, refuse: Refuse
) -> Baseline | None:
    if not isinstance(table, dict):
        expected = Text(zh="一个含 year 的表", en="a table with a year")
        refuse(wrong_value("baseline", expected, table, path))
        return None
    year = table.get("year")
    if isinstance(year, bool) or not isinstance(year, int) or not YEAR.fullmatch(str(year)):
        refuse(wrong_value("baseline.year", A_YEAR, year, path))
        return None
    amounts = {name: value for name, value in table.items() if name != "year"}
    return Baseline(
        year=year, amounts=read_amounts(amounts, "baseline", cards, path, refuse=refuse)
    )


def _targets(
    targets: Any, cards: Mapping[str, Indicator], path: Path, refuse: Refuse
) -> dict[int, dict[str, float]]:
    if not isinstance(targets, dict):
        expected = Text(zh="[targets.2027] 这样的表", en="[targets.2027]")
        refuse(wrong_value("targets", expected, targets, path))
        return {}
    found = {}
    for year, values in targets.items():
        key = f"targets.{year}"
        if not YEAR.fullmatch(year):
            expected = Text(zh="年份，如 [targets.2027]", en="a year, as in [targets.2027]")
            refuse(wrong_value(key, expected, year, path))
            continue
        found[int(year)] = read_amounts(values, key, cards, path, refuse=refuse)
    return found
