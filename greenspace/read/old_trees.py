"""Old-tree schemes: the grades of old trees, from the library's table.

Question   Which schemes grade old trees by age, and how sure is each?
Enters     definitions/classes/old_trees.toml.
Leaves     Frozen model values.
Elsewhere  Grading: model/old_trees. Shape of the files: read/definition_shape.
"""

from __future__ import annotations

from functools import lru_cache

from pydantic import Field

from greenspace.model.definition import Mark  # noqa: TC001  pydantic asks for it when it runs
from greenspace.model.old_trees import TreeScheme
from greenspace.model.words import Text
from greenspace.read.definition_shape import Table
from greenspace.read.definition_tables import Words  # noqa: TC001  likewise
from greenspace.read.definitions import read_table


class GradeTable(Table):
    """One grade, the least age of its trees, and whether famous trees have it at any age."""

    from_years: float = Field(alias="from")
    zh: str
    en: str
    famous: bool = False


class SchemeTable(Table):
    """One scheme."""

    name: Words
    mark: Mark
    address: str = ""
    grades: list[GradeTable]


class SchemesTable(Table):
    """All schemes by id."""

    schemes: dict[str, SchemeTable]


@lru_cache(maxsize=1)
def read_tree_schemes() -> tuple[TreeScheme, ...]:
    """Return the schemes, in the order of the table.

    Examples
    --------
    >>> [scheme.id for scheme in read_tree_schemes()]
    ['forestry', 'city', 'provincial']
    """
    found = read_table(SchemesTable, "classes", "old_trees.toml")
    return tuple(
        TreeScheme(
            id=name,
            name=row.name.text(),
            mark=row.mark,
            address=row.address,
            grades=tuple((step.from_years, Text(step.zh, step.en)) for step in row.grades),
            famous=next((Text(step.zh, step.en) for step in row.grades if step.famous), None),
        )
        for name, row in found.schemes.items()
    )
