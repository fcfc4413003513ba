"""Bad tiles: what could not be decoded, or is not there, and counts as unseen.

Question   How many tiles of an image are broken, and how much ground is theirs?
Enters     Origins that were streamed.
Leaves     A finding, where there is one.
Elsewhere  Meeting them: read/blocks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    from pyproj import CRS

    from greenspace.model.grid import Grid, Window
    from greenspace.read.header import Origin


def bad_tile_findings(origins: tuple[Origin, ...]) -> tuple[Finding, ...]:
    """Return what the tiles that were met so far and could not be decoded amount to."""
    bad = frozenset().union(*(origin.bad_tiles for origin in origins))
    absent = frozenset().union(*(origin.absent_tiles for origin in origins))
    crs = origins[0].header.grid.crs
    texts = {
        "bad_tiles": Text(
            zh=f"影像有 {len(bad)} 个图块无法解码，按未见处理。",
            en=f"{len(bad)} tiles of the image cannot be decoded and count as unseen.",
        ),
        "absent_tiles": Text(
            zh=f"影像文件中缺 {len(absent)} 个图块（稀疏文件），按未见处理。",
            en=f"{len(absent)} tiles are left out of the file, which is sparse, and count as "
            "unseen.",
        ),
    }
    return tuple(
        Finding(
            code=code,
            text=texts[code],
            severity="warning",
            layer="image",
            count=len(tiles),
            area_m2=_area(tiles, crs),
        )
        for code, tiles in (("bad_tiles", bad), ("absent_tiles", absent))
        if tiles
    )


def _area(tiles: frozenset[tuple[Grid, Window]], crs: CRS | None) -> float | None:
    metric = crs is None or (crs.is_projected and crs.axis_info[0].unit_conversion_factor == 1.0)
    placed = sorted(tiles, key=lambda each: (each[0].bounds, each[1].row, each[1].col))
    ground = shapely.union_all([_ground(grid, window) for grid, window in placed])
    return float(ground.area) if metric else None


def _ground(grid: Grid, window: Window) -> shapely.Polygon:
    bottom, right = window.row + window.height, window.col + window.width
    corners = ((window.col, window.row), (right, window.row), (right, bottom), (window.col, bottom))
    return shapely.Polygon([grid.transform @ corner for corner in corners])
