"""League map: a sketch of where the cities of a league lie, as numbers of an SVG.

Question   Which parts of the province pass?
Enters     The outlines of the cities in degrees.
Leaves     Dots and outlines in a plane of the page.
Elsewhere  The page that draws them: league_page. Maps that measure: maps.
"""

from __future__ import annotations

from math import cos, radians
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from greenspace.present.league_tables import city_label

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from greenspace.model.league import League

WIDTH: Final = 640.0
TALLEST: Final = 480.0
RIM: Final = 14.0


def sketch_of(league: League) -> dict[str, Any] | None:
    """Return size, outlines and dots; ``None`` where no city has a place.

    East-west distances are shortened by the cosine of the middle latitude.
    """
    placed = [city for city in league.rows if city.outline is not None]
    if not placed:
        return None
    west, south, east, north = shapely.total_bounds([city.outline for city in placed])
    narrow = cos(radians((south + north) / 2))
    across = max((east - west) * narrow, 1e-9)
    scale = min((WIDTH - 2 * RIM) / across, (TALLEST - 2 * RIM) / max(north - south, 1e-9))

    def on_page(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray((points - (west, north)) * (scale * narrow, -scale) + RIM)

    cities = []
    for city in placed:
        drawn = shapely.transform(city.outline, on_page)
        spot = shapely.centroid(drawn)
        cities.append(
            {
                "name": city_label(city),
                "verdict": city.verdict if city.counted else "uncounted",
                "path": _path(drawn),
                "x": f"{spot.x:.1f}",
                "y": f"{spot.y:.1f}",
            }
        )
    height = (north - south) * scale + 2 * RIM
    return {"width": f"{WIDTH:.0f}", "height": f"{height:.0f}", "cities": cities}


def _path(shape: BaseGeometry) -> str:
    """Return the rings of polygons as a path of SVG."""
    rings = [
        ring
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon"
        for ring in (part.exterior, *part.interiors)
    ]
    return " ".join(
        "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in shapely.get_coordinates(ring)) + " Z"
        for ring in rings
    )
