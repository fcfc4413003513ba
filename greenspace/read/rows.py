"""Rows of a database: fetched in chunks, made into columns, and added up to a digest.

Question   What do the rows of this table or query hold, and are they the same as last time?
Enters     An open connection, and what is to be picked over it.
Leaves     One layer without a CRS, its digest, and the SRIDs of its shapes with their counts.
Elsewhere  Which table: read/postgis. What of a shape cannot come along: read/losses.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from greenspace.errors import ColumnError, CrsError, GeometryError
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.read.gdal import ARC_STEP_DEGREES
from greenspace.read.layer_reader import RawLayer
from greenspace.read.losses import (
    arcs_finding,
    columns_left_out,
    flattened,
    why_not,
    without_unbuildable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray
    from psycopg import Connection
    from psycopg.sql import Composable, Composed

SHAPE_TYPES = ("geometry", "geography")
WHOLE = ("int2", "int4", "int8")
PLAIN = (*WHOLE, "bool", "float4", "float8", "numeric", "text", "date", "timestamp", "timestamptz")
TIMES = ("date", "timestamp", "timestamptz")
EXACT_BELOW = 2**53


@dataclass(frozen=True, slots=True)
class Picked:
    """What is read: something that stands after FROM under the name ``picked``."""

    postgis: str
    source: Composable
    parameters: Mapping[str, Any] | None = None
    shape: str | None = None
    order: Composable | None = None
    key: str | None = None  # counts the rows and is no attribute


@dataclass(slots=True)
class _Collected:
    """The rows so far: values column by column, shapes, and a digest of each."""

    columns: dict[str, list[Any]]
    pieces: list[NDArray[Any]] = field(default_factory=list)
    meant: list[bool] = field(default_factory=list)
    unbuilt: dict[int, str] = field(default_factory=dict)
    srids: Counter[int] = field(default_factory=Counter)
    arcs: int = 0
    digests: list[bytes] = field(default_factory=list)

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows whose last two values are the shape as EWKB and whether it had arcs."""
        *plain, ewkb, arcs = zip(*rows, strict=True)
        self.digests.extend(map(_digest, rows))
        self.arcs += sum(map(bool, arcs))
        for held, values in zip(self.columns.values(), plain, strict=True):
            held.extend(values)
        given = np.empty(len(ewkb), dtype=object)
        given[:] = ewkb
        shapes = shapely.from_wkb(given, on_invalid="ignore")
        missing = shapely.is_missing(shapes)
        self.srids.update(shapely.get_srid(shapes[~missing]).tolist())
        for at in np.flatnonzero(missing):
            if ewkb[at] is not None:
                self.unbuilt[len(self.meant) + int(at)] = why_not(ewkb[at])
        self.meant.extend(item is not None for item in ewkb)
        self.pieces.append(shapely.set_srid(shapes, 0))

    def shapes(self) -> NDArray[Any]:
        """Return one shape a row, ``None`` where there is none."""
        return np.concatenate(self.pieces) if self.pieces else np.empty(0, dtype=object)


def layer_of(
    connection: Connection[Any], picked: Picked, chunk_rows: int, *, file: str, layer: str | None
) -> tuple[RawLayer, Counter[int]]:
    """Read what is picked, so many rows at a time.

    Raises
    ------
    GeometryError
        There is no column of shapes, a query has several, or no shape can be built.
    ColumnError
        A query gives two columns of one name; a date lies beyond what can be held.
    CrsError
        The shapes have different SRIDs.
    """
    types = _types(connection, picked, file)
    shape = picked.shape or _only_shape(types, file)
    plain = {
        name: kind
        for name, kind in types.items()
        if kind not in (*SHAPE_TYPES, "raster") and name not in (shape, picked.key)
    }
    with _naming_times(plain, file, layer):
        held = _fetch(connection, _select(picked, plain, shape), picked, list(plain), chunk_rows)
    shapes = held.shapes()
    if len(held.srids) > 1:
        raise _mixed(held.srids, file, layer)
    data = {name: _series(values, plain[name]) for name, values in held.columns.items()}
    own = "geometry" if "geometry" not in data else shape
    frame = gpd.GeoDataFrame(
        pd.DataFrame(data, index=pd.RangeIndex(len(shapes))).assign(**{own: gpd.GeoSeries(shapes)}),
        geometry=own,
    )
    frame, lost = without_unbuildable(
        frame, held.meant, held.unbuilt.__getitem__, file=file, layer=layer
    )
    frame, flat = flattened(frame, layer=layer, measured=False)
    left = [name for name in types if name not in plain and name not in (shape, picked.key)]
    findings = (
        *lost,
        *flat,
        *arcs_finding(held.arcs, layer),
        *columns_left_out(left),
        *_rounded(held.columns, plain),
    )
    return RawLayer(frame, findings, _digest_of_all(plain, held.digests)), held.srids


def _types(connection: Connection[Any], picked: Picked, file: str) -> dict[str, str]:
    """Return the type of each column that is picked, by asking for no row."""
    from psycopg import sql

    ask = sql.SQL("SELECT * FROM {} LIMIT 0").format(picked.source)
    with connection.cursor("greenspace_columns") as cursor:
        cursor.execute(ask, picked.parameters)
        described = [(item.name, item.type_code) for item in cursor.description or ()]
    twice = [name for name, count in Counter(name for name, _ in described).items() if count > 1]
    if twice:
        raise ColumnError(
            f"查询结果有重名字段 {twice[0]}。",
            f"The query gives two columns called {twice[0]}.",
            remedy=Text(zh="请用 AS 另起名字。", en="Rename one with AS."),
            file=file,
            column=twice[0],
            found=tuple(name for name, _ in described),
        )
    codes = [code for _, code in described]
    known = dict(
        connection.execute("SELECT oid, typname FROM pg_type WHERE oid = ANY(%s)", [codes])
    )
    return {name: str(known.get(code, "")) for name, code in described}


def _only_shape(types: Mapping[str, str], file: str) -> str:
    found = [name for name, kind in types.items() if kind in SHAPE_TYPES]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(found) or "—"
    raise GeometryError(
        f"查询结果应有一个图形字段，现有：{listed}。",
        f"The query should give one column of shapes; there are: {listed}.",
        remedy=Text(
            zh="请在 select 中恰好保留一个图形字段。", en="Select exactly one column of shapes."
        ),
        file=file,
        expected=1,
        found=tuple(found),
    )


def _select(picked: Picked, plain: Mapping[str, str], shape: str) -> Composed:
    from psycopg import sql

    def column(name: str) -> Composable:
        bound = picked.parameters is not None  # then the driver looks for % in the whole statement
        return sql.Identifier("picked", name.replace("%", "%%") if bound else name)

    columns = [
        sql.SQL("{}" if kind in PLAIN else "{}::text").format(column(name))
        for name, kind in plain.items()
    ]
    home = sql.Identifier(picked.postgis)
    drawn = sql.SQL("{}::{}.geometry").format(column(shape), home)
    straight = sql.SQL("{home}.ST_AsEWKB({home}.ST_CurveToLine({drawn}, {angle}, 2, 1), 'NDR')")
    curved = sql.SQL("{home}.ST_HasArc({drawn})")
    columns += [
        part.format(home=home, drawn=drawn, angle=sql.Literal(float(np.radians(ARC_STEP_DEGREES))))
        for part in (straight, curved)
    ]
    return sql.SQL("SELECT {} FROM {}{}").format(
        sql.SQL(", ").join(columns), picked.source, picked.order or sql.SQL("")
    )


def _fetch(
    connection: Connection[Any],
    select: Composed,
    picked: Picked,
    names: Sequence[str],
    chunk_rows: int,
) -> _Collected:
    held = _Collected({name: [] for name in names})
    with connection.cursor("greenspace_rows", binary=True) as cursor:
        cursor.execute(select, picked.parameters)
        while rows := cursor.fetchmany(chunk_rows):
            held.add(rows)
    return held


@contextmanager
def _naming_times(types: Mapping[str, str], file: str, layer: str | None) -> Iterator[None]:
    """Refuse what the driver cannot hold, such as a date of ``infinity``, with its columns."""
    from psycopg import DataError

    try:
        yield
    except DataError as error:
        named = [name for name, kind in types.items() if kind in TIMES]
        if error.sqlstate or not named:  # else the server has said it
            raise
        listed = ", ".join(named)
        raise ColumnError(
            f"日期或时间超出可表示的范围（如 infinity），在这些字段之中：{listed}。",
            f"A date or time lies beyond what can be held (such as infinity), in one of: {listed}.",
            remedy=Text(
                zh="请在 query 中略去或换成 NULL（nullif）。",
                en="Leave it out with a query, or make it NULL (nullif).",
            ),
            file=file,
            layer=layer,
            column=named[0] if len(named) == 1 else None,
            found=tuple(named),
        ) from error


def _series(values: list[Any], kind: str) -> Any:
    """Return the values of one column in the type that loses nothing of them."""
    if kind in WHOLE:
        return pd.array(values, dtype="Int64" if None in values else "int64")
    if kind in {"float4", "float8", "numeric"}:
        return np.array(
            [np.nan if value is None else float(value) for value in values], dtype=float
        )
    if kind == "date":
        return np.array(values, dtype="datetime64[s]")
    if kind in {"timestamp", "timestamptz"}:
        naive = [None if value is None else value.replace(tzinfo=None) for value in values]
        times = pd.Series(np.array(naive, dtype="datetime64[us]"))
        return times if kind == "timestamp" else times.dt.tz_localize("UTC")
    return pd.Series(values, dtype=None if values else object)


def _digest(row: Sequence[Any]) -> bytes:
    digest = hashlib.sha256()
    for value in row:
        written = value if isinstance(value, bytes) else repr(value).encode()
        digest.update(b"%d:" % len(written))
        digest.update(written)
    return digest.digest()


def _digest_of_all(plain: Mapping[str, str], rows: Sequence[bytes]) -> str:
    """Add rows up in an order of their own: the same rows give the same digest however they came."""
    digest = hashlib.sha256(_digest([*plain, *plain.values()]))
    for row in sorted(rows):
        digest.update(row)
    return digest.hexdigest()


def _mixed(srids: Counter[int], file: str, layer: str | None) -> CrsError:
    counted = ", ".join(f"{srid} × {count}" for srid, count in srids.most_common())
    return CrsError(
        f"图形的 SRID 不一致：{counted}。",
        f"The shapes have different SRIDs: {counted}.",
        remedy=Text(
            zh="请在数据库中用 ST_Transform 或 ST_SetSRID 统一，或用 query 只选一种。",
            en="Bring them together with ST_Transform or ST_SetSRID, or query for one of them.",
        ),
        file=file,
        layer=layer,
        found=dict(srids),
    )


def _rounded(columns: Mapping[str, list[Any]], types: Mapping[str, str]) -> tuple[Finding, ...]:
    """Tell of whole numbers too long for a float, such as identifiers kept as numeric."""
    found = []
    for name, kind in types.items():
        if kind != "numeric":
            continue
        rows = tuple(
            row
            for row, value in enumerate(columns[name])
            if value is not None and value.is_finite() and EXACT_BELOW < abs(value) != float(value)
        )
        if rows:
            text = Text(
                zh=f"字段 {name} 有 {len(rows)} 个数过长，只保留约 16 位。",
                en=f"{len(rows)} numbers of the column {name} were too long and keep 16 digits.",
            )
            found.append(
                Finding(code="rounded", text=text, severity="warning", rows=rows, count=len(rows))
            )
    return tuple(found)
