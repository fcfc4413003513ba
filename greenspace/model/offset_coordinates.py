"""Offset coordinates: GCJ-02 and BD-09, the shifted degrees of Chinese web maps.

Question   Where on the ground is a point that a Chinese web map gives as degrees?
Enters     Longitudes and latitudes, and the name of the system they are in.
Leaves     The same points in WGS 84, or the reverse.
Elsewhere  When a layer is moved: read/georeference. When one is suspected: read/offset.

The formula was never published by an authority. It is the one that open-source converters
have shared since 2013; how far it is from the real one is not known, though maps drawn
with it agree to a few metres. What is exact here is only the way back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Degrees = tuple[NDArray[np.float64], NDArray[np.float64]]

SHIFTED_FROM = (72.004, 0.8293)
SHIFTED_TO = (137.8347, 55.8271)
AXIS_M = 6378245.0  # of the Krasovsky ellipsoid, as in all known converters
ECCENTRICITY2 = 0.00669342162296594323
CENTRE = (105.0, 35.0)
BAIDU_X, BAIDU_Y = 0.0065, 0.006
BAIDU_TURN = np.pi * 3000.0 / 180.0
ROUNDS = 6  # each shrinks the error some 200 times: from 1000 m to less than the doubles hold


def is_offset_name(value: object) -> bool:
    """Return whether a CRS was named that is an offset of WGS 84, such as ``"GCJ-02"``.

    Examples
    --------
    >>> is_offset_name("gcj02"), is_offset_name("BD-09"), is_offset_name("EPSG:4326")
    (True, True, False)
    """
    return offset_name(value) is not None


def offset_name(value: object) -> str | None:
    """Return the usual spelling of GCJ-02 or BD-09, or ``None`` for anything else."""
    if not isinstance(value, str):
        return None
    bare = value.upper().replace("-", "").replace("_", "").replace(" ", "")
    return next((name for name in FORWARD if name.replace("-", "") == bare), None)


def is_shifted(lon: Any, lat: Any) -> NDArray[np.bool_]:
    """Return which points lie in the rectangle round China where maps are shifted."""
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    east = (lon >= SHIFTED_FROM[0]) & (lon <= SHIFTED_TO[0])
    inside: NDArray[np.bool_] = east & (lat >= SHIFTED_FROM[1]) & (lat <= SHIFTED_TO[1])
    return inside


def from_wgs84(name: str, lon: Any, lat: Any) -> Degrees:
    """Return where a Chinese web map draws points of WGS 84; outside China, where they are.

    Examples
    --------
    >>> lon, lat = from_wgs84("GCJ-02", [116.404], [39.915])
    >>> float(round(lon[0], 6)), float(round(lat[0], 6))
    (116.410244, 39.916404)
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    moved = FORWARD[name](lon, lat)
    inside = is_shifted(lon, lat)
    return np.where(inside, moved[0], lon), np.where(inside, moved[1], lat)


def to_wgs84(name: str, lon: Any, lat: Any) -> Degrees:
    """Return the points of WGS 84 that a Chinese web map draws here; outside China, these.

    Examples
    --------
    >>> there = from_wgs84("BD-09", [116.404], [39.915])
    >>> back = to_wgs84("BD-09", *there)
    >>> bool(abs(back[0] - 116.404) < 1e-10), bool(abs(back[1] - 39.915) < 1e-10)
    (True, True)
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    there = lon.copy(), lat.copy()
    for _ in range(ROUNDS):
        drawn = FORWARD[name](*there)
        there = there[0] + (lon - drawn[0]), there[1] + (lat - drawn[1])
    inside = is_shifted(lon, lat)
    return np.where(inside, there[0], lon), np.where(inside, there[1], lat)


def _gcj(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Degrees:
    x, y = lon - CENTRE[0], lat - CENTRE[1]
    shared = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    root = np.sqrt(np.abs(x))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += 2.0 / 3.0 * (shared + _waves(x, (20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0)))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (
        2.0 / 3.0 * (shared + _waves(y, (20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0)))
    )
    phi = np.radians(lat)
    curve = 1.0 - ECCENTRICITY2 * np.sin(phi) ** 2
    along_parallel = AXIS_M / np.sqrt(curve) * np.cos(phi)
    along_meridian = AXIS_M * (1.0 - ECCENTRICITY2) / curve**1.5
    return lon + np.degrees(east / along_parallel), lat + np.degrees(north / along_meridian)


def _waves(at: NDArray[np.float64], *waves: tuple[float, float]) -> NDArray[np.float64]:
    total = np.zeros_like(at)
    for height, length in waves:
        total += height * np.sin(np.pi * at / length)
    return total


def _bd(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Degrees:
    x, y = _gcj(lon, lat)
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * BAIDU_TURN)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * BAIDU_TURN)
    return radius * np.cos(angle) + BAIDU_X, radius * np.sin(angle) + BAIDU_Y


FORWARD: dict[str, Callable[[NDArray[np.float64], NDArray[np.float64]], Degrees]] = {
    "GCJ-02": _gcj,
    "BD-09": _bd,
}
