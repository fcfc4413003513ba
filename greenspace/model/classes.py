"""Class tables: what the codes of green parcels mean in one edition.

Question   Is this code a park, other urban green, regional green, or none of the city's?
Enters     A code as a layer spells it.
Leaves     Its role, or ``None`` where the edition does not know it.
Elsewhere  The TOML files: read/definitions. Sorting parcels by role: prepare/classify.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenspace.model.definition import Citation, Mark
    from greenspace.model.words import Text

Role = Literal["park", "green", "other", "none"]
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassEntry:
    """One code of a class table.

    Attributes
    ----------
    role
        ``park``: park green space, which is in the green-space ratio too; ``green``: in the
        ratio and no park; ``other``: in the ratio only through adjacency and the 20 % cap;
        ``none``: never in the ratio of a city.
    """

    code: str
    name: Text
    role: Role
    mark: Mark
    source: Citation
    note: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassKind:
    """Classes that a rule names together, such as production green."""

    codes: tuple[str, ...]
    mark: Mark
    source: Citation
    note: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassTable:
    """The codes of one edition; a code that is not listed takes after its beginning.

    Examples
    --------
    >>> from greenspace.model.definition import Citation
    >>> from greenspace.model.words import Text
    >>> source = Citation(document="CJJ/T 85-2017")
    >>> park = ClassEntry(
    ...     code="G1", name=Text(zh="公园绿地", en="park"), role="park", mark="provisional", source=source
    ... )
    >>> table = ClassTable(edition="2017", document="CJJ/T 85-2017", entries={"G1": park})
    >>> table.role(" g11 "), table.role("R2")
    ('park', None)
    """

    edition: str
    document: str
    entries: Mapping[str, ClassEntry]
    colours: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, ClassKind] = field(default_factory=dict)
    other_edition: str = ""
    elsewhere: frozenset[str] = frozenset()  # every code of the other edition

    def is_own(self, code: object) -> bool:
        """Return whether a code is of a class that the other edition does not list."""
        entry = self.entry(code)
        return entry is not None and entry.code not in self.elsewhere

    def is_foreign(self, code: object) -> bool:
        """Return whether the other edition lists more of a code's beginning than this one."""
        entry, spelt = self.entry(code), spell(code)
        ours = 0 if entry is None else len(entry.code)
        return any(spelt[:end] in self.elsewhere for end in range(ours + 1, len(spelt) + 1))

    def is_of(self, kind: str, code: object) -> bool:
        """Return whether a code is of a kind of this table."""
        return spell(code).startswith(self.kinds[kind].codes)

    def entry(self, code: object) -> ClassEntry | None:
        """Return the entry with the longest code that `code` begins with."""
        spelt = spell(code)
        begun = (spelt[:end] for end in range(len(spelt), 0, -1))
        return next((self.entries[code] for code in begun if code in self.entries), None)

    def role(self, code: object) -> Role | None:
        """Return the role, by the longest listed beginning; ``None`` where there is none."""
        entry = self.entry(code)
        return None if entry is None else entry.role

    def known(self, code: object) -> bool:
        """Return whether the edition lists this very code."""
        return spell(code) in self.entries

    def priority(self, code: object) -> int:
        """Return a number that is lower the stronger a code's claim to ground that two claim.

        By role, in the order of `Role`, then as the edition lists its codes; unknown codes last.
        So ground stays what it counts as where shapes overlap: green before other green.
        """
        entry = self.entry(code)
        if entry is None:
            return len(ROLES) * len(self.entries)
        listed = list(self.entries).index(entry.code)
        return ROLES.index(entry.role) * len(self.entries) + listed

    def nearest(self, code: object) -> str | None:
        """Return the listed code that is spelt most like this one, if any is."""
        spelt = spell(code)
        entry = self.entry(spelt)
        if entry is not None:
            return entry.code
        return next(iter(get_close_matches(spelt, self.entries, n=1, cutoff=0.5)), None)


def spell(code: object) -> str:
    """Return a code as the tables spell it: half width, upper case, no blanks around.

    Examples
    --------
    >>> spell(" g11 ")
    'G11'
    """
    return unicodedata.normalize("NFKC", str(code)).strip().upper()
