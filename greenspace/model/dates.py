"""Dates: one city at several dates, held against one standard.

Question   What has changed between the dates, and is the change more than error?
Enters     What the composer dates gathered.
Leaves     Frozen values that tabulate and write themselves.
Elsewhere  Gathering: dates. Two images of one place: model/change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    import pandas as pd

    from greenspace.model.city import City
    from greenspace.model.definition import Indicator
    from greenspace.model.quantity import Ratio
    from greenspace.model.source import Finding
    from greenspace.model.trajectory import Trajectory
    from greenspace.model.verdict import Verdict
    from greenspace.model.words import Language, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """One city at one date.

    Attributes
    ----------
    label
        Where it was read: a manifest or a folder of results.
    standard_sha256
        Of the file of a standard of one's own; ``None`` for one of the library.
    bounds
        West, south, east, north of the built-up area in degrees; ``None`` where not known.
    witnesses
        By indicator: what it was seen by, where there is more than one way.
    """

    label: str
    day: date
    city: City
    standard: str
    ratios: Mapping[str, Ratio]
    verdicts: tuple[Verdict, ...]
    standard_sha256: str | None = None
    crs: str | None = None
    bounds: tuple[float, float, float, float] | None = None
    witnesses: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One indicator between two dates.

    Attributes
    ----------
    change, per_year
        Later minus earlier, of the mapped values; ``None`` where a change of basis stands
        between them, `reason` says which. `per_year` is ``None`` between equal dates too.
    error
        Half width of the 95 % interval of the change of the error-adjusted estimates.
    beyond_error
        Whether that change is larger than its error; ``None`` where either has no interval, or
        where there is a `caution`.
    caution
        What differs in how the two were measured: part of the change may be that of the method.
    """

    indicator: str
    start: date
    end: date
    change: float | None
    per_year: float | None
    error: float | None = None
    beyond_error: bool | None = None
    reason: Text | None = None
    caution: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DateComparison:
    """A city at several dates.

    Attributes
    ----------
    dates
        The earliest first.
    steps
        By indicator: from date to date, and last over all of them.
    """

    standard: str
    dates: tuple[Dated, ...]
    cards: Mapping[str, Indicator]
    steps: Mapping[str, tuple[Step, ...]]
    trajectory: Trajectory
    findings: tuple[Finding, ...]

    @property
    def table(self) -> pd.DataFrame:
        """One row an indicator and date: value, verdict, change since the date before."""
        from greenspace.present.dates_tables import long_frame

        return long_frame(self)

    def write(self, folder: Path | str, *, force: bool = False, language: Language = "zh") -> Path:
        """Write table, page, workbook, JSON and chart into a folder, whole or not at all.

        Raises
        ------
        InputError
            As `Check.write`.
        """
        from greenspace.present.dates_files import write_dates

        return write_dates(self, folder, force=force, language=language)
