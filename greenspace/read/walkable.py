"""Walkable: the table of classes that can be walked.

Question   Which classes and tags does the library take for a way on foot?
Enters     definitions/classes/walkable.toml.
Leaves     A frozen rule.
Elsewhere  Holding lines against it: prepare/paths.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Self

from pydantic import model_validator

from greenspace.model.walkable import Walkable
from greenspace.read.definition_shape import Table
from greenspace.read.definitions import read_table


class WalkableTable(Table):
    """The whole of walkable.toml."""

    document: str
    address: list[str]
    columns: list[str]
    walked: list[str]
    not_walked: list[str]
    not_there: list[str]
    bridges: list[str]
    tunnels: list[str]
    opens: dict[str, list[str]]
    closes: dict[str, list[str]]
    forbids: dict[str, list[str]]

    @model_validator(mode="after")
    def _one_list(self) -> Self:
        counts = Counter([*self.walked, *self.not_walked, *self.not_there])
        twice = sorted(name for name, count in counts.items() if count > 1)
        if twice:
            raise ValueError(f"named twice: {', '.join(twice)}")
        lost = {*self.bridges, *self.tunnels} - set(self.walked)
        if lost:
            raise ValueError(f"a bridge or tunnel that is not walked: {', '.join(sorted(lost))}")
        return self

    def rule(self) -> Walkable:
        """Return the table as the vocabulary's rule."""
        return Walkable(
            columns=tuple(self.columns),
            walked=frozenset(self.walked),
            not_walked=frozenset(self.not_walked),
            not_there=frozenset(self.not_there),
            bridges=frozenset(self.bridges),
            tunnels=frozenset(self.tunnels),
            opens=_sets(self.opens),
            closes=_sets(self.closes),
            forbids=_sets(self.forbids),
        )


def _sets(values: dict[str, list[str]]) -> dict[str, frozenset[str]]:
    return {key: frozenset(wanted) for key, wanted in values.items()}


@lru_cache(maxsize=1)
def read_walkable() -> Walkable:
    """Return the library's table of what can be walked.

    Examples
    --------
    >>> rule = read_walkable()
    >>> rule.walk("公园园路"), rule.walk("快速路"), rule.walk("motorway"), rule.walk("滑索")
    ('walked', 'not_walked', 'not_walked', 'unknown')
    """
    return read_table(WalkableTable, "classes", "walkable.toml").rule()
