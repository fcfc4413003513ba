"""Park classes: which rows of a layer are comprehensive parks, community parks, or no parks.

Question   Of which middle class is each row, and which rows are one park?
Enters     Class codes of one edition, names, and shapes of a measuring CRS.
Leaves     A class a row, the park that each row belongs to, and the size of that park.
Elsewhere  Roles in the green-space ratio: prepare/classify. The tables: read/definitions.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from greenspace.model.classes import spell
from greenspace.prepare.classify import roles_of

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.model.classes import ClassTable

MAJOR = "G1"
COMPREHENSIVE, COMMUNITY = "G11", "G12"  # the same codes in both editions
SQUARE = "G3"  # of 2017
MIDDLE = 3  # characters
NEAR_M = 100.0  # between rows of one park, which a road may cut
NOISE = 1e-9  # of a size: coordinates are rounded


def middle_classes(codes: pd.Series, table: ClassTable, layer: str = "parks") -> NDArray[Any]:
    """Return the class of each row: G11, G12, ... for parks, the listed code for all else.

    Parks whose code says no middle class are ``G1``.

    Raises
    ------
    ColumnError
        A code is missing, or unknown in this edition; the nearest code is named.
    """
    roles_of(codes, table, layer)
    entries = (table.entry(code) for code in codes)
    listed = ["" if entry is None else entry.code for entry in entries]
    short = [code[:MIDDLE] if code.startswith(MAJOR) else code for code in listed]
    return np.array(short, dtype=object)


def are_parks(codes: pd.Series, table: ClassTable) -> NDArray[np.bool_]:
    """Return which rows have a code that is park green space in this edition."""
    return np.array([table.role(code) == "park" for code in codes], dtype=bool)


def are_squares(codes: pd.Series, table: ClassTable) -> NDArray[np.bool_]:
    """Return which rows are squares: class G3 of 2017, which is protective green in 2002."""
    is_square = table.edition != "2002"
    return np.array([is_square and spell(code).startswith(SQUARE) for code in codes], dtype=bool)


def one_park(parks: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """Return the park that each row belongs to.

    Rows of one name and one middle class that lie within `NEAR_M` of each other, or of a row
    between them, are one park: a road may cut it. All others are parks of their own.

    Examples
    --------
    >>> import geopandas as gpd
    >>> rows = gpd.GeoDataFrame({"name": ["东园", None, " 东园 ", "", "东园"]},
    ...     geometry=shapely.box([0, 2, 4, 6, 500], 0, [1, 3, 5, 7, 501], 1))
    >>> one_park(rows).tolist()
    [0, 1, 0, 2, 3]
    """
    said = said_to_be_one(parks)
    order = np.argsort(said, kind="stable")
    runs = np.split(order, np.flatnonzero(np.diff(said[order])) + 1)
    shapes = parks.geometry.to_numpy()
    park = np.arange(len(parks))
    for run in runs:
        if len(run) > 1:
            park[run] = run[_pieces(shapes[run])]
    return np.asarray(pd.factorize(park)[0], dtype=np.int64)


def said_to_be_one(parks: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """Return which rows have one name and one middle class, wherever they lie."""
    blank = pd.Series("", index=parks.index)
    names, codes = parks.get("name", blank), parks.get("class", blank)
    keys: list[object] = []
    for position, (name, code) in enumerate(zip(names, codes, strict=True)):
        written = "" if pd.isna(name) else unicodedata.normalize("NFKC", str(name)).strip()
        keys.append((written, spell(code)[:MIDDLE]) if written else position)
    held = np.empty(len(keys), dtype=object)
    held[:] = keys
    return np.asarray(pd.factorize(held)[0], dtype=np.int64)


def _pieces(shapes: NDArray[Any]) -> NDArray[np.int64]:
    """Return the first row of the cluster that each row belongs to."""
    left, right = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=NEAR_M)
    links = coo_array((np.ones(len(left), dtype=bool), (left, right)), shape=2 * (len(shapes),))
    group = connected_components(links, directed=False)[1]
    _, first = np.unique(group, return_index=True)
    return np.asarray(first[group], dtype=np.int64)


def sizes_of(parks: gpd.GeoDataFrame, park: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the area of the park that each row belongs to, shared ground once."""
    shapes = parks.geometry.to_numpy()
    order = np.argsort(park, kind="stable")
    runs = np.split(shapes[order], np.flatnonzero(np.diff(park[order])) + 1)
    areas = [
        run[0].area if len(run) == 1 else shapely.union_all(run).area for run in runs if len(run)
    ]
    return np.array(areas, dtype=float)[park]


def reaches(size_m2: NDArray[np.float64], least_m2: Any) -> NDArray[np.bool_]:
    """Return which sizes are no smaller than a least one, the rounding of coordinates aside.

    Examples
    --------
    >>> reaches(np.array([9_999.9, 9_999.9999999, 10_000.0]), 10_000.0).tolist()
    [False, True, True]
    """
    return np.asarray(size_m2 >= least_m2 * (1 - NOISE))


def exceeds(size_m2: NDArray[np.float64], least_m2: Any) -> NDArray[np.bool_]:
    """Return which sizes are larger than a least one, the rounding of coordinates aside."""
    return np.asarray(size_m2 > least_m2 * (1 + NOISE))
