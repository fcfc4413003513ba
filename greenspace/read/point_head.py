"""Point head: what stands above a table of control points, held against itself.

Question   Which CRS is the table in, and do its name, its code and its zone say the same?
Enters     The rows above the heads of a table, and a CRS that the user gave.
Leaves     The CRS and the counts, or a refusal that names what contradicts what.
Elsewhere  The rows below: read/control_points. Whether they lie there: delimit/point_place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from greenspace.errors import CrsError
from greenspace.model.control_points import FACTS
from greenspace.model.crs import GIVE_CRS, parse_crs
from greenspace.model.gauss_kruger import NARROW_STEP, OLD_DATUMS, datum_of, zone_of
from greenspace.model.names import name_of
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pyproj import CRS

    Rows = Iterable[tuple[object, tuple[Any, ...]]]

EPSG = re.compile(r"\bEPSG:\d+")
WKT = re.compile(r"\b[A-Z]+\[.*\]$")
MERIDIAN = re.compile(r"(?:中央子午线 ?|central meridian |\bCM )(\d+(?:\.\d+)?)")
STEP = re.compile(r"\b([36])(?: ?度带|-degree)")
NUMBER = re.compile(r"(?:第 ?(\d+) ?带|Gauss-Kruger zone (\d+)|-degree zone (\d+))")
BEFORE_Y = re.compile(r"(?:含带号 ?|begins with )(\d+)")
WITHOUT = re.compile(r"不含带号|without the zone's number")
DATUMS = ("CGCS2000", *OLD_DATUMS)


def facts_of(rows: Rows) -> dict[str, tuple[Any, ...]]:
    """Return what stands above the table, by what it is.

    Examples
    --------
    >>> facts_of([(1, (None, "CRS", "CGCS2000 (EPSG:4490)", None)), (2, ("Lines", 4))])
    {'crs': ('CGCS2000 (EPSG:4490)',), 'lines': (4,)}
    """
    known = {label: key for key, text in FACTS.items() for label in (text.zh, text.en)}
    facts: dict[str, tuple[Any, ...]] = {}
    for _, cells in rows:
        label, *said = [cell for cell in cells if cell not in (None, "")] or [""]
        key = known.get(str(label).strip())
        if key is not None:
            facts[key] = tuple(said)
    return facts


def count_of(cells: tuple[Any, ...]) -> int | None:
    """Return a count that the head says, ``None`` where it says none."""
    text = name_of(cells[0]) if cells else ""
    return int(text) if text.isdecimal() else None


def crs_of_table(facts: dict[str, tuple[Any, ...]], asked: Any, path: Path | str) -> CRS:
    """Return the CRS that the head of a table says, or else the one given.

    Raises
    ------
    CrsError
        There is none, the two differ, or the head contradicts itself.
    """
    texts = [str(cell) for cell in facts.get("crs", ())]
    codes = [code for text in texts for code in EPSG.findall(text)]
    words = codes or [found[0] for text in texts if (found := WKT.search(text))]
    there = parse_crs(words[0]) if words else None
    given = None if asked is None else parse_crs(asked)
    chosen = given if there is None else there
    if chosen is None:
        raise CrsError(
            "控制点表没有写坐标系。",
            "The table names no CRS.",
            remedy=GIVE_CRS,
            file=path,
        )
    _require_one_mind(chosen, codes, [*texts, *map(str, facts.get("zone", ()))], path)
    if given is not None and chosen != given:
        raise CrsError(
            f"控制点表写的坐标系是 {chosen.name}，而不是 {given.name}。",
            f"The table says that it is in {chosen.name}, not in {given.name}.",
            remedy=Text(
                zh="请去掉 crs；读入后再用 gs.control_points(…, crs=…) 换带。",
                en="Leave crs out; lead to another zone with gs.control_points(..., crs=...) then.",
            ),
            file=path,
            expected=given.name,
            found=chosen.name,
        )
    return chosen


def _require_one_mind(crs: CRS, codes: list[str], texts: list[str], path: Path | str) -> None:
    """Refuse a head whose code, name and zone do not mean one CRS."""
    said = [text for text in texts if not WKT.search(text)]
    wrong = [code for code in codes if code != codes[0]]
    wrong += [word for text in said for word in _against(crs, text)]
    if wrong:
        raise CrsError(
            f"控制点表的表头自相矛盾：{crs.name} 与“{wrong[0]}”。",
            f'The head of the table contradicts itself: {crs.name}, and "{wrong[0]}".',
            remedy=Text(
                zh="请按成果说明核实坐标系，把表头的坐标系与投影带改为一致。",
                en="Find out which is right from the survey's papers, and correct the CRS or the "
                "zone in the head.",
            ),
            file=path,
            expected=crs.name,
            found=wrong[0],
        )


def _against(crs: CRS, text: str) -> list[str]:
    """Return what a text says that the CRS is not."""
    zone, datum = zone_of(crs), datum_of(crs)
    wrong = [
        name for name in DATUMS if re.search(rf"\b{name}\b", text, re.IGNORECASE) and datum != name
    ]
    meridian = _meridian(crs)
    wrong += [found[0] for found in MERIDIAN.finditer(text) if float(found[1]) != meridian]
    if zone is None:
        return wrong
    number = zone.meridian / 3 if zone.step == NARROW_STEP else (zone.meridian + 3) / 6
    wrong += [found[0] for found in STEP.finditer(text) if int(found[1]) != zone.step]
    wrong += [
        found[0]
        for found in NUMBER.finditer(text)
        if int(next(filter(None, found.groups()))) != number
    ]
    wrong += [found[0] for found in BEFORE_Y.finditer(text) if int(found[1]) != zone.number]
    if zone.number is not None:
        wrong += WITHOUT.findall(text)
    return wrong


def _meridian(crs: CRS) -> float | None:
    operation = crs.coordinate_operation
    params = () if operation is None else operation.params
    found = [item.value for item in params if item.name == "Longitude of natural origin"]
    return float(found[0]) if found else None
