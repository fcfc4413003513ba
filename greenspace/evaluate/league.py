"""League: the rows of a standard, counted over cities.

Question   Of the cities that could be assessed, which row do most fail, and in which year?
Enters     Cities as their folders of results have them.
Leaves     Tallies, worst first, and how many cities pass over all.
Elsewhere  The verdicts themselves, which nothing here makes anew: compare, gate. Tables: present/.

Only cities whose results are those of today's inputs are counted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from greenspace.model.league import Standing, Tally

if TYPE_CHECKING:
    from collections.abc import Iterable

    from greenspace.model.league import CityRow, CityVerdict, Kind

    Key = tuple[bool, str, str]  # of the law, standard, indicator

KINDS: tuple[Kind, ...] = ("mandatory", "other", "law")


def tallies(rows: Iterable[CityRow]) -> tuple[Tally, ...]:
    """Return one tally a row of a standard, the one that most cities fail first.

    Examples
    --------
    >>> tallies([])
    ()
    """
    found: dict[Key, list[tuple[CityRow, CityVerdict]]] = {}
    for city in rows:
        if city.counted:
            for key, row in _keyed(city):
                found.setdefault(key, []).append((city, row))
    return tuple(sorted((_tally(key, judged) for key, judged in found.items()), key=_rank))


def tallies_by_year(rows: Iterable[CityRow]) -> tuple[Tally, ...]:
    """Return the same by year, in the order of the whole; empty where no city has a date."""
    counted = [city for city in rows if city.counted]
    years = _years(counted)
    if years in ([], [None]):
        return ()
    parts = {
        year: {_key(part): part for part in tallies(c for c in counted if c.year == year)}
        for year in years
    }
    return tuple(
        replace(parts[year][_key(whole)], year=year)
        for whole in tallies(counted)
        for year in years
        if _key(whole) in parts[year]
    )


def standings(rows: Iterable[CityRow]) -> tuple[Standing, ...]:
    """Return how many cities pass each standard, by year."""
    counted = [city for city in rows if city.counted and city.verdict is not None]
    found = []
    for standard in sorted({city.yardstick or "" for city in counted}):
        mine = [city for city in counted if (city.yardstick or "") == standard]
        for year in _years(mine):
            these = [city for city in mine if city.year == year]
            tokens = Counter(city.verdict for city in these)
            found.append(
                Standing(
                    standard=standard,
                    year=year,
                    passed=tokens["pass"],
                    failed=tokens["fail"],
                    not_assessable=tokens["not_assessable"],
                    provisional=sum(city.provisional for city in these),
                )
            )
    return tuple(found)


def _keyed(city: CityRow) -> list[tuple[Key, CityVerdict]]:
    return [
        ((law is not None, law or city.yardstick or "", indicator), row)
        for (law, indicator), row in city.judged.items()
    ]


def _tally(key: Key, judged: list[tuple[CityRow, CityVerdict]]) -> Tally:
    of_law, standard, indicator = key
    first = min(judged, key=lambda pair: pair[0].id)[1]
    mandatory = any(row.mandatory for _, row in judged)
    return Tally(
        standard=standard,
        kind="law" if of_law else "mandatory" if mandatory else "other",
        indicator=indicator,
        name=first.name,
        unit=first.unit,
        year=None,
        failed=tuple(sorted(city.id for city, row in judged if row.verdict == "fail")),
        passed=sum(row.verdict == "pass" for _, row in judged),
        not_assessable=sum(row.verdict == "not_assessable" for _, row in judged),
        provisional=sum(row.mark == "provisional" for _, row in judged),
    )


def _rank(tally: Tally) -> tuple[bool, str, int, int, float, int, str]:
    return (
        tally.kind == "law",
        tally.standard,
        KINDS.index(tally.kind),
        -len(tally.failed),
        -(tally.share or 0.0),
        -tally.not_assessable,
        tally.indicator,
    )


def _key(tally: Tally) -> Key:
    return tally.kind == "law", tally.standard, tally.indicator


def _years(cities: Iterable[CityRow]) -> list[int | None]:
    """Return the years of cities, those without a date last."""
    return sorted({city.year for city in cities}, key=lambda year: (year is None, year or 0))
