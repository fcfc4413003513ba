"""Bad tiles: what could not be decoded and counts as unseen.

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
    from greenspace.model.grid import Grid, Window
    from greenspace.read.header import Origin


def bad_tile_findings(origins: tuple[Origin, ...]) -> tuple[Finding, ...]:
    """Return what the tiles that were met so far and could not be decoded amount to."""
    bad = frozenset().union(*(origin.bad_tiles for origin in origins))
    if not bad:
        return ()
    ground = shapely.union_all([_ground(grid, window) for grid, window in bad])
    crs = origins[0].header.grid.crs
    metric = crs is None or (crs.is_projected and crs.axis_info[0].unit_conversion_factor == 1.0)
    text = Text(
        zh=f"影像有 {len(bad)} 个图块无法解码，按未见处理。",
        en=f"{len(bad)} tiles of the image cannot be decoded and count as unseen.",
    )
    return (
        Finding(
            code="bad_tiles",
            text=text,
            severity="warning",
            layer="image",
            count=len(bad),
            area_m2=float(ground.area) if metric else None,
        ),
    )


def _ground(grid: Grid, window: Window) -> shapely.Polygon:
    bottom, right = window.row + window.height, window.col + window.width
    corners = ((window.col, window.row), (right, window.row), (right, bottom), (window.col, bottom))
    return shapely.Polygon([grid.transform @ corner for corner in corners])
