"""Province: the cities of a list, and what became of each.

Question   Which cities are to be checked, how, and where do their results go?
Enters     What a list of cities says; how its reader wants them checked.
Leaves     Frozen values that travel from one process to another.
Elsewhere  Reading the list: read/province. Checking: province. The table of them: model/league.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

    from greenspace.model.league import State
    from greenspace.model.words import Language, Text

LEAGUE = "league"  # the folder beside those of the cities

OnBadTile = Literal["refuse", "unseen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A city of a list.

    Attributes
    ----------
    id
        The name of its folder of results.
    named
        Its manifest in the words of the list.
    manifest
        Absolute.
    """

    id: str
    named: str
    manifest: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One city to be checked: everything that the process doing so must be told.

    Attributes
    ----------
    folder
        Of its results, absolute.
    version
        Of the library that asks; another one does not answer.
    """

    entry: Entry
    folder: Path
    standard: str | None
    on_bad_tile: OnBadTile | None
    language: Language
    force: bool
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one city; ``state`` is None where it is still to be checked.

    Attributes
    ----------
    absent
        The file that a worker did not find, and the worker's address.
    """

    id: str
    state: State | None
    why: tuple[Text, ...] = ()
    absent: tuple[str, str] | None = None
