"""Blocks: the pieces that a report is made of, whatever it is printed as.

Question   Which headings, sentences, tables and pictures does the report hold, in which order?
Enters     Strings that are words already, in one language.
Leaves     Frozen values that page and Word document render each in their own way.
Elsewhere  Filling them: outline. Rendering: report, document.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table.

    Attributes
    ----------
    notes
        Smaller lines below the text.
    look
        Class names of the text, such as ``verdict pass``.
    swatch
        A colour shown before the text.
    worst
        What the worst zone is called here; empty elsewhere.
    opens
        The number that the figure opens to; empty where there is none.
    """

    text: str
    notes: tuple[str, ...] = ()
    look: str = ""
    swatch: str = ""
    worst: str = ""
    opens: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table; ``figures`` are its columns of numbers, ``faint`` the rows of lesser weight."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    figures: frozenset[int] = frozenset()
    faint: frozenset[int] = frozenset()
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph; its look is empty, ``remark``, ``banner``, ``ends`` or ``overall …``."""

    text: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below that of the part."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and texts; the kind of a fact is ``text`` or ``code``."""

    pairs: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One number with all that stands behind it."""

    id: str
    name: str
    value: str
    facts: Facts
    zones: Grid | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A map or chart as a file."""

    title: str
    png: bytes
    wide: bool = True


Block: TypeAlias = Grid | Note | Heading | Facts | Opened | Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One chapter; a part without blocks is left out."""

    title: str
    blocks: tuple[Block, ...]
