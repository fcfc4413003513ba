"""Zoning schemes: which zones a protected area is cut into, and what is asked of them.

Question   What does this name of a zone stand for, and how large must such a zone be?
Enters     What read/zonings found in a scheme.
Leaves     Frozen values.
Elsewhere  The TOML files: read/zonings. The zones of one park: model/zoning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import normalize

if TYPE_CHECKING:
    from greenspace.model.definition import Mark
    from greenspace.model.words import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneKind:
    """One kind of zone.

    Attributes
    ----------
    level
        1 for a control area, 2 for a function zone within one.
    names
        Other words for it in data.
    core
        Whether a buffer is asked for around it.
    within
        The kinds of level 1 that it may lie in; any where empty.
    """

    id: str
    level: int
    name: Text
    mark: Mark
    address: str = ""
    names: tuple[str, ...] = ()
    core: bool = False
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRule:
    """What part of the whole a kind of zone must have."""

    zone: str
    at_least: float | None = None
    at_most: float | None = None
    mark: Mark = "user"
    address: str = ""
    note: Text | None = None

    def holds(self, share: float) -> bool:
        """Return whether a share is enough, up to the last digits of the arithmetic.

        Examples
        --------
        >>> ShareRule(zone="core", at_least=0.5).holds(0.4999)
        False
        """
        low = self.at_least is None or share >= self.at_least - ROUNDING
        return low and (self.at_most is None or share <= self.at_most + ROUNDING)


ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoningScheme:
    """One scheme.

    Examples
    --------
    >>> from greenspace.model.words import Text
    >>> core = ZoneKind(id="core", level=1, name=Text("核心保护区", "core area"), mark="verified")
    >>> scheme = ZoningScheme(id="x", name=Text("某", "some"), document="", kinds=(core,))
    >>> scheme.kind_of(" Core AREA").id, scheme.kind_of("buffer")
    ('core', None)
    """

    id: str
    name: Text
    document: str
    kinds: tuple[ZoneKind, ...]
    shares: tuple[ShareRule, ...] = ()

    def of_level(self, level: int) -> tuple[ZoneKind, ...]:
        """Return the kinds of one level."""
        return tuple(kind for kind in self.kinds if kind.level == level)

    def kind_of(self, words: object) -> ZoneKind | None:
        """Return the kind that somebody means, by id or name in either language."""
        meant = plain(words)
        for kind in self.kinds:
            if meant in {
                plain(name) for name in (kind.id, kind.name.zh, kind.name.en, *kind.names)
            }:
                return kind
        return None


def plain(words: object) -> str:
    """Return words without what two people write differently: width, case, spaces.

    Examples
    --------
    >>> plain(" Core  Area（a）")
    'corearea(a)'
    """
    return "".join(normalize("NFKC", str(words)).casefold().split())
