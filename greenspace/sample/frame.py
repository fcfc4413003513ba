"""Frame: from the straight grid of the plan to the bent ground of the city.

Question   Where on the ground does a point of the plan lie?
Enters     Plan coordinates u (east) and v (north) in metres, and a seed.
Leaves     Eastings and northings in CGCS2000, rounded to millimetres; random streams.
Elsewhere  What stands where: plan. Lines and blocks: layout.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from shapely import LineString, Point, Polygon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

EPSG = 4547
CENTRE = (512_250.0, 3_380_250.0)
ROTATION = math.radians(7.0)
STEP_M = 25.0


def stream(seed: int, name: str) -> np.random.Generator:
    """Return a random stream of its own for one part of the city.

    Examples
    --------
    >>> bool(stream(7, "trees").random() == stream(7, "trees").random())
    True
    """
    return np.random.Generator(np.random.PCG64([seed, *name.encode()]))


@dataclass(frozen=True, slots=True)
class Frame:
    """A smooth bend and a turn, so that no street is quite straight and none runs due north.

    Examples
    --------
    >>> frame = Frame(half_m=300.0, phases=(0.0, 1.0, 2.0, 3.0))
    >>> x, y = frame.inverse(frame.ground([[30.0, -40.0]]))[0]
    >>> bool(abs(x - 30) < 0.01 and abs(y + 40) < 0.01)
    True
    """

    half_m: float
    phases: tuple[float, float, float, float]

    @classmethod
    def of(cls, half_m: float, seed: int) -> Frame:
        """Return the frame of one city."""
        first, second, third, fourth = stream(seed, "frame").uniform(0, 2 * math.pi, 4)
        return cls(half_m, (float(first), float(second), float(third), float(fourth)))

    def ground(self, uv: ArrayLike) -> NDArray[np.float64]:
        """Return the ground coordinates of points of the plan."""
        points = np.asarray(uv, dtype=float)
        bent = points + self._bend(points)
        cos, sin = math.cos(ROTATION), math.sin(ROTATION)
        x = bent[:, 0] * cos - bent[:, 1] * sin + CENTRE[0]
        y = bent[:, 0] * sin + bent[:, 1] * cos + CENTRE[1]
        return np.asarray(np.round(np.column_stack([x, y]), 3), dtype=np.float64)

    def inverse(self, xy: ArrayLike) -> NDArray[np.float64]:
        """Return the plan coordinates of points on the ground."""
        turned = np.asarray(xy, dtype=float) - CENTRE
        cos, sin = math.cos(-ROTATION), math.sin(-ROTATION)
        bent = np.column_stack(
            [turned[:, 0] * cos - turned[:, 1] * sin, turned[:, 0] * sin + turned[:, 1] * cos]
        )
        points = bent
        for _ in range(20):
            points = bent - self._bend(points)
        return points

    def point(self, u: float, v: float) -> Point:
        """Return one point on the ground."""
        return Point(self.ground([[u, v]])[0])

    def plan_point(self, point: Point) -> tuple[float, float]:
        """Return u and v of one point on the ground."""
        u, v = self.inverse([[point.x, point.y]])[0]
        return float(u), float(v)

    def line(self, uv: Sequence[tuple[float, float]]) -> LineString:
        """Return a line on the ground through points of the plan."""
        return LineString(self.ground(uv))

    def blob(
        self, centre: tuple[float, float], radii: tuple[float, float], rng: np.random.Generator
    ) -> Polygon:
        """Return a rounded, irregular shape about a point of the plan."""
        angle = np.linspace(0, 2 * math.pi, 40, endpoint=False)
        wobble = np.ones_like(angle)
        for order, size in ((2, 0.10), (3, 0.08), (5, 0.05)):
            wobble += size * np.sin(order * angle + rng.uniform(0, 2 * math.pi))
        u = centre[0] + radii[0] * wobble * np.cos(angle)
        v = centre[1] + radii[1] * wobble * np.sin(angle)
        return Polygon(self.ground(np.column_stack([u, v])))

    def _bend(self, uv: NDArray[np.float64]) -> NDArray[np.float64]:
        u, v = uv[:, 0] / self.half_m, uv[:, 1] / self.half_m
        p1, p2, p3, p4 = self.phases
        east = 0.024 * np.sin(v / 0.42 + p1) + 0.008 * np.sin((u + v) / 0.19 + p2)
        north = 0.024 * np.sin(u / 0.42 + p3) + 0.008 * np.sin((u - v) / 0.19 + p4)
        return self.half_m * np.column_stack([east, north])
