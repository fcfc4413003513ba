"""Ground: who holds which land, so that no two parcels ever overlap.

Question   Which land is still free, and who has taken the rest?
Enters     The blocks of the layout.
Leaves     Parcels with a class code, a name and a shape; whatever nobody took.
Elsewhere  Who takes what: parks, plots.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from greenspace.sample.shapes import carve, polygons_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely import MultiPolygon, Point, Polygon
    from shapely.geometry.base import BaseGeometry

CRUMB_M2 = 60.0


@dataclass(frozen=True, slots=True)
class Parcel:
    """One green parcel: its class in CJJ/T 85-2017, its name and its shape."""

    code: str
    name: str
    shape: Polygon | MultiPolygon


class Ground:
    """Free blocks; every act takes land away from them and hands it over.

    Examples
    --------
    >>> from shapely import Point, box
    >>> ground = Ground([box(0, 0, 100, 50)])
    >>> [piece.area for piece in ground.take(box(50, 0, 200, 50))]
    [2500.0]
    >>> ground.free[0].bounds
    (0.0, 0.0, 50.0, 50.0)
    """

    def __init__(self, blocks: Iterable[Polygon]) -> None:
        self.free = list(blocks)

    def find(self, place: Point) -> Polygon:
        """Return the free block at a place, or the nearest one."""
        return min(self.free, key=lambda block: block.distance(place))

    def take(self, region: BaseGeometry, *, least_m2: float = CRUMB_M2) -> list[Polygon]:
        """Take all free land inside a region; return the pieces that are no crumbs."""
        taken: list[Polygon] = []
        left: list[Polygon] = []
        for block in self.free:
            if not block.intersects(region):
                left.append(block)
                continue
            taken += polygons_of(block.intersection(region), least_m2=least_m2)
            left += polygons_of(block.difference(region), least_m2=CRUMB_M2)
        self.free = left
        return taken

    def take_block(self, place: Point) -> Polygon:
        """Take the whole block at a place."""
        block = self.find(place)
        self.free.remove(block)
        return block

    def carve(self, place: Point, *, area_m2: float, wave_m: float) -> Polygon:
        """Take part of the block at a place: the side of the block where the place is."""
        block = self.take_block(place)
        piece = carve(block, place, area_m2=area_m2, wave_m=wave_m)
        self.free += polygons_of(block.difference(piece), least_m2=CRUMB_M2)
        return piece
