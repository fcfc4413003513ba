"""League: many cities held against their standards, one row each.

Question   Which cities pass, and which indicator do most of them fail?
Enters     What each city's folder of results says.
Leaves     Frozen rows.
Elsewhere  Checking them: province. Counting: evaluate/league. Tables and pages: present/.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from greenspace.model.definition import Mark, Operator
    from greenspace.model.quantity import Unit
    from greenspace.model.source import Finding
    from greenspace.model.verdict import Token
    from greenspace.model.words import Language, Text

State = Literal["checked", "kept", "stale", "failed"]
Kind = Literal["mandatory", "other", "law"]
GRAVITY: dict[Token, int] = {"pass": 0, "not_assessable": 1, "fail": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class CityVerdict:
    """One judged row of a city, as its ``check.json`` has it.

    Attributes
    ----------
    standard
        The one that the row belongs to; that of the law differs from the city's.
    indicator, name, unit
        The id of its card, what it is called, and its base unit.
    operator, verdict
        How the value is held against the number; ``pass``, ``fail`` or ``not_assessable``.
    mark
        How sure the number is.
    mandatory
        It takes part in the overall verdict.
    reason
        Why it is not assessable, or a remark.
    value, threshold
        In the unit of ``check.json``; ``None`` where nothing was measured or none decided.
    """

    standard: str
    indicator: str
    name: Text
    unit: Unit
    value: float | None
    threshold: float | None
    operator: Operator
    verdict: Token
    mark: Mark | None
    mandatory: bool
    reason: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CityRow:
    """One city of a league.

    Attributes
    ----------
    id
        The name of its folder of results.
    manifest
        As the list of cities names it.
    state
        ``checked`` in this run; ``kept`` from an earlier one; ``stale``: kept, although its
        inputs, the version or what is asked have changed, so that it is shown and not counted;
        ``failed``: there is no result.
    name
        What the city is called.
    standard, verdict, provisional
        What it was held against, its overall verdict, and whether a provisional number decided.
    rows
        Every judged row.
    why
        Of a stale city, what has changed; of a failed one, what went wrong and what to do.
    year
        Of the city's date, where it has one.
    standard_sha256
        Of the file of a standard of one's own.
    outline, no_outline
        Its built-up area in EPSG:4326, simplified for a map of the province; or why there is none.
    version
        Of the library that wrote the results.
    """

    id: str
    manifest: str
    state: State
    name: str = ""
    standard: str | None = None
    standard_sha256: str | None = None
    year: int | None = None
    verdict: Token | None = None
    provisional: bool = False
    rows: tuple[CityVerdict, ...] = ()
    outline: BaseGeometry | None = None
    no_outline: Text | None = None
    why: tuple[Text, ...] = ()
    version: str | None = None

    @property
    def counted(self) -> bool:
        """Whether its numbers are those of today's inputs."""
        return self.state in {"checked", "kept"}

    @property
    def yardstick(self) -> str | None:
        """The standard it was held against; files of one's own are told apart by checksum."""
        if self.standard is None or self.standard_sha256 is None:
            return self.standard
        return f"{self.standard} ({self.standard_sha256[:8]})"

    @property
    def judged(self) -> dict[tuple[str | None, str], CityVerdict]:
        """Rows by law and indicator, the worst where one is judged twice; law ``None``: its own."""
        found: dict[tuple[str | None, str], CityVerdict] = {}
        for row in self.rows:
            key = (None if row.standard == self.standard else row.standard, row.indicator)
            if key not in found or GRAVITY[row.verdict] > GRAVITY[found[key].verdict]:
                found[key] = row
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """One row of a standard over the cities that were held against it.

    Attributes
    ----------
    kind
        ``mandatory`` and ``other`` rows of the cities' standard; ``law``: always held beside.
    standard, indicator, name, unit
        Which row it is.
    passed, not_assessable
        How many cities.
    year
        Of the cities counted; ``None``: of any, or without a date.
    failed
        Ids of the cities that fail, in alphabetical order.
    provisional
        How many of the verdicts rest on a provisional number.
    """

    standard: str
    kind: Kind
    indicator: str
    name: Text
    unit: Unit
    year: int | None
    failed: tuple[str, ...]
    passed: int
    not_assessable: int
    provisional: int

    @property
    def assessed(self) -> int:
        """How many cities could be assessed."""
        return len(self.failed) + self.passed

    @property
    def share(self) -> float | None:
        """Failed of assessed; ``None`` where no city could be assessed."""
        return len(self.failed) / self.assessed if self.assessed else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the cities of one standard stand over all.

    Attributes
    ----------
    standard
        As `CityRow.yardstick` names it.
    year
        Of the cities counted; ``None``: of any, or without a date.
    passed, failed, not_assessable
        How many cities have which overall verdict.
    provisional
        How many of the verdicts rest on a provisional number.
    """

    standard: str
    year: int | None
    passed: int
    failed: int
    not_assessable: int
    provisional: int

    @property
    def cities(self) -> int:
        """How many are counted."""
        return self.passed + self.failed + self.not_assessable


@dataclass(frozen=True, slots=True, kw_only=True)
class League:
    """Cities in the order of their list, with what was noticed of them together.

    Verdicts are those of each city's ``check.json``; nothing is judged again. Cities held
    against different standards are counted apart, and so are the rows of the law.

    Attributes
    ----------
    rows
        A row a city.
    findings
        What was noticed of the list itself, such as files that it passes over.
    """

    rows: tuple[CityRow, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """Every row of every standard, the one that most cities fail first."""
        from greenspace.evaluate.league import tallies

        return tallies(self.rows)

    @property
    def tallies_by_year(self) -> tuple[Tally, ...]:
        """The same by year of the cities' dates; empty where no city has a date."""
        from greenspace.evaluate.league import tallies_by_year

        return tallies_by_year(self.rows)

    @property
    def standings(self) -> tuple[Standing, ...]:
        """How many cities pass each standard, by year where there are years."""
        from greenspace.evaluate.league import standings

        return standings(self.rows)

    @property
    def table(self) -> pd.DataFrame:
        """One row a city; of each indicator value and verdict, in base units."""
        from greenspace.present.league_tables import city_frame

        return city_frame(self)

    @property
    def failures(self) -> pd.DataFrame:
        """One row an indicator of a standard: how many cities fail it, the most first.

        ``share`` is failed ÷ assessed; cities that cannot be assessed are counted apart.
        """
        from greenspace.present.league_tables import failure_frame

        worst = sorted(self.tallies, key=lambda item: (-len(item.failed), -(item.share or 0.0)))
        return failure_frame(worst)

    @property
    def failures_by_year(self) -> pd.DataFrame:
        """The same with one row an indicator and year; empty where no city has a date."""
        from greenspace.present.league_tables import failure_frame

        return failure_frame(self.tallies_by_year)

    def to_geodataframe(self) -> gpd.GeoDataFrame:
        """Return `table` with the outline of each built-up area in EPSG:4326, where it is known."""
        from greenspace.present.league_tables import city_ground

        return city_ground(self)

    def write(
        self, folder: Path | str, *, language: Language = "zh", force: bool = False
    ) -> League:
        """Write ``league.html``, ``.xlsx``, ``.parquet`` and run.json, whole or not at all.

        An earlier league there, as it was written, is replaced; `force` replaces an edited one.

        Returns
        -------
        League
            With a finding, where pyarrow is not there to write GeoParquet.

        Raises
        ------
        InputError
            The folder holds files of other origin, or a league that somebody edited.
        """
        from greenspace.present.league_files import write_league

        return write_league(self, folder, language=language, force=force)

    def _repr_html_(self) -> str:
        from greenspace.present.league_page import league_fragment

        return league_fragment(self)
