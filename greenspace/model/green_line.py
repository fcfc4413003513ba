"""Green lines: the closed control lines of a city's green, each one polygon with a number.

Question   Which ground does each line enclose, of which status and kind, and how was it drawn?
Enters     What delimit/ drew.
Leaves     A frozen value that the tables, drawings and maps are made of.
Elsewhere  Drawing the lines: delimit/green_line. Their points: model/control_points.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from pyproj import CRS

    from greenspace.model.ledger import Ledger
    from greenspace.model.page import Page
    from greenspace.model.plan_check import PlanCheck
    from greenspace.model.source import Finding, Source
    from greenspace.model.words import Language

GRID_M: Final = 0.001
COLUMNS: Final = ("number", "status", "category", "class", "name", "area_m2", "length_m")


@dataclass(frozen=True, slots=True)
class Status:
    """A status of a line: its name, and the line type that GB/T 51163-2016 draws it in."""

    title: Text
    line: str


STATUSES: Final[Mapping[str, Status]] = {
    "existing": Status(Text("现状绿线", "existing green line"), "solid"),
    "planned": Status(Text("规划绿线", "planned green line"), "dashed"),
    "control": Status(Text("生态控制线", "ecological control line"), "dashdot"),
}
CATEGORIES: Final[Mapping[str, Text]] = {
    "park": Text("公园绿地", "park"),
    "protective": Text("防护绿地", "protective green"),
    "square": Text("广场用地", "square"),
    "attached": Text("附属绿地", "attached green"),
    "production": Text("生产绿地", "production green"),
    "regional": Text("区域绿地", "regional green"),
    "riverbank": Text("河湖岸线绿地", "river and lake banks"),
    "woods": Text("山体林地", "hills and woods"),
    "wetland": Text("湿地", "wetland"),
    "scenic": Text("风景名胜区", "scenic area"),
    "relic": Text("园林遗迹", "garden relics"),
    "old_tree": Text("古树名木保护范围", "old-tree protection zone"),
    "other": Text("其他绿地", "other green"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How far a line may differ from the ground it was drawn from, and how far it does.

    Attributes
    ----------
    tolerance_m
        Edges nearer than this were brought together.
    max_area_change, max_displacement_m
        The greatest that was allowed of a single line: a share of its area, a distance.
    area_change, displacement_m
        The greatest that a line reached; ground that precedence gave to another line counts as
        no displacement: the changes list it with its area and width.
    """

    tolerance_m: float
    max_area_change: float
    max_displacement_m: float
    area_change: float
    displacement_m: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GreenLines:
    """All lines of a city.

    Attributes
    ----------
    lines
        One row a line with the columns `COLUMNS` and one valid polygon, holes allowed. Every
        coordinate is a whole number of millimetres; lines of one status share their edges vertex
        by vertex and do not overlap.
    changes
        Every sliver, gap, overlap and moved edge that was resolved, one row each.
    ledgers
        Tables for the office: the list of lines, a revision before and after.
    """

    lines: gpd.GeoDataFrame
    changes: Ledger
    limits: Limits | None
    checks: tuple[PlanCheck, ...] = ()
    findings: tuple[Finding, ...] = ()
    sources: tuple[Source, ...] = ()
    ledgers: tuple[Ledger, ...] = ()

    @property
    def crs(self) -> CRS:
        """The CRS of the lines: projected, in metres."""
        crs: CRS = self.lines.crs
        return crs

    def of(self, status: str) -> gpd.GeoDataFrame:
        """Return the lines of one status."""
        return self.lines[self.lines["status"] == status]

    def explore(self, *, language: Language = "zh") -> Page:
        """Return an interactive map of the lines that shows itself in Jupyter, as in geopandas.

        Unlike there, it takes no tiles and nothing else of the network.

        Raises
        ------
        MissingExtraError
            Bokeh is not installed.
        """
        from greenspace.present.explored import explore_green_lines

        return explore_green_lines(self, language=language)
