"""Sensitivity: which reading of a disputed rule decides a city's verdict.

Question   Would any row be judged otherwise if a rule were read the other way?
Enters     A Check.
Leaves     One Outcome a row and reading; topics that say nothing here, and why.
Elsewhere  Measuring a reading: readings. Probabilities: evaluate/rehearsal. The page: present/annex.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from greenspace.evaluate.compare import FACT_NAMES, applicable, judge
from greenspace.evaluate.gate import standard_label
from greenspace.evaluate.rehearsal import passings
from greenspace.model.definition import Threshold
from greenspace.model.rehearsal import Annex, Outcome, Reading, Topic
from greenspace.model.tiers import tiers_at
from greenspace.model.words import Text
from greenspace.read.readings import read_topics
from greenspace.readings import NO_OTHER, Study, level_of, measure_reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from greenspace.model.check import Check
    from greenspace.model.city import City
    from greenspace.model.definition import Criterion, Profile
    from greenspace.model.quantity import Ratio
    from greenspace.model.verdict import Verdict

NEAR_AN_EDGE = 0.10
COUNTED = frozenset({"population", "construction_land_per_head_m2"})
NOT_BY_DISTRICT = Text(
    zh="其他人口口径只有全市的数，没有各区的数。",
    en="The other count is of the city; nobody gave it by district.",
)
NO_ROW = Text(zh="所用标准没有这些条目。", en="The standards used have no such row.")
NOT_MEASURED = Text(zh="这些条目没有量算值。", en="These rows have no measured value.")
AS_STANDARD = Text(zh="按本标准", en="as this standard has it")
TWO_NUMBERS = Topic(
    id="two_numbers",
    title=Text(zh="记载不一的数值", en="numbers on record that differ"),
    question=Text(
        zh="来源的数值不一，均未核实或相互矛盾。",
        en="The sources print or remember different numbers.",
    ),
    indicators=(),
    readings=(),
)
EDGES = Topic(
    id="edges",
    title=Text(zh="分档边界", en="edges of the classes of cities"),
    question=Text(
        zh="恰在边界上归哪一档未写明；接近边界（10% 以内）时人口等数值的口径也会改变档位。",
        en="The class exactly at an edge is not stated; within 10 % of one, another count changes it too.",
    ),
    indicators=(),
    readings=(),
)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a standard as the check judged it."""

    profile: Profile
    level: str
    criterion: Criterion
    verdict: Verdict


def rehearse(check: Check) -> Annex:
    """Return what the office itself should know of a check: probabilities, and deciding readings.

    Parameters
    ----------
    check
        As `check` returns it; its layers and image are measured again where a reading asks.

    Returns
    -------
    Annex
        ``.passings``: for every row from an image the probability that it is met, an
        approximation (1 - Φ((threshold - error-adjusted estimate) / standard error)), or why
        there is none; ``.outcomes``: every disputed reading with its value and verdict;
        ``.deciding``: those that change a verdict. Never part of the report.

    Examples
    --------
    >>> rehearse(check).deciding  # doctest: +SKIP
    """
    study = Study(check)
    rows = tuple(_rows(check))
    outcomes: list[Outcome] = []
    unmeasured: list[tuple[Topic, Text]] = []
    for topic in read_topics():
        found = _of_topic(study, topic, rows)
        if isinstance(found, Text):
            unmeasured.append((topic, found))
        else:
            outcomes += found
    outcomes += [item for row in rows for item in _two_numbers(check, row)]
    outcomes += [item for row in rows for item in _edges(check, row)]
    return Annex(
        passings=passings(check.verdicts), outcomes=tuple(outcomes), unmeasured=tuple(unmeasured)
    )


def _rows(check: Check) -> Iterator[_Row]:
    for profile in check.profiles:
        level = level_of(check, profile)
        label = standard_label(profile, level)
        judged = {row.indicator: row for row in check.verdicts if row.standard == label}
        for criterion in profile.at(level):
            if criterion.indicator in judged:
                yield _Row(profile, level, criterion, judged[criterion.indicator])


def _of_topic(study: Study, topic: Topic, rows: tuple[_Row, ...]) -> list[Outcome] | Text:
    asked = [row for row in rows if _concerns(topic, row)]
    if not asked:
        return NO_ROW
    known = [row for row in asked if row.verdict.ratio is not None]
    if not known:
        return asked[0].verdict.reason or NOT_MEASURED
    if topic.id == "population":
        return _by_population(study, topic, known)
    reasons: list[Text] = []
    outcomes: list[Outcome] = []
    for row in known:
        for reading in _readings(study, topic, row):
            ratio = row.verdict.ratio
            if not reading.default:
                found = measure_reading(study, topic.id, reading, row.profile, row.level)
                if isinstance(found, Text):
                    reasons.append(found)
                    continue
                ratio = found.get(row.criterion.indicator)
                if ratio is None:
                    reasons.append(NOT_MEASURED)
                    continue
            outcomes.append(_outcome(study.check, topic, reading, row, ratio))
    return outcomes if any(not item.default for item in outcomes) else reasons[0]


def _concerns(topic: Topic, row: _Row) -> bool:
    """Return whether a topic is about the number of a row, or about the class it is held to."""
    if row.criterion.indicator in topic.indicators:
        return True
    asked = {each.fact for bar in row.criterion.thresholds for each in bar.when}
    return topic.id == "population" and bool(asked & COUNTED)


def _readings(study: Study, topic: Topic, row: _Row) -> tuple[Reading, ...]:
    """Return the readings of a topic, those that the row follows marked as such."""
    judged = {
        "enclosed_water": {"exclude": "out", "include": "in"}[
            study.city.vegetation_method.enclosed_water
        ],
        "tree_lined_sides": study.sides_of(row.profile, row.level),
    }
    if topic.id in judged:
        return tuple(replace(item, default=item.id == judged[topic.id]) for item in topic.readings)
    if topic.id != "tiers":
        return topic.readings
    own = tiers_at(row.profile, row.level)[0]
    marked = tuple(
        replace(item, default=item.tiers == own and not item.classes) for item in topic.readings
    )
    if any(item.default for item in marked):
        return marked
    return (Reading(id="own", text=AS_STANDARD, default=True, tiers=own), *marked)


def _by_population(study: Study, topic: Topic, rows: list[_Row]) -> list[Outcome] | Text:
    city = study.city
    if not city.population_other:
        return NO_OTHER
    outcomes = []
    for row in rows:
        ratio = row.verdict.ratio
        if ratio is None:
            continue
        basis = city.population_basis or "—"
        first = Reading(id="own", text=Text(basis, basis), default=True)
        outcomes.append(_outcome(study.check, topic, first, row, ratio))
        for name, persons in city.population_other.items():
            other = Reading(id=name, text=Text(name, name))
            facts = {**city.facts, **_recounted(city, persons)}
            counted = ratio
            if row.criterion.indicator in topic.indicators:
                if ratio.place is not None:
                    outcomes.append(_unknown(other, topic, row))
                    continue
                counted = replace(ratio, denominator=persons, undefined=None)
            outcomes.append(_outcome(study.check, topic, other, row, counted, facts=facts))
    return outcomes


def _unknown(reading: Reading, topic: Topic, row: _Row) -> Outcome:
    """Return an outcome without a value: the other count is of the city, not of its districts."""
    return Outcome(
        topic=topic,
        reading=reading,
        standard=row.verdict.standard,
        indicator=row.criterion.indicator,
        name=row.verdict.name,
        unit=row.verdict.unit,
        operator=row.criterion.operator,
        value=None,
        thresholds=(),
        verdict=None,
        changes=False,
        reason=NOT_BY_DISTRICT,
    )


def _recounted(city: City, persons: float) -> dict[str, float]:
    """Return the facts of a city with so many persons: its construction land stays as it is."""
    facts = {"population": persons}
    per_head, own = city.construction_land_per_head_m2, city.population
    if per_head is not None and own is not None and persons:
        facts["construction_land_per_head_m2"] = per_head * own / persons
    return facts


def _two_numbers(check: Check, row: _Row) -> Iterator[Outcome]:
    numbers = tuple(dict.fromkeys(row.verdict.readings))
    known = applicable(row.criterion, check.city.facts)
    if len(numbers) < 2 or row.verdict.ratio is None or not isinstance(known, Threshold):  # noqa: PLR2004
        return
    for number in numbers:
        only = replace(row.criterion, thresholds=(replace(known, values=(number,), when=()),))
        reading = Reading(
            id=f"{number:g}", text=_number(number, row.verdict.unit), mark=row.verdict.mark
        )
        one = replace(row, criterion=only)
        yield _outcome(check, TWO_NUMBERS, reading, one, row.verdict.ratio)


def _number(number: float, unit: str) -> Text:
    shown = f"{100 * number:g}%" if unit == "1" else f"{number:g}"
    return Text(shown, shown)


def _edges(check: Check, row: _Row) -> Iterator[Outcome]:
    """Yield what the class on the other side of a near edge would ask for."""
    ratio = row.verdict.ratio
    if ratio is None:
        return
    edges = {
        (condition.fact, float(condition.value))
        for threshold in row.criterion.thresholds
        for condition in threshold.when
        if not isinstance(condition.value, str)
    }
    for fact, edge in sorted(edges):
        here = check.city.facts.get(fact)
        if not isinstance(here, int | float) or abs(here - edge) > NEAR_AN_EDGE * edge:
            continue
        asked = applicable(row.criterion, check.city.facts)
        for beyond in (edge * (1 - 1e-9), edge, edge * (1 + 1e-9)):
            facts = {**check.city.facts, fact: beyond}
            if applicable(row.criterion, facts) != asked:
                own, other = _side(fact, here, edge), _side(fact, beyond, edge)
                yield _outcome(check, EDGES, replace(own, default=True), row, ratio)
                yield _outcome(check, EDGES, other, row, ratio, facts=facts)
                break


def _side(fact: str, number: float, edge: float) -> Reading:
    sign = "<" if number < edge else ">" if number > edge else "="
    name = FACT_NAMES[fact]
    words = Text(f"{name.zh} {sign} {edge:,.10g}", f"{name.en} {sign} {edge:,.10g}")
    return Reading(id=f"{fact} {sign} {edge:g}", text=words)


def _outcome(
    check: Check,
    topic: Topic,
    reading: Reading,
    row: _Row,
    ratio: Ratio | None,
    *,
    facts: Mapping[str, object] | None = None,
) -> Outcome:
    judged = judge(
        row.criterion,
        ratio,
        standard=row.verdict.standard,
        indicator=check.indicators[row.criterion.indicator],
        facts=check.city.facts if facts is None else facts,
    )
    verdict = row.verdict.verdict if reading.default else judged.verdict
    return Outcome(
        topic=topic,
        reading=reading,
        standard=row.verdict.standard,
        indicator=row.criterion.indicator,
        name=row.verdict.name,
        unit=row.verdict.unit,
        operator=row.criterion.operator,
        value=None if judged.value != judged.value else judged.value,
        thresholds=judged.readings,
        verdict=verdict,
        changes=verdict != row.verdict.verdict,
        reason=judged.reason if verdict == "not_assessable" else None,
    )
