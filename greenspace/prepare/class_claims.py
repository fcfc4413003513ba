"""Class claims: parcels whose name or size contradicts their class code.

Question   Does this parcel's name, or its size, say something else than its code?
Enters     Codes of a stated edition, names, areas.
Leaves     What is contradicted, by row.
Elsewhere  Codes that are unknown: prepare/classify. The ledger: discrepancies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal
from unicodedata import normalize

from greenspace.model.classes import spell
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenspace.model.classes import ClassTable

Said = Literal["park", "protective", "square", "nursery"]
HEADS: Final[Mapping[str, Said]] = {
    "公园": "park",
    "植物园": "park",
    "动物园": "park",
    "防护绿地": "protective",
    "防护林": "protective",
    "防护林带": "protective",
    "隔离带": "protective",
    "广场": "square",
    "苗圃": "nursery",
    "花圃": "nursery",
    "生产绿地": "nursery",
}
TITLES: Final[Mapping[Said, Text]] = {
    "park": Text(zh="公园", en="a park"),
    "protective": Text(zh="防护绿地", en="protective green"),
    "square": Text(zh="广场", en="a square"),
    "nursery": Text(zh="生产绿地", en="a nursery"),
}
CODES: Final[Mapping[str, Mapping[Said, str]]] = {  # codes that a name like this would have
    "2002": {"park": "G1", "protective": "G3", "nursery": "G2"},
    "2017": {"park": "G1", "protective": "G2", "square": "G3", "nursery": "EG4"},
}
LEAST_M2: Final[Mapping[str, float]] = {"G11": 100_000.0, "G12": 10_000.0}  # GB 55014-2021
NO_SIZE: Final = ("G122",)  # 2002: a garden of a housing block


def said_by_name(name: object) -> Said | None:
    """Return what a parcel is by the last word of its name; ``None`` where the name says nothing.

    Examples
    --------
    >>> said_by_name("人民公园"), said_by_name("公园路防护绿地"), said_by_name("沿河绿地")
    ('park', 'protective', None)
    """
    text = normalize("NFKC", str(name)).strip()
    fits = [head for head in HEADS if text.endswith(head)]
    return HEADS[max(fits, key=len)] if fits else None


def contradicted(code: object, name: object, table: ClassTable) -> Said | None:
    """Return what the name says where the code says otherwise, ``None`` where they agree.

    A class whose own title has the word, such as EG12 森林公园, agrees; so does one that has such a
    class below it.

    Parameters
    ----------
    table
        Of edition 2002 or 2017.
    """
    said = said_by_name(name)
    entry = table.entry(code)
    expected = None if said is None else CODES.get(table.edition, {}).get(said)
    if said is None or entry is None or expected is None:
        return None
    below = (it for it in table.entries.values() if it.code.startswith(spell(code)))
    if any(said_by_name(it.name.zh) == said for it in (entry, *below)):
        return None
    return None if spell(code).startswith(expected) else said


def code_of(said: Said, table: ClassTable) -> str:
    """Return the code that a parcel of such a name would have in this edition."""
    return CODES[table.edition][said]


def least_size(code: object, sizes: Mapping[str, float] = LEAST_M2) -> float | None:
    """Return the area that a park of this class should exceed, ``None`` where none is stated.

    Examples
    --------
    >>> least_size("G111"), least_size("G12"), least_size("G122"), least_size("G14")
    (100000.0, 10000.0, None, None)
    """
    spelt = spell(code)
    if spelt.startswith(NO_SIZE):
        return None
    return next((least for start, least in sizes.items() if spelt.startswith(start)), None)
