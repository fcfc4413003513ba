"""Class changes: the tables between editions and from land-use codes.

Question   What does each code become, how sure is that, and what should somebody look at?
Enters     definitions/classes/edition_2002_2017.toml and land_use.toml.
Leaves     Frozen model values.
Elsewhere  Changing a layer: prepare/recode. The class tables: read/definitions.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Self

from pydantic import Field, model_validator

from greenspace.model.class_change import ClassChange, ClassChanges, LandUse, LandUseScheme
from greenspace.model.definition import Mark  # noqa: TC001  pydantic asks for it when it runs
from greenspace.read.definition_shape import Table
from greenspace.read.definition_tables import Words  # noqa: TC001  likewise
from greenspace.read.definitions import read_table


class SizeTable(Table):
    """The code of parcels from a least area on."""

    least_ha: float
    to: str


class ChangeTable(Table):
    """What one code becomes."""

    to: str = ""
    sizes: list[SizeTable] = Field(default_factory=list)
    homes: str = ""
    beyond: str = ""
    mark: Mark | None = None
    address: str = ""
    caution: Words | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.to) == bool(self.sizes):
            raise ValueError("either to or sizes")
        return self


class EditionsTable(Table):
    """All changes between two editions."""

    from_edition: str
    to_edition: str
    document: str
    mark: Mark
    codes: dict[str, ChangeTable]


class LandUseTable(Table):
    """One land-use code."""

    code: str
    name: str
    to: str = ""
    why: Words | None = None
    mark: Mark
    address: str = ""

    @model_validator(mode="after")
    def _class_or_reason(self) -> Self:
        if bool(self.to) == (self.why is not None):
            raise ValueError("either to or why")
        return self


class SchemeTable(Table):
    """One land-use scheme."""

    name: Words
    codes: list[LandUseTable]


class LocalTable(Table):
    """A local scheme in the letters of CJJ/T 85."""

    address: str
    names: dict[str, str]


class LandUsesTable(Table):
    """All land-use schemes, and the local one."""

    schemes: dict[str, SchemeTable]
    local: LocalTable


@lru_cache(maxsize=1)
def read_class_changes() -> ClassChanges:
    """Return what codes become in CJJ/T 85-2017.

    Examples
    --------
    >>> changes = read_class_changes()
    >>> changes.of("G134").to, changes.schemes["land_sea_use"].entry("1401").to
    ('G133', 'G1')
    """
    editions = read_table(EditionsTable, "classes", "edition_2002_2017.toml")
    uses = read_table(LandUsesTable, "classes", "land_use.toml")
    changes = {
        code: ClassChange(
            code=code,
            to=row.to,
            mark=row.mark or editions.mark,
            address=row.address,
            sizes=tuple((size.least_ha, size.to) for size in row.sizes),
            homes=row.homes,
            beyond=row.beyond,
            caution=None if row.caution is None else row.caution.text(),
        )
        for code, row in editions.codes.items()
    }
    schemes = {
        name: LandUseScheme(
            id=name, name=scheme.name.text(), codes=tuple(_land_use(row) for row in scheme.codes)
        )
        for name, scheme in uses.schemes.items()
    }
    return ClassChanges(changes=changes, schemes=schemes, local=uses.local.names)


def _land_use(row: LandUseTable) -> LandUse:
    return LandUse(
        code=row.code,
        name=row.name,
        to=row.to,
        why=None if row.why is None else row.why.text(),
        mark=row.mark,
        address=row.address,
    )
