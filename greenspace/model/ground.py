"""Ground: the valid polygons that a broken shape stands for.

Question   Which ground do these rings go around, where they cross, repeat or stray?
Enters     Polygons and what holds some, valid or not.
Leaves     Valid polygons: shells joined, holes taken out, no hole ever added.
Elsewhere  Counting the repair: prepare/repair, prepare/mend.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray


def valid_ground(shapes: NDArray[Any]) -> NDArray[Any]:
    """Return each shape as valid polygons, an empty one where it has no area.

    The shell of every part is made valid (GEOS ``make_valid``, structure method) and loses the
    part's holes; then the parts are joined. GEOS alone would turn a hole that lies outside its
    shell into ground.

    Examples
    --------
    >>> import numpy as np
    >>> from shapely import Polygon, box
    >>> astray = Polygon(box(0, 0, 10, 10).exterior, [box(20, 0, 24, 4).exterior])
    >>> valid_ground(np.array([astray]))[0].area
    100.0
    """
    import numpy as np

    fixed = np.empty(len(shapes), dtype=object)
    fixed[:] = [_ground(shape) for shape in shapes]
    return fixed


def _ground(shape: Any) -> Any:
    import shapely

    parts = shapely.get_parts(shapely.get_parts(shape))
    pieces = [_piece(part) for part in parts[shapely.get_dimensions(parts) == 2]]  # noqa: PLR2004
    return shapely.union_all([piece for piece in pieces if piece.area] or [shapely.MultiPolygon()])


def _piece(part: Any) -> Any:
    """Return what is left of the shell of one polygon after its holes."""
    import shapely

    rings = shapely.polygons(shapely.get_rings(part))
    shell, *holes = shapely.make_valid(rings, method="structure", keep_collapsed=False)
    return shapely.difference(shell, shapely.union_all(holes)) if holes else shell
