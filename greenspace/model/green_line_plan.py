"""Green-line plan: the lines of a city with their points, and everything that was held against them.

Question   What does an office hand in when it hands in green lines?
Enters     What the composer line_plan put together.
Leaves     A frozen value that writes the folder.
Elsewhere  Putting it together: line_plan. The files: present/green_line_files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pyproj import CRS

    from greenspace.model.city import City
    from greenspace.model.control_points import ControlPoints
    from greenspace.model.encroachment import Guard
    from greenspace.model.green_line import GreenLines
    from greenspace.model.ledger import Ledger
    from greenspace.model.old_trees import TreeScheme
    from greenspace.model.plan_check import PlanCheck
    from greenspace.model.source import Finding, Source
    from greenspace.model.tree_zones import TreeZones
    from greenspace.model.words import Language
    from greenspace.model.zoning import Zoning

By = Literal["line", "district"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GreenLinePlan:
    """Green lines of a city, numbered, guarded, with old trees and park zones beside them.

    Attributes
    ----------
    guard, trees, zoning
        ``None`` where the city brings nothing for them; a finding says what is missing.
    tree_scheme
        What grades the old trees on their sheet, where there are any.
    findings
        Of the layers and of every part, each once, the worst first.
    """

    city: City
    lines: GreenLines
    points: ControlPoints
    guard: Guard | None = None
    trees: TreeZones | None = None
    tree_scheme: TreeScheme | None = None
    zoning: Zoning | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def crs(self) -> CRS:
        """The CRS of lines and drawing: projected, in metres."""
        return self.lines.crs

    @property
    def inputs(self) -> tuple[Source, ...]:
        """Every file that was read, with its checksum."""
        return self.city.inputs

    @property
    def report(self) -> Mapping[str, str]:
        """Who drew, checked and approved, and the numbers of the sheets."""
        return self.city.report

    @property
    def checks(self) -> tuple[PlanCheck, ...]:
        """Every test: of the lines, of what stands in them, of old trees, of park zones."""
        return tuple(check for part in self._parts() for check in part.checks)

    @property
    def ledgers(self) -> tuple[Ledger, ...]:
        """Every table for the office, each once."""
        found = [ledger for part in self._parts() for ledger in part.ledgers]
        found.insert(len(self.lines.ledgers), self.lines.changes)
        if self.guard is not None and self.guard.balance is not None:
            found.append(self.guard.balance)
        return tuple({ledger.id: ledger for ledger in reversed(found)}.values())[::-1]

    @property
    def sound(self) -> bool:
        """Whether no test failed; one that could not be made does not fail."""
        return all(check.passed is not False for check in self.checks)

    def write(
        self,
        folder: Path | str,
        *,
        force: bool = False,
        language: Language = "zh",
        size: str = "A3",
        scale: int | None = None,
        by: By | None = None,
    ) -> Path:
        """Write lines, drawing, tables and atlas into a folder, whole or not at all.

        Parameters
        ----------
        folder
            Made when it does not exist.
        force
            Replace results of ours that lie there, and nothing else.
        language
            Of drawing, tables and atlas.
        size, scale
            Of the sheets: A0 to A4, and the denominator of the scale; default: one that fits. With
            a scale, text and dashes of the drawing are sized for it, too.
        by
            Whether the atlas has a page a line or a page a district; default: a district, where
            the city has any.

        Returns
        -------
        Path
            The folder, absolute.

        Raises
        ------
        InputError
            The folder exists and `force` is not set, or it holds inputs or files of others.
        """
        from greenspace.present.green_line_files import write_plan

        return write_plan(
            self, folder, force=force, language=language, size=size, scale=scale, by=by
        )

    def _parts(self) -> tuple[GreenLines | Guard | TreeZones | Zoning, ...]:
        parts = (self.lines, self.guard, self.trees, self.zoning)
        return tuple(part for part in parts if part is not None)
