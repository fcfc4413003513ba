"""Application: the steps of applying for the title, and the days that editions print for them.

Question   What has to be handed in, by whom, and by which day?
Enters     The id of a standard, a day.
Leaves     Frozen values; dates only where a source prints them.
Elsewhere  The file: read/application. The checklist of a city: checklist.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from greenspace.model.definition import Citation, Mark
    from greenspace.model.words import Text

DoneBy = Literal["check", "report", "layers", "office", "authority"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The day of one step under some standards, in the year of application or of review."""

    standards: tuple[str, ...]
    year: Literal["application", "review"]
    month: int
    day: int
    mark: Mark
    source: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step; `standards` are those that ask for it, all of them where there are none."""

    id: str
    title: Text
    content: Text
    done_by: DoneBy
    needs: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    dues: tuple[Due, ...] = ()
    mark: Mark | None = None
    source: Citation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """In which years some standards are applied for; no standards: all the others."""

    standards: tuple[str, ...]
    note: Text
    application_years: Literal["even", "odd"] | None = None
    mark: Mark | None = None
    source: Citation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """Every cycle and every step, in order."""

    cycles: tuple[Cycle, ...]
    steps: tuple[Step, ...]

    def cycle(self, standard: str) -> Cycle:
        """Return the cycle of a standard, the general one where it has none of its own."""
        own = [cycle for cycle in self.cycles if standard in cycle.standards]
        return (own or [cycle for cycle in self.cycles if not cycle.standards])[0]

    def steps_of(self, standard: str) -> tuple[tuple[Step, Due | None], ...]:
        """Return the steps that a standard asks for, with the day that is printed for each."""
        return tuple(
            (step, next((due for due in step.dues if standard in due.standards), None))
            for step in self.steps
            if not step.standards or standard in step.standards
        )

    def first_year(self, standard: str, today: date) -> int | None:
        """Return the first year of application whose days have not passed; None where unknown."""
        parity = self.cycle(standard).application_years
        if parity is None:
            return None
        dues = [due for _, due in self.steps_of(standard) if due and due.year == "application"]
        year = today.year + (today.year % 2 != (0 if parity == "even" else 1))
        if any(date(year, due.month, due.day) < today for due in dues):
            year += 2
        return year
