"""Records: two check.json held against each other, value by value.

Question   Which numbers of this record are not those of that one, and where do they stand?
Enters     Two records as JSON values, and whether every digit counts.
Leaves     How many values were compared, and those that differ.
Elsewhere  Reading and measuring again: verification. The keys: docs/reference/check_json.md.
"""

from __future__ import annotations

from collections import Counter
from math import isclose
from re import sub
from typing import TYPE_CHECKING, Any, Final

from greenspace.model.verification import Unlike

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TOLERANCE: Final = 1e-9
APART: Final = frozenset({"software", "inputs"})  # told by name, not as numbers
Place = tuple[str, str, str, str]  # part, indicator, zone, key
DIGITS: Final = r"\d[\d,.]*(?:e[-+]?\d+)?"
ABSENT: Final = "(absent)"


def unlike_values(
    old: Mapping[str, Any], new: Mapping[str, Any], *, exact: bool, words: bool = True
) -> tuple[int, tuple[Unlike, ...]]:
    """Return how many values were compared, and those that differ.

    Parameters
    ----------
    exact
        Every digit and every word counts; otherwise numbers may differ by 1e-9, relative or
        absolute, and those inside sentences are passed over.
    words
        Where not exact: compare sentences at all.

    Examples
    --------
    >>> count, found = unlike_values({"a": 1.0}, {"a": 1.5}, exact=True)
    >>> count, found[0].key, found[0].old, found[0].new
    (1, 'a', 1.0, 1.5)
    """
    before, after = dict(_leaves(old)), dict(_leaves(new))
    places = [*before, *(place for place in after if place not in before)]
    if not exact and not words:
        places = [place for place in places if not _sentence(place)]
    found = [
        Unlike(
            part=place[0],
            indicator=place[1],
            zone=place[2],
            key=place[3],
            old=before.get(place, ABSENT),
            new=after.get(place, ABSENT),
        )
        for place in places
        if place not in before
        or place not in after
        or not _same(before[place], after[place], exact=exact)
    ]
    return len(places), tuple(found)


def _sentence(place: Place) -> bool:
    return place[3].endswith((".zh", ".en"))


def _same(old: Any, new: Any, *, exact: bool) -> bool:
    if _number(old) and _number(new) and not exact:
        try:
            return isclose(old, new, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
        except OverflowError:  # a whole number beyond every float
            return bool(old == new)
    if isinstance(old, str) and isinstance(new, str) and not exact:
        return sub(DIGITS, "0", old) == sub(DIGITS, "0", new)
    return bool(old == new) and isinstance(old, bool) == isinstance(new, bool)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _leaves(record: Mapping[str, Any]) -> Iterator[tuple[Place, Any]]:
    for part, content in record.items():
        if part in APART:
            continue
        if isinstance(content, list):
            yield from _rows(part, content)
        else:
            for key, value in _flat(content, ""):
                yield (part, "", "", key or part), value


def _rows(part: str, rows: list[Any]) -> Iterator[tuple[Place, Any]]:
    """Give the leaves of a list of tables, each named by what it is about, not by its place."""
    seen: Counter[str] = Counter()
    for row in rows:
        if not isinstance(row, dict):
            continue
        name = _name(part, row)
        seen[name] += 1
        named = name if seen[name] == 1 else f"{name} ({seen[name]})"
        zones = row.get("zones")
        for key, value in _flat({k: v for k, v in row.items() if k != "zones"}, ""):
            yield (part, named, "", key), value
        zone_names: Counter[str] = Counter()
        for zone in zones if isinstance(zones, list) else ():
            title = str(zone.get("name")) if isinstance(zone, dict) else str(zone)
            zone_names[title] += 1
            if zone_names[title] > 1:
                title = f"{title} ({zone_names[title]})"
            for key, value in _flat(zone, ""):
                yield (part, named, title, key), value


def _name(part: str, row: Mapping[str, Any]) -> str:
    if part == "findings":
        return f"{row.get('code')} {row.get('layer') or ''}".strip()
    parts = [str(row.get("standard") or ""), str(row.get("indicator") or "")]
    if row.get("judged") is False:
        parts.append("(beside)")
    return " ".join(filter(None, parts))


def _flat(value: Any, key: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(inner, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from _flat(inner, f"{key}[{number}]")
    else:
        yield key, value
