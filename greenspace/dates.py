"""Dates: one city at several dates, compared by one standard.

Question   Is the city getting there, and is what changed more than a change of method?
Enters     Manifests or folders of results, one a date.
Leaves     A DateComparison with what forbids comparing, or should be known.
Elsewhere  One date: pipeline. The change between two: evaluate/progress. Pixels of two images: comparison.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from greenspace.errors import DefinitionError, InputError
from greenspace.evaluate.gate import standard_label
from greenspace.evaluate.methods import caution_between, method_of
from greenspace.evaluate.progress import step_between
from greenspace.model.city import City
from greenspace.model.dates import DateComparison, Dated
from greenspace.model.source import Finding
from greenspace.model.trajectory import Sight
from greenspace.model.words import Text
from greenspace.pipeline import DEFAULT_STANDARD, check, supplied_numbers
from greenspace.present.record import crs_name, place_of
from greenspace.progress import plot_plan
from greenspace.read.city import read_city
from greenspace.read.dated_results import RECORD, read_dated
from greenspace.read.definitions import read_indicators, read_profile, split_standard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from greenspace.model.check import Check
    from greenspace.model.dates import Step
    from greenspace.model.definition import Indicator
    from greenspace.model.source import Severity

    Progress = Callable[[int, int, Text], None]

CHECKING = Text(zh="核查各日期", en="checking each date")
LEAST_SHARED = 0.5  # of the smaller built-up area; a city may grow, but not move
BY_PEOPLE = frozenset({"m2/person"})


def compare_dates(
    cities: Sequence[City | Path | str],
    *,
    standard: str | None = None,
    progress: Progress | None = None,
) -> DateComparison:
    """Compare one city at several dates: values, changes, verdicts, and its course.

    Parameters
    ----------
    cities
        Manifests, Cities, or folders that ``greenspace check -o`` wrote; two or more, in any
        order.
    standard
        One for all dates; default: that of the latest. A folder of results stays judged as it
        was: another standard is refused for it.
    progress
        Called with steps done, steps in all and the step that begins.

    Returns
    -------
    DateComparison
        ``.table`` (one row an indicator and date), ``.steps``, ``.trajectory``, ``.findings``,
        ``.write(folder)``. Values are in base units; a change is of the mapped values, and is
        left out where the population basis or the edition of the class codes is another.

    Raises
    ------
    InputError
        Fewer than two, one without a date, two of one date, another city, or results of another
        standard.

    Examples
    --------
    >>> compare_dates(["city.toml"])
    Traceback (most recent call last):
    greenspace.errors.InputError: ...
    """
    if isinstance(cities, str | Path | City) or len(cities) < 2:  # noqa: PLR2004
        raise InputError(
            "比较需要两个或更多日期。",
            "A comparison needs two dates or more.",
            remedy=Text(
                zh="例如 greenspace compare city_2023.toml city_2026.toml。",
                en="For example greenspace compare city_2023.toml city_2026.toml.",
            ),
            expected="two or more",
        )
    found = sorted((_open(city) for city in cities), key=_day_of)
    _require_days(found)
    asked = standard or _standard_of(found[-1])
    dated = []
    for done, one in enumerate(found):
        if progress is not None:
            progress(done, len(found), CHECKING)
        each = _dated(one, asked, chosen=standard is not None)
        dated.append(replace(each, ratios={**supplied_numbers(each.city), **each.ratios}))
    _require_one_city(dated)
    return _compared(tuple(dated), asked)


def _open(city: City | Path | str) -> City | Dated:
    if isinstance(city, City):
        return city
    path = Path(city)
    return read_dated(path) if (path / RECORD).is_file() else read_city(path)


def _day_of(one: City | Dated) -> tuple[int, int, int]:
    day = one.day if isinstance(one, Dated) else one.date
    if day is None:
        manifest = one.city.manifest if isinstance(one, Dated) else one.manifest
        raise InputError(
            "清单没有日期，无法与其他日期比较。",
            "The manifest has no date, so it cannot be compared with others.",
            remedy=Text(
                zh="请在 [city] 中写 date = 2026-06-30。", en="Write date = 2026-06-30 in [city]."
            ),
            file=manifest,
            expected="date",
        )
    return (day.year, day.month, day.day)


def _require_days(found: Sequence[City | Dated]) -> None:
    for one, other in pairwise(found):
        if _day_of(one) == _day_of(other):
            city = other.city if isinstance(other, Dated) else other
            day = "-".join(f"{part:02d}" for part in _day_of(one))
            raise InputError(
                f"有两份同为 {day}：同一天没有先后。",
                f"Two of them are of {day}: nothing comes before the other.",
                remedy=Text(
                    zh="请每个日期只给一份；若日期写错，请改 [city] 的 date。",
                    en="Name one a date; if a date is wrong, mend date in [city].",
                ),
                file=city.manifest,
                expected="dates that differ",
                found=day,
            )


def _standard_of(one: City | Dated) -> str:
    return one.standard or DEFAULT_STANDARD


def _dated(one: City | Dated, standard: str, *, chosen: bool) -> Dated:
    if isinstance(one, City):
        own = one.standard if one.standard and _label(one.standard) == standard else standard
        return _of_check(check(one, standard=own))
    if one.standard != standard and one.standard != _label(standard):
        why = "--standard" if chosen else "the latest date"
        raise InputError(
            f"结果文件夹 {one.label} 是按 {one.standard} 评定的，而比较按 {standard}。",
            f"The results in {one.label} were judged by {one.standard}, but the comparison is by "
            f"{standard} ({why}).",
            remedy=Text(
                zh=f"请给出它的 city.toml，或加 --standard {one.standard}。",
                en=f"Name its city.toml instead, or pass --standard {one.standard}.",
            ),
            file=one.city.manifest,
            expected=standard,
            found=one.standard,
        )
    return one


def _label(standard: str) -> str:
    """Return a standard as results name it: by its id, without a level that is the default."""
    try:
        name, level = split_standard(standard)
        return standard_label(read_profile(name), level)
    except DefinitionError:
        return standard  # the label of a standard of one's own, whose file nobody named


def _of_check(result: Check) -> Dated:
    city = result.city
    first = result.standard
    own = tuple(row for row in result.verdicts if row.standard == first)
    judged = {row.indicator: row.ratio for row in own if row.ratio is not None}
    day = city.date
    assert day is not None  # noqa: S101  - asked for before anything was measured
    return Dated(
        label=city.manifest.name,
        day=day,
        city=city,
        standard=first,
        standard_sha256=next(
            (each.sha256 for each in result.inputs if each.role == "standard"), None
        ),
        ratios={**judged, **result.ratios},
        verdicts=own,
        crs=crs_name(result.crs),
        bounds=place_of(result),
        witnesses={
            item.ratio.indicator: item.label.en
            for item in result.measured
            if item.judged and item.label is not None
        },
    )


def _require_one_city(dated: Sequence[Dated]) -> None:
    last = dated[-1]
    for one in dated[:-1]:
        near = _overlap(one, last)
        if near is False or (near is None and one.city.name != last.city.name):
            raise InputError(
                f"{one.label}（{one.city.name}）与 {last.label}（{last.city.name}）不是同一座城市。",
                f"{one.label} ({one.city.name}) and {last.label} ({last.city.name}) are not one city"
                f"{': their built-up areas share less than half of the smaller one' if near is False else ''}.",
                remedy=Text(
                    zh="请核对清单；同一城市的各日期应同名，且建成区重叠。",
                    en="Check the manifests: dates of one city have one name and overlap.",
                ),
                file=one.city.manifest,
                expected=last.city.name,
                found=one.city.name,
            )


def _overlap(one: Dated, other: Dated) -> bool | None:
    """Return whether the extents share at least half of the smaller one, where both are known."""
    a, b = one.bounds, other.bounds
    if a is None or b is None:
        return None
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    least = min((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))
    return max(width, 0.0) * max(height, 0.0) >= LEAST_SHARED * least


def _compared(dated: tuple[Dated, ...], standard: str) -> DateComparison:
    cards = read_indicators()
    names = dict.fromkeys(
        name
        for one in reversed(dated)
        for name in (*(row.indicator for row in one.verdicts), *one.ratios)
    )
    sights = {
        name: [_sight(one, dated, cards[name]) for one in dated if name in one.ratios]
        for name in names
    }
    measured = {name: seen for name, seen in sights.items() if seen}
    steps = {
        name: _steps([one for one in dated if name in one.ratios], cards[name]) for name in measured
    }
    last = dated[-1]
    way = plot_plan(last.city, measured, last.verdicts, cards, day=last.day)
    told = (*_findings(dated, sights, steps, cards), *way.findings)
    return DateComparison(
        standard=last.standard or standard,
        dates=dated,
        cards=cards,
        steps=steps,
        trajectory=way,
        findings=tuple(dict.fromkeys(told)),
    )


def _steps(dated: Sequence[Dated], card: Indicator) -> tuple[Step, ...]:
    pairs = list(pairwise(dated))
    if len(dated) > 2:  # noqa: PLR2004
        pairs.append((dated[0], dated[-1]))
    return tuple(
        step_between(
            Sight(day=first.day, ratio=first.ratios[card.id]),
            Sight(day=last.day, ratio=last.ratios[card.id]),
            barrier=_barrier(first, last, card),
            caution=_caution(first, last, card),
        )
        for first, last in pairs
    )


def _sight(one: Dated, dated: Sequence[Dated], card: Indicator) -> Sight:
    latest = [other for other in dated if card.id in other.ratios][-1]
    alike = _barrier(one, latest, card) is None and _caution(one, latest, card) is None
    return Sight(day=one.day, ratio=one.ratios[card.id], alike=alike)


def _caution(first: Dated, last: Dated, card: Indicator) -> Text | None:
    ways = (
        method_of(one.ratios[card.id], (one.witnesses or {}).get(card.id)) for one in (first, last)
    )
    return caution_between(*ways)


def _barrier(first: Dated, last: Dated, card: Indicator) -> Text | None:
    """Return why two dates of an indicator may not be compared: their basis is another."""
    a, b = first.city.population_basis or "—", last.city.population_basis or "—"
    if card.unit in BY_PEOPLE and a != b:
        return Text(
            zh=f"人口口径不同（{a}、{b}）：口径变化不是进步。",
            en=f"The population is counted otherwise ({a}, {b}): a change of basis is no progress.",
        )
    old, new = first.city.editions.get("green"), last.city.editions.get("green")
    if card.basis == "parcels" and old != new:
        return Text(
            zh=f"分类代码的版本不同（{old}、{new}）：口径变化不是进步。",
            en=f"The class codes are of other editions ({old}, {new}): a change of basis is no "
            "progress.",
        )
    return None


def _findings(
    dated: Sequence[Dated],
    sights: Mapping[str, Sequence[Sight]],
    steps: Mapping[str, tuple[Step, ...]],
    cards: Mapping[str, Indicator],
) -> Iterator[Finding]:
    days = [one.day.isoformat() for one in dated]
    facts = {
        "names": ("城市名称", "city name", [one.city.name for one in dated]),
        "crs": ("量算坐标系", "measuring CRS", [one.crs or "—" for one in dated]),
        "population_basis": (
            "人口口径", "basis of the population", [one.city.population_basis or "—" for one in dated],
        ),
        "edition": (
            "绿地分类代码版本",
            "edition of the class codes",
            [one.city.editions.get("green", "—") for one in dated],
        ),
        "standard": ("清单中的标准", "standard of the manifest", [_own_standard(one) for one in dated]),
        "standard_file": (
            "自有标准文件的校验和（限值可能不同）",
            "checksum of the file of the standard (thresholds may be others)",
            [(one.standard_sha256 or "—")[:12] for one in dated],
        ),
    }  # fmt: skip
    for code, (zh, en, values) in facts.items():
        if len(set(values)) > 1:
            shown = "; ".join(f"{day} {value}" for day, value in zip(days, values, strict=True))
            yield _told(
                f"differing_{code}",
                f"各日期的{zh}不同：{shown}。",
                f"The dates differ in {en}: {shown}.",
                "warning",
            )
    yield from _methods(steps, cards)
    for name, seen in sights.items():
        if 0 < len(seen) < len(dated):
            have = ", ".join(sight.day.isoformat() for sight in seen)
            yield _told(
                "differing_indicators",
                f"{cards[name].name.zh}：只在 {have} 有数值。",
                f"{cards[name].name.en}: measured at {have} only.",
                "note",
                name,
            )


def _own_standard(one: Dated) -> str:
    return _label(one.city.standard or one.standard)


def _methods(
    steps: Mapping[str, tuple[Step, ...]], cards: Mapping[str, Indicator]
) -> Iterator[Finding]:
    """Tell once of each difference in method, with the indicators that it touches."""
    told: dict[Text, dict[str, None]] = {}
    for name, each in steps.items():
        for step in each:
            if step.caution is not None:
                told.setdefault(step.caution, {})[name] = None
    for text, names in told.items():
        yield _told(
            "differing_method",
            f"{'、'.join(cards[name].name.zh for name in names)}：{text.zh}",
            f"{', '.join(cards[name].name.en for name in names)}: {text.en}",
            "warning",
            *names,
        )


def _told(code: str, zh: str, en: str, severity: Severity, *names: str) -> Finding:
    return Finding(code=code, text=Text(zh=zh, en=en), severity=severity, indicators=names)
