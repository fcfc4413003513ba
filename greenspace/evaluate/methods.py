"""Methods: whether a number was measured at two dates from the same kinds of things, the same way.

Question   Is part of this change only that of the method?
Enters     Two ratios with their sources, and what each was seen by.
Leaves     Why not all of the change is the city's, or nothing.
Elsewhere  Another population or edition, across which nothing is compared: dates.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from greenspace.model.words import Text

if TYPE_CHECKING:
    from greenspace.model.quantity import Ratio
    from greenspace.model.source import Source

NOT_METHOD = frozenset({"manifest", "mask", "reference"})
RULES = frozenset(
    {"averaging", "classes", "method", "off_path", "rule", "tiers", "unit_kinds", "vegetation rule"}
)
FITTED = re.compile(r"[-\d.]+ (?=\()")  # a threshold that every image finds for itself


def method_of(ratio: Ratio, witness: str | None = None) -> frozenset[str]:
    """Return what a number was measured from, and by which rules; no file names, no sizes.

    Examples
    --------
    >>> from greenspace.model.quantity import Ratio
    >>> from greenspace.model.source import Source
    >>> sources = (Source(role="parks", name="a.gpkg"), Source(role="tiers", name=">= 400 m2: 300 m"))
    >>> sorted(method_of(Ratio("service_coverage", 1.0, 2.0, "1", None, sources=sources)))
    ['parks', 'tiers: >= 400 m2: 300 m']
    """
    seen = frozenset() if witness is None else frozenset({witness})
    return seen | {_way(source) for source in ratio.sources if source.role not in NOT_METHOD}


def _way(source: Source) -> str:
    note = "" if source.note is None else source.note.en
    if source.role == "population":
        return f"population: {note}" if note else "population"
    if source.role not in RULES:
        return source.role
    told = f"{source.role}: {FITTED.sub('', source.name)}"
    return f"{told} ({note})" if source.role == "method" and note else told


def caution_between(first: frozenset[str], last: frozenset[str]) -> Text | None:
    """Return what differs between two methods, ``None`` where nothing does.

    Examples
    --------
    >>> caution_between(frozenset({"image"}), frozenset({"vegetation"})).en
    'Measured otherwise (image, then vegetation): part of the change is that of the method.'
    """
    if first == last:
        return None
    before, after = ("; ".join(sorted(part)) or "—" for part in (first - last, last - first))
    return Text(
        zh=f"量算方法或所用图层不同（前：{before}；后：{after}）：变化中含有方法的差别，不能说是进步。",
        en=f"Measured otherwise ({before}, then {after}): part of the change is that of the method.",
    )
