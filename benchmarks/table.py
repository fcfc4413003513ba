"""The table that a benchmark prints and keeps: what was measured beside what was promised."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True)
class Line:
    """One line of a table, as it lands in results.json.

    Attributes
    ----------
    name, shown
        What was measured, and the figures as they are printed.
    ours, theirs, unit
        Ours and the peer's figure in one unit, where the line is of such figures.
    peer
        The package beside which ours is shown.
    ratio
        As the goal asks for it.
    goal, reached
        What was promised; ``None`` where nothing is, or not at this size.
    """

    name: str
    shown: str
    ours: float | None = None
    theirs: float | None = None
    unit: str | None = None
    peer: str | None = None
    ratio: float | None = None
    goal: str | None = None
    reached: bool | None = None


@dataclass
class Table:
    """Lines with what was measured beside what was promised.

    Attributes
    ----------
    size, full
        How large the data are; goals are held from the full size on.
    figures
        Plain numbers that pages compute with.
    """

    size: int = 1
    full: int = 1
    lines: list[Line] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def missed(self) -> list[str]:
        """Return the names of lines whose goal is missed."""
        return [line.name for line in self.lines if line.reached is False]

    def line(
        self, name: str, shown: str, *, goal: str = "", reached: bool = True, **numbers: Any
    ) -> None:
        """Print a line and keep it; `numbers` are further attributes of `Line`."""
        held = reached if goal and self.size >= self.full else None
        mark = {True: "reached", False: "MISSED", None: "not held at this size" if goal else ""}
        print(f"{name:<48} {shown:>40}  {goal:<14} {mark[held]}", flush=True)
        self.lines.append(Line(name.strip(), shown, goal=goal or None, reached=held, **numbers))

    def ended(self, full: str) -> Table:
        """Print what was missed; smaller sizes are held to no goal."""
        held = f"goals missed: {', '.join(self.missed) or 'none'}"
        if self.size < self.full:
            held = "goals are not held at this size"
        print(f"{held}; they hold for {full}")
        return self


@dataclass
class Times:
    """Seconds of the processors and of the clock, run by run."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Add one run."""
        cpu, wall = time.process_time(), time.perf_counter()
        yield
        self.cpu.append(time.process_time() - cpu)
        self.wall.append(time.perf_counter() - wall)

    def __str__(self) -> str:
        """Return both medians."""
        return f"CPU {median(self.cpu):.2f} s, wall {median(self.wall):.2f} s"


def timed(calls: dict[str, Callable[[], Any]], repeats: int) -> dict[str, Times]:
    """Run calls in turn, so that a slow moment of the machine meets all of them."""
    times = {name: Times() for name in calls}
    for call in calls.values():
        call()
    for _ in range(repeats):
        for name, call in calls.items():
            with times[name].taken():
                call()
    return times


def once(work: Callable[[], Any]) -> tuple[Any, Times]:
    """Run once; return what came out and how long it took."""
    times = Times()
    with times.taken():
        found = work()
    return found, times
