"""Unit kinds: the table of what units there are and how green each kind should be.

Question   Which words name which kind of unit, and where was its ratio read?
Enters     definitions/classes/units.toml.
Leaves     Frozen kinds.
Elsewhere  Holding units against it: units.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Annotated, Self

from pydantic import Field, model_validator

from greenspace.model.definition import Citation, Mark
from greenspace.model.unit_kinds import UnitKind, UnitKinds, spell
from greenspace.read.definition_shape import Table
from greenspace.read.definition_tables import Words  # noqa: TC001  pydantic asks for it
from greenspace.read.definitions import read_table


class KindTable(Table):
    """One kind; without `least` nothing is known of its ratio."""

    name: Words
    words: list[str]
    least: Annotated[float, Field(gt=0, lt=1)] | None = None
    mark: Mark | None = None
    rule: str | None = None

    @model_validator(mode="after")
    def _marked(self) -> Self:
        if (self.least is None) != (self.mark is None):
            raise ValueError("least and mark go together")
        return self


class UnitKindsTable(Table):
    """The whole of units.toml."""

    document: str
    address: str
    kinds: dict[str, KindTable]

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        counts = Counter(spell(word) for kind in self.kinds.values() for word in kind.words)
        twice = sorted(word for word, count in counts.items() if count > 1)
        if twice:
            raise ValueError(f"named twice: {', '.join(twice)}")
        return self

    def unit_kinds(self) -> UnitKinds:
        """Return the table as the vocabulary's kinds."""
        source = Citation(document=self.document, address=self.address)
        return UnitKinds(
            tuple(
                UnitKind(
                    id=name,
                    name=row.name.text(),
                    words=frozenset(map(spell, row.words)),
                    least=row.least,
                    mark=row.mark,
                    source=source,
                    rule=row.rule,
                )
                for name, row in self.kinds.items()
            )
        )


@lru_cache(maxsize=1)
def read_unit_kinds() -> UnitKinds:
    """Return the library's kinds of units.

    Examples
    --------
    >>> kinds = read_unit_kinds()
    >>> kinds.of("学校").least, kinds.of("Factory").least, kinds.of("市政").least, kinds.of("?")
    (0.35, 0.2, None, None)
    >>> kinds.nearest("工业企")
    '工业企业'
    """
    return read_table(UnitKindsTable, "classes", "units.toml").unit_kinds()
