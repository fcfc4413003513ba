"""Unit kinds: what sorts of units there are, and how green each should be.

Question   Which kind does this word mean, and which green ratio does it owe?
Enters     Words as layers write them.
Leaves     Kinds with their ratio, mark and source; the nearest word to one that is unknown.
Elsewhere  The table: definitions/classes/units.toml by read/unit_kinds. Judging units: units.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING
from unicodedata import normalize

if TYPE_CHECKING:
    from greenspace.model.definition import Citation, Mark
    from greenspace.model.words import Text

CUTOFF = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitKind:
    """One kind of units.

    Attributes
    ----------
    least
        The least green ratio of such a unit; ``None`` where the source says nothing of it.
    rule
        The parameter of a standard's row that goes before it; ``None`` where there is none.
    """

    id: str
    name: Text
    words: frozenset[str]
    least: float | None
    mark: Mark | None
    source: Citation
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class UnitKinds:
    """Every kind, by its words."""

    kinds: tuple[UnitKind, ...]

    def of(self, word: object) -> UnitKind | None:
        """Return the kind that a word means, ``None`` where none is known."""
        spelt = spell(word)
        return next((kind for kind in self.kinds if spelt in kind.words), None)

    def nearest(self, word: object) -> str | None:
        """Return the known word that is spelt most like this one, if any is."""
        known = sorted(word for kind in self.kinds for word in kind.words)
        return next(iter(get_close_matches(spell(word), known, n=1, cutoff=CUTOFF)), None)


def spell(word: object) -> str:
    """Return a word as tables spell it: half width, lower case, no blanks around.

    Examples
    --------
    >>> spell("  School ")
    'school'
    """
    return normalize("NFKC", str(word)).strip().casefold()
