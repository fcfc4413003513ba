"""Counted: homes made ready to be counted, as residents, homes or land.

Question   How many persons are at each home, or what stands in for them where nobody says?
Enters     Homes as points or blocks of residential land, and a column of persons if there is one.
Leaves     Homes in the measuring CRS, persons; what was dropped or cut stands in findings.
Elsewhere  Shares: measure/counted. Persons from rasters or other layers: residents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from greenspace.errors import ColumnError
from greenspace.model.layers import overlap_area_m2
from greenspace.model.source import Finding, Source
from greenspace.model.words import Text
from greenspace.prepare.allocate import persons_of_zones
from greenspace.prepare.blocks import disjoint_blocks
from greenspace.prepare.repair import as_frame

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.model.counted import Counted, Kind
    from greenspace.prepare.ready import Ready
    from greenspace.prepare.repair import Layer

COUNTS: dict[Kind, Text] = {
    "residents": Text(zh="按居民计", en="residents are counted"),
    "homes": Text(
        zh="未给人口：按住宅计，不是居民比例",
        en="no population given: homes are counted, this is no share of residents",
    ),
    "land": Text(
        zh="未给人口：按居住用地面积计，不是居民比例",
        en="no population given: residential land is counted, this is no share of residents",
    ),
}
APART = 0.005  # of the persons of a zone or block: less is not told
ROW = "position of the row"
POINTS = (shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT)


def are_points(homes: Layer) -> bool:
    """Return whether homes come as points.

    Examples
    --------
    >>> import geopandas as gpd
    >>> are_points(gpd.GeoSeries([shapely.Point(0, 0), None], crs=6933))
    True
    """
    kinds = shapely.get_type_id(as_frame(homes, "homes").geometry.to_numpy())
    return bool(np.isin(kinds, POINTS).any())


def placed_homes(
    ready: Ready, homes: Layer, *, apart: bool
) -> tuple[gpd.GeoDataFrame, NDArray[np.int64], tuple[Finding, ...]]:
    """Return homes in the measuring CRS, the position each had among the rows given, findings.

    Parameters
    ----------
    apart
        Cut polygons so that ground belongs to one row; rows left without any are dropped.
    """
    given = as_frame(homes, "homes")
    numbered = given.assign(**{ROW: np.arange(len(given))})
    findings: tuple[Finding, ...] = ()
    if are_points(homes):
        frame = ready.points(numbered, "homes")
    else:
        frame = ready.layer(numbered, "homes", overlaps=False)
        if apart:
            frame, findings = disjoint_blocks(frame)
            frame = frame[~frame.geometry.is_empty]
        else:
            findings = _overlap(frame)
    row = frame[ROW].to_numpy()
    return frame.drop(columns=ROW), row, findings


def persons_at(
    homes: Layer, column: str, row: NDArray[np.int64]
) -> tuple[NDArray[np.float64], tuple[Finding, ...]]:
    """Return the persons of the homes that have a place; those of others are told.

    Raises
    ------
    ColumnError
        The column is missing, or holds missing, negative or non-numeric numbers.
    """
    persons = persons_of_zones(as_frame(homes, "homes"), column, layer="homes")
    return persons[row], _lost(persons, row)


def counts_source(kind: Kind, column: object = None) -> Source:
    """Return the source that says who or what is counted.

    Examples
    --------
    >>> counts_source("residents", "POP").name
    'POP'
    """
    name = column if isinstance(column, str) else kind
    return Source(role="population", name=name, note=COUNTS[kind])


def _lost(persons: NDArray[np.float64], row: NDArray[np.int64]) -> tuple[Finding, ...]:
    """Return a finding of the persons whose rows have no shape."""
    left = np.delete(persons, row)
    if not left.sum():
        return ()
    text = Text(
        zh=f"{left.sum():.6g} 人所在的行没有图形，未计入。",
        en=f"{left.sum():.6g} persons live in rows without a shape and are not counted.",
    )
    count = int(np.count_nonzero(left))
    return (
        Finding(
            code="persons_without_place", text=text, severity="warning", layer="homes", count=count
        ),
    )


def _overlap(homes: gpd.GeoDataFrame) -> tuple[Finding, ...]:
    """Return a warning on homes that share ground: each keeps what it counts."""
    shared = overlap_area_m2(homes.geometry)
    if not shared:
        return ()
    text = Text(
        zh=f"住宅面相互重叠 {shared:.2f} 平方米：各行的人数（或住宅）照计，重复的行会多计。",
        en=f"Homes overlap by {shared:.2f} m². The persons (or the home) of each row count, and of "
        "rows given twice they count twice.",
    )
    return (
        Finding(code="homes_overlap", text=text, severity="warning", layer="homes", area_m2=shared),
    )


def across_findings(whole: Counted, split: Counted) -> tuple[Finding, ...]:
    """Return a note on blocks whose persons are shared out among zones by area.

    Examples
    --------
    >>> from greenspace.model.counted import Counted
    >>> block, row = shapely.box([0], 0, [4], 1), np.array([0])
    >>> whole = Counted(block, np.array([8.0]), "residents", row, None)
    >>> halves = Counted(np.repeat(block, 2), np.array([4.0, 4.0]), "residents", row.repeat(2), None)
    >>> across_findings(whole, halves)[0].count
    1
    """
    if whole.kind != "residents" or whole.whole:
        return ()
    size = dict(zip(whole.row.tolist(), whole.amount.tolist(), strict=True))
    real = split.amount > APART * np.array([size[row] for row in split.row.tolist()])
    rows, pieces = np.unique(split.row[real], return_counts=True)
    across = rows[pieces > 1].tolist()
    if not across:
        return ()
    persons = sum(size[row] for row in across)
    text = Text(
        zh=f"{len(across)} 个地块跨分区界线，其 {persons:,.0f} 人按面积分到各区。",
        en=f"Blocks that lie across the lines of zones: {len(across)}; their {persons:,.0f} persons "
        "are shared out by area.",
    )
    return (Finding(code="blocks_across_zones", text=text, layer="homes", count=len(across)),)


def zone_total_findings(
    persons: NDArray[np.float64], zones: Layer, column: str
) -> tuple[Finding, ...]:
    """Return a warning on zones whose persons differ from those that their own column names.

    Blocks that lie across the lines of zones hold persons of both, and spread them evenly.
    """
    frame = as_frame(zones, "zones")
    try:
        given = persons_of_zones(frame, column)
    except ColumnError:
        return ()
    apart = np.abs(persons - given)
    rows = apart > APART * given
    if not rows.any():
        return ()
    text = Text(
        zh=f"{int(rows.sum())} 个分区的人数与其字段 {column} 不符，最多相差 {apart.max():,.0f} 人："
        "跨区界的地块把两区的人口均摊在整个地块上。如需与字段一致，请先按区界切开地块。",
        en=f"Zones whose persons differ from their own column {column}: {int(rows.sum())}, by up to "
        f"{apart.max():,.0f} persons. Blocks across the lines of zones hold persons of both and "
        "spread them evenly: cut the blocks at those lines to keep the numbers of the column.",
    )
    finding = Finding(
        code="zone_totals_differ",
        text=text,
        severity="warning",
        layer="zones",
        rows=tuple(frame.index[rows]),
        count=int(rows.sum()),
    )
    return (finding,)
