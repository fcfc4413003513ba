"""Application: the steps of applying for the title, from TOML.

Question   Which steps does an application have, and where was each day read?
Enters     definitions/application.toml.
Leaves     One model value.
Elsewhere  What it means: model/application. The shape of the other files: definition_tables.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from pydantic import Field

from greenspace.model.application import Application, Cycle, DoneBy, Due, Step
from greenspace.model.definition import Mark  # noqa: TC001  pydantic asks for it when it runs
from greenspace.read.definition_shape import Table, shape
from greenspace.read.definition_tables import (  # noqa: TC001  pydantic asks for them, too
    SourceTable,
    Words,
)


class _DueTable(Table):
    standards: list[str]
    year: Literal["application", "review"]
    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)
    mark: Mark
    source: SourceTable


class _StepTable(Table):
    id: str
    title: Words
    content: Words
    done_by: DoneBy
    needs: list[str] = Field(default_factory=list)
    standards: list[str] = Field(default_factory=list)
    due: list[_DueTable] = Field(default_factory=list)
    mark: Mark | None = None
    source: SourceTable | None = None


class _CycleTable(Table):
    standards: list[str]
    note: Words
    application_years: Literal["even", "odd"] | None = None
    mark: Mark | None = None
    source: SourceTable | None = None


class _ApplicationTable(Table):
    cycle: list[_CycleTable]
    step: list[_StepTable]


@lru_cache(maxsize=1)
def read_application() -> Application:
    """Return the steps of an application and the years of each edition.

    Examples
    --------
    >>> [step.id for step in read_application().steps][:3]
    ['self_check', 'provincial_title', 'application']
    """
    file = files("greenspace") / "definitions" / "application.toml"
    table = shape(_ApplicationTable, tomllib.loads(file.read_text("utf-8")), file.name)
    return Application(
        cycles=tuple(_cycle(cycle) for cycle in table.cycle),
        steps=tuple(_step(step) for step in table.step),
    )


def _cycle(table: _CycleTable) -> Cycle:
    return Cycle(
        standards=tuple(table.standards),
        note=table.note.text(),
        application_years=table.application_years,
        mark=table.mark,
        source=None if table.source is None else table.source.citation(""),
    )


def _step(table: _StepTable) -> Step:
    return Step(
        id=table.id,
        title=table.title.text(),
        content=table.content.text(),
        done_by=table.done_by,
        needs=tuple(table.needs),
        standards=tuple(table.standards),
        dues=tuple(_due(due) for due in table.due),
        mark=table.mark,
        source=None if table.source is None else table.source.citation(""),
    )


def _due(table: _DueTable) -> Due:
    return Due(
        standards=tuple(table.standards),
        year=table.year,
        month=table.month,
        day=table.day,
        mark=table.mark,
        source=table.source.citation(""),
    )
