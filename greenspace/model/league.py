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
    from shapely.geometry.base import BaseGeometry

    from greenspace.model.definition import Mark, Operator
    from greenspace.model.quantity import Unit
    from greenspace.model.source import Finding
    from greenspace.model.verdict import Token
    from greenspace.model.words import Text

State = Literal["checked", "kept", "stale", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CityVerdict:
    """One judged row of a city, as its ``check.json`` has it.

    Attributes
    ----------
    standard
        The one that the row belongs to; that of the law differs from the city's.
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
    why
        Of a stale city, what has changed; of a failed one, what went wrong and what to do.
    year
        Of the city's date, where it has one.
    outline
        Its built-up area in EPSG:4326, where it is known.
    version
        Of the library that wrote the results.
    """

    id: str
    manifest: str
    state: State
    name: str = ""
    standard: str | None = None
    year: int | None = None
    verdict: Token | None = None
    provisional: bool = False
    rows: tuple[CityVerdict, ...] = ()
    outline: BaseGeometry | None = None
    why: tuple[Text, ...] = ()
    version: str | None = None

    @property
    def counted(self) -> bool:
        """Whether its numbers are those of today's inputs."""
        return self.state in {"checked", "kept"}


@dataclass(frozen=True, slots=True, kw_only=True)
class League:
    """Cities in the order of their list, with what was noticed of them together."""

    rows: tuple[CityRow, ...]
    findings: tuple[Finding, ...] = ()
