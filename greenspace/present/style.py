"""Style: the colours, hatches and classes that every picture shares.

Question   Which colour does a parcel of this class have, and what is the class called?
Enters     A class code and the edition it belongs to.
Leaves     Fills, and the area of each class.
Elsewhere  Colours of single codes: definitions/classes. Drawing: maps.

The colours are a free choice: no standard's colour values were found. They differ in lightness,
and the two of like lightness by a hatch, so that they can be told apart without colour vision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import shapely

from greenspace.model.classes import spell
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from greenspace.model.check import Check

INK: Final = "#1f2a24"
FAINT: Final = "#5d6b62"
GROUND: Final = "#f4f2ea"
WATER: Final = "#a9cfe3"
BUILT_UP: Final = "#7a2e2e"
DISTRICT: Final = "#6b6b6b"
SERVED: Final = "#8fb8de"
UNSERVED: Final = "#e8743b"
LOST: Final = "#f6c75e"
SERVICE: Final = "#3f6f9f"
WALKS: Final = (  # metres from the park, from and up to
    (-1.0, 100.0, "#4a1486"),
    (100.0, 200.0, "#6a51a3"),
    (200.0, 300.0, "#8a78bd"),
    (300.0, 500.0, "#a99fd0"),
    (500.0, 5000.0, "#c9c3e2"),
)
VEGETATION: Final = "#2f7d3b"
UNSEEN: Final = "#c9c9c9"
UNSEEN_HATCH: Final = "xxx"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """How a class is drawn, what its edition calls it, and its key among the looks."""

    key: str
    name: Text
    colour: str
    hatch: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassArea:
    """The parcels of one class: how many, and the ground they cover once."""

    code: str
    fill: Fill
    count: int
    area_m2: float
    inside_m2: float | None


PARK: Final = Fill(key="park", name=Text("公园绿地", "park"), colour="#4CA64C")
PROTECTIVE: Final = Fill(
    key="protective", name=Text("防护绿地", "protective green"), colour="#1E5A32"
)
SQUARE: Final = Fill(key="square", name=Text("广场用地", "square"), colour="#A9BFA3", hatch="....")
ATTACHED: Final = Fill(key="attached", name=Text("附属绿地", "attached green"), colour="#BFE0A8")
REGIONAL: Final = Fill(
    key="regional", name=Text("区域绿地", "regional green"), colour="#7A7A3A", hatch="////"
)
PRODUCTION: Final = Fill(
    key="production", name=Text("生产绿地", "production green"), colour="#8C9A3C", hatch="\\\\\\\\"
)
OTHER: Final = Fill(
    key="other", name=Text("其他绿地", "other green"), colour="#7A7A3A", hatch="////"
)
UNCLASSED: Final = Fill(
    key="unclassed", name=Text("未分类绿地", "green without class"), colour="#d3d8b8", hatch="xx"
)

HOST_LAND: Final = ("XG", "RG", "AG", "BG", "MG", "WG", "SG", "UG")
FILLS: Final[Mapping[str, Mapping[str, Fill]]] = {
    "2017": {"G1": PARK, "G2": PROTECTIVE, "G3": SQUARE, "XG": ATTACHED, "EG": REGIONAL},
    "2002": {"G1": PARK, "G2": PRODUCTION, "G3": PROTECTIVE, "G4": ATTACHED, "G5": OTHER},
}


def major_class(code: object, edition: str | None) -> str:
    """Return the major class of a code in its edition, empty where there is none.

    Examples
    --------
    >>> major_class("g139", "2017"), major_class("RG", "2017"), major_class("G2", None)
    ('G1', 'XG', '')
    """
    spelt = spell(code)
    if edition == "2017" and spelt[:2] in HOST_LAND:
        return "XG"
    return spelt[:2] if spelt[:2] in FILLS.get(edition or "", {}) else ""


def fill_of(major: str, edition: str | None) -> Fill:
    """Return how a major class is drawn."""
    return FILLS.get(edition or "", {}).get(major, UNCLASSED)


def majors(green: gpd.GeoDataFrame, edition: str | None) -> list[str]:
    """Return the major class of each parcel."""
    if "class" not in green.columns:
        return [""] * len(green)
    return [major_class(code, edition) for code in green["class"]]


def class_areas(check: Check) -> tuple[ClassArea, ...]:
    """Return the area of each class of green, overlaps counted once."""
    green = check.layers.get("green")
    if green is None or green.empty:
        return ()
    edition = check.city.editions.get("green")
    found = majors(green, edition)
    built_up = check.layers.get("built_up")
    line = None if built_up is None else shapely.union_all(built_up.geometry.to_numpy())
    rows = []
    for major in [*FILLS.get(edition or "", {}), ""]:
        chosen = [mine == major for mine in found]
        if not any(chosen):
            continue
        ground = shapely.union_all(green.geometry.to_numpy()[chosen])
        rows.append(
            ClassArea(
                code=major,
                fill=fill_of(major, edition),
                count=sum(chosen),
                area_m2=float(ground.area),
                inside_m2=None if line is None else float(ground.intersection(line).area),
            )
        )
    return tuple(rows)
