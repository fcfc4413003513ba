"""Pipeline: a whole city held against a standard.

Question   Would this city pass the check, and what stands behind each number?
Enters     A city or its manifest, and a standard.
Leaves     One Check.
Elsewhere  One indicator alone: api. Measuring the city: survey.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from greenspace.chips import coloured
from greenspace.declaration import declared_ledger, declared_of
from greenspace.evaluate.gate import judge_profile, overall, require_verified, standard_label
from greenspace.gauges import GAUGES
from greenspace.judging import not_measured
from greenspace.model.check import Check
from greenspace.model.city import City
from greenspace.model.quantity import Ratio
from greenspace.model.source import Source
from greenspace.model.words import Text
from greenspace.present.words import worst_first
from greenspace.progress import steps_ledger, trajectory_ledger, trajectory_of
from greenspace.read.city import read_city
from greenspace.read.definitions import (
    own_file,
    own_source,
    read_addresses,
    read_indicators,
    read_profile,
    split_standard,
)
from greenspace.scope import green_cap
from greenspace.survey import MEASURABLE, Survey

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from greenspace.image_held import ImageStrips
    from greenspace.model.definition import Profile
    from greenspace.model.verdict import Verdict

    Progress = Callable[[int, int, Text], None]

DEFAULT_STANDARD = "CN-2022"
LAW = "GB55014-2021"
STEPS = (
    Text(zh="读取城市", en="reading the city"),
    Text(zh="整理图层", en="preparing layers"),
    Text(zh="量算绿化覆盖率", en="measuring green coverage"),
    Text(zh="量算绿地率", en="measuring the green-space ratio"),
    Text(zh="量算人均公园绿地", en="measuring park area per head"),
    Text(zh="量算公园服务半径覆盖率", en="measuring service coverage"),
    Text(zh="评定", en="judging"),
)


def check(
    city_or_path: City | Path | str,
    *,
    standard: str | None = None,
    verified_only: bool = False,
    on_bad_tile: Literal["refuse", "unseen"] | None = None,
    progress: Progress | None = None,
) -> Check:
    """Rehearse a standard on a city.

    Parameters
    ----------
    city_or_path
        A City, or the path of its ``city.toml``.
    standard
        Such as ``"CN-2010"``, ``"CN-2010:higher"``, or the path of a profile of one's own;
        default: the manifest's, else CN-2022. GB55014-2021 always follows in rows of its own.
    verified_only
        Refuse to judge by a number that nobody read in a source.
    on_bad_tile
        Whether a tile of an image that cannot be decoded is refused or counts as unseen;
        default: as the manifest says of each image.
    progress
        Called with steps done, steps in all and the step that begins.

    Returns
    -------
    Check
        With ``.table``, ``.verdict``, ``.ratios``, ``.findings`` and ``.write(folder)``.

    Raises
    ------
    InputError
        The manifest or a layer cannot be used; says which and what to do.
    DefinitionError
        The standard is unknown.
    UnverifiedProfileError
        Under `verified_only`, a number that would judge is weak or provisional.

    Examples
    --------
    >>> check("no/such/city.toml")
    Traceback (most recent call last):
    greenspace.errors.InputError: ...
    """
    return check_from(
        city_or_path,
        standard=standard,
        verified_only=verified_only,
        on_bad_tile=on_bad_tile,
        progress=progress,
    )


def city_of(
    city_or_path: City | Path | str, on_bad_tile: Literal["refuse", "unseen"] | None = None
) -> City:
    """Return a city as it is checked: read, where a manifest is named."""
    city = city_or_path if isinstance(city_or_path, City) else read_city(city_or_path)
    if on_bad_tile is None:
        return city
    images = tuple(replace(image, on_bad_tile=on_bad_tile) for image in city.images)
    return replace(city, images=images)


def check_from(
    city_or_path: City | Path | str,
    *,
    standard: str | None = None,
    verified_only: bool = False,
    on_bad_tile: Literal["refuse", "unseen"] | None = None,
    strips: ImageStrips | None = None,
    progress: Progress | None = None,
) -> Check:
    """Rehearse a standard as `check` does, from an image that was read in parts beforehand.

    Parameters
    ----------
    city_or_path, standard, verified_only, on_bad_tile, progress
        As of `check`.
    strips
        What `image_strips.gather` returned for the same city; None reads the image here.

    Raises
    ------
    InputError
        As `check`; or the strips were made for another image, threshold, zones or overlays.
    """
    say = progress or _quiet
    say(0, len(STEPS), STEPS[0])
    city = city_of(city_or_path, on_bad_tile)
    if strips is not None:
        strips.require_city(city)
    name, level = split_standard(standard or city.standard or DEFAULT_STANDARD)
    profile = read_profile(name)
    law = None if profile.id == LAW else read_profile(LAW)
    say(1, len(STEPS), STEPS[1])
    survey = Survey(city, strips)
    first: tuple[Callable[[], None], ...] = (
        survey.measure_coverage,
        partial(survey.measure_green_space, green_cap(profile, level)),
        survey.measure_park_area,
    )
    for done, measure in enumerate(first, 2):
        say(done, len(STEPS), STEPS[done])
        measure()
    say(5, len(STEPS), STEPS[5])
    scope = survey.scope(profile, level)
    asked = _indicators(profile, level) | (
        set() if law is None else _indicators(law, law.levels[0])
    )
    for gauge in GAUGES:
        survey.take(gauge(scope), asked)
    verdicts = _judge(survey, profile, level)
    survey.measure_on_foot()
    law_rows = () if law is None else _judge(survey, law, law.levels[0], judged=False)
    say(6, len(STEPS), STEPS[6])
    if verified_only:
        require_verified((*verdicts, *law_rows))
    survey.remark()
    way = trajectory_of(survey.city, _numbers(survey, verdicts), verdicts, read_indicators())
    steps = steps_ledger(profile, _numbers(survey, verdicts), read_indicators(), survey.city.facts)
    declared = declared_of(survey.city, survey.ratios, survey.missing)
    say(len(STEPS), len(STEPS), STEPS[-1])
    return Check(
        city=survey.city,
        standard=standard_label(profile, level),
        profiles=(profile,) if law is None else (profile, law),
        indicators=read_indicators(),
        verdicts=(*verdicts, *law_rows),
        overall=overall(verdicts, standard=standard_label(profile, level)),
        measured=tuple(survey.measured),
        findings=tuple(worst_first((*survey.findings, *(() if way is None else way.findings)))),
        inputs=(*city.inputs, *own_source(name, city.manifest.parent)),
        asked=asked_of(name, level, on_bad_tile),
        crs=survey.terrain.crs,
        layers=survey.layers,
        ledgers=(
            *survey.ledgers,
            *((declared_ledger(declared),) if declared else ()),
            *(() if way is None else (trajectory_ledger(way),)),
            *(() if steps is None else (steps,)),
        ),
        addresses=read_addresses(),
        picture=coloured(survey.picture, survey.cover.image)
        if strips is None
        else strips.coloured(survey.picture),
        trajectory=way,
        declared=declared,
        chips=survey.chips,
    )


def asked_of(name: str, level: str, on_bad_tile: str | None) -> dict[str, str]:
    """Return the words that ask for the same check again, wherever that is done."""
    own = own_file(name)
    asked = {"standard": f"{name if own is None else own.absolute()}:{level}"}
    return asked if on_bad_tile is None else {**asked, "on_bad_tile": on_bad_tile}


def _indicators(profile: Profile, level: str) -> set[str]:
    return {row.indicator for row in profile.at(level)}


def _quiet(done: int, steps: int, step: Text) -> None:
    del done, steps, step


def _judge(
    survey: Survey, profile: Profile, level: str, *, judged: bool = True
) -> tuple[Verdict, ...]:
    service = survey.measure_service(profile, level, judged=judged)
    indicators = read_indicators()
    supplied = supplied_numbers(survey.city)
    ratios = {**supplied, **survey.ratios}
    if service is not None:
        ratios[service.indicator] = service
    missing = {
        row.indicator: survey.missing.get(row.indicator, not_measured(row.indicator))
        for row in profile.at(level)
        if row.indicator not in ratios
    }
    return judge_profile(
        profile,
        level,
        ratios,
        indicators=indicators,
        facts=survey.city.facts,
        missing=missing,
        supplied=set(supplied) - set(survey.ratios),
    )


def _numbers(survey: Survey, verdicts: tuple[Verdict, ...]) -> dict[str, Ratio]:
    judged = {row.indicator: row.ratio for row in verdicts if row.ratio is not None}
    return {**supplied_numbers(survey.city), **judged, **survey.ratios}


def supplied_numbers(city: City) -> Mapping[str, Ratio]:
    """Return the numbers that a city gives itself and no layer of its does."""
    cards = read_indicators()
    return {
        name: Ratio(name, value, 1.0, cards[name].unit, None, sources=(_said_by(city, name),))
        for name, value in city.supplied.items()
        if name in cards and name not in MEASURABLE
    }


def _said_by(city: City, indicator: str) -> Source:
    told = city.provenance.get(indicator)
    note = None if told is None else Text(zh=f"出处：{told}", en=f"from {told}")
    return Source(role="supplied", name=city.manifest.name, note=note)
