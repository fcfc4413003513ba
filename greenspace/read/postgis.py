"""PostGIS: tables and queries of a database, read without changing it.

Question   Which layers does this database hold, and what is in one table or query?
Enters     The address of a database, and a table or a query with its values.
Leaves     Layers as they are in the database, with a digest of their rows.
Elsewhere  Connections: read/database. Values: read/rows. Which reader: read/vector.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from pyproj import CRS
from pyproj.exceptions import CRSError as ProjCrsError

from greenspace.errors import EncodingError, GeometryError, InputError
from greenspace.model.words import Text
from greenspace.read.database import connected, redacted
from greenspace.read.layer_reader import LayerInfo, RawLayer
from greenspace.read.rows import Picked, layer_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from psycopg import Connection
    from psycopg.sql import Composable

CHUNK_ROWS = 10_000
COUNTER = "fid"  # a primary key of this name counts the rows, as in a GeoPackage
NO_ROWS = Text(
    zh="没有取到任何行，也就看不出坐标系；请核对查询条件。",
    en="There are no rows, and so nothing says the CRS: check the conditions of the query.",
)
TABLES = """
SELECT n.nspname, c.relname, a.attname, c.oid,
    {postgis}.postgis_typmod_type(a.atttypmod), {postgis}.postgis_typmod_srid(a.atttypmod),
    has_table_privilege(c.oid, 'SELECT') AND has_schema_privilege(n.oid, 'USAGE')
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
WHERE t.typname IN ('geometry', 'geography') AND a.attnum > 0 AND NOT a.attisdropped
    AND c.relkind IN ('r', 'v', 'm', 'f', 'p') AND NOT c.relispartition
    AND c.relname <> 'raster_columns' AND NOT pg_is_other_temp_schema(n.oid)
ORDER BY n.nspname, c.relname, a.attnum
"""
PRIMARY_KEY = """
SELECT a.attname
FROM pg_index i
CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
WHERE i.indisprimary AND i.indrelid = %s
ORDER BY k.place
"""
OTHER_COLUMNS = """
SELECT attname FROM pg_attribute
WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""


@dataclass(frozen=True, slots=True)
class _ShapeColumn:
    """A column of shapes in a table, as the catalogue has it."""

    schema: str
    table: str
    column: str
    oid: int
    kind: str
    srid: int
    readable: bool


@dataclass(frozen=True, slots=True)
class PostgisReader:
    """A database with PostGIS; each table with shapes is a layer ``schema.table``."""

    url: str

    def names(self) -> tuple[str, ...]:
        """Return the tables with shapes; ``schema.table.column`` where one has several."""
        with connected(self.url) as connection:
            return tuple(_listed(connection, redacted(self.url)))

    def layers(self) -> tuple[LayerInfo, ...]:
        """Return what the database says of each table that may be read."""
        with connected(self.url) as connection:
            listed = _listed(connection, redacted(self.url))
            return tuple(
                _info(connection, name, column)
                for name, column in listed.items()
                if column.readable
            )

    def read(self, layer: str, *, encoding: str | None = None) -> RawLayer:
        """Read one table, in the order of its primary key.

        Raises
        ------
        InputError
            The database cannot be reached, refuses, or goes away.
        EncodingError
            An encoding was given: a database knows its own.
        CrsError
            The table mixes SRIDs.
        """
        if encoding is not None:
            raise EncodingError(
                "数据库自带编码，不能另行指定。",
                "A database knows its encoding; none can be given.",
                remedy=Text(zh="请删去 encoding。", en="Leave encoding out."),
                file=redacted(self.url),
                layer=layer,
                found=encoding,
            )
        with connected(self.url, layer=layer) as connection:
            column = _listed(connection, redacted(self.url)).get(layer)
            if column is None:
                raise _no_table(redacted(self.url), layer, ())
            return _read_table(connection, column, redacted(self.url), CHUNK_ROWS)


def read_table(url: str, table: str, schema: str | None, chunk_rows: int) -> RawLayer:
    """Read the table of this name, found along the search path where no schema is named."""
    name = redacted(url)
    with connected(url, layer=table) as connection:
        every = _listed(connection, name)
        path = [schema] if schema is not None else _search_path(connection)
        fits = [item for item in every.values() if item.table == table and item.schema in path]
        first = min((path.index(item.schema) for item in fits), default=0)
        fits = [item for item in fits if item.schema == path[first]]
        if not fits:
            raise _no_table(name, table, tuple(every))
        if len(fits) > 1:
            listed = ", ".join(item.column for item in fits)
            raise GeometryError(
                f"表 {table} 有多个图形字段：{listed}。",
                f"The table {table} has several columns of shapes: {listed}.",
                remedy=Text(
                    zh="请用 query 只选其中一个，或用 read_layer 写 layer = "
                    f'"{fits[0].schema}.{table}.{fits[0].column}"。',
                    en="Select one with a query, or use read_layer with layer = "
                    f'"{fits[0].schema}.{table}.{fits[0].column}".',
                ),
                file=name,
                layer=table,
                found=tuple(item.column for item in fits),
            )
        return _read_table(connection, fits[0], name, chunk_rows)


def read_query(
    url: str, query: str, parameters: Mapping[str, Any] | None, chunk_rows: int
) -> RawLayer:
    """Read what a query selects, in its own order; ``parameters`` are bound, never pasted."""
    from psycopg import sql

    name = redacted(url)
    with connected(url) as connection:
        text: Any = query.strip().rstrip(";")
        source = sql.SQL("(") + sql.SQL(text) + sql.SQL("\n) AS picked")
        picked = Picked(_home_of_postgis(connection, name), source, parameters)
        return _read(connection, picked, name, None, chunk_rows)


def read_back(connection: Connection[Any], schema: str, table: str, key: str) -> RawLayer:
    """Read a table over the connection that wrote it, without the key that counts its rows."""
    name = connection.info.dbname
    every = _listed(connection, name).values()
    column = next(item for item in every if (item.schema, item.table) == (schema, table))
    return _read_table(connection, column, name, CHUNK_ROWS, counter=key)


def _read_table(
    connection: Connection[Any],
    column: _ShapeColumn,
    name: str,
    chunk_rows: int,
    counter: str = COUNTER,
) -> RawLayer:
    from psycopg import sql

    source = sql.Identifier(column.schema, column.table) + sql.SQL(" AS picked")
    key = [row[0] for row in connection.execute(PRIMARY_KEY, [column.oid])]
    picked = Picked(
        _home_of_postgis(connection, name),
        source,
        shape=column.column,
        order=_order(key),
        key=counter if key == [counter] else None,
    )
    return _read(connection, picked, name, f"{column.schema}.{column.table}", chunk_rows, column)


def _order(key: Sequence[str]) -> Composable:
    """Order by the primary key; without one, by what the rows hold."""
    from psycopg import sql

    if not key:
        return sql.SQL(' ORDER BY md5((picked.*)::text) COLLATE "C"')
    columns = (sql.Identifier("picked", name) for name in key)
    return sql.SQL(" ORDER BY {}").format(sql.SQL(", ").join(columns))


def _read(
    connection: Connection[Any],
    picked: Picked,
    name: str,
    layer: str | None,
    chunk_rows: int,
    column: _ShapeColumn | None = None,
) -> RawLayer:
    raw, srids = layer_of(connection, picked, chunk_rows, file=name, layer=layer)
    declared = column.srid if column is not None else 0
    srid = next(iter(srids), declared)
    crs = _crs_of(connection, picked.postgis, srid)
    frame = raw.frame if crs is None else raw.frame.set_crs(crs)
    return RawLayer(frame, raw.findings, raw.sha256, None if len(frame) else NO_ROWS)


def _listed(connection: Connection[Any], name: str) -> dict[str, _ShapeColumn]:
    """Return the columns of shapes by the names of their layers."""
    from psycopg import sql

    home = sql.Identifier(_home_of_postgis(connection, name))
    rows = connection.execute(sql.SQL(TABLES).format(postgis=home)).fetchall()
    columns = [_ShapeColumn(*row) for row in rows]
    per_table = Counter(column.oid for column in columns)
    parts = [
        (item.schema, item.table, *([item.column] if per_table[item.oid] > 1 else []))
        for item in columns
    ]
    dotted = Counter(".".join(part) for part in parts)
    quoted = (sql.Identifier(*part).as_string(connection) for part in parts)
    return {
        plain if dotted[plain := ".".join(part)] == 1 else exact: column
        for part, exact, column in zip(parts, quoted, columns, strict=True)
    }


def _home_of_postgis(connection: Connection[Any], name: str) -> str:
    found = connection.execute(
        "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
        " WHERE e.extname = 'postgis'"
    ).fetchone()
    if found is None:
        raise InputError(
            "这个数据库没有安装 PostGIS。",
            "This database has no PostGIS.",
            remedy=Text(
                zh="请核对库名，或让管理员执行 CREATE EXTENSION postgis。",
                en="Check the name of the database, or have CREATE EXTENSION postgis run in it.",
            ),
            file=name,
        )
    return str(found[0])


def _search_path(connection: Connection[Any]) -> list[str]:
    found = connection.execute("SELECT current_schemas(false)").fetchone()
    return [] if found is None else [str(schema) for schema in found[0]]


def _info(connection: Connection[Any], name: str, column: _ShapeColumn) -> LayerInfo:
    from psycopg import sql

    home = _home_of_postgis(connection, name)
    table = sql.Identifier(column.schema, column.table)
    count = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(table)).fetchone()
    key = [row[0] for row in connection.execute(PRIMARY_KEY, [column.oid])]
    hidden = {column.column, *(key if key == [COUNTER] else ())}
    columns = [row[0] for row in connection.execute(OTHER_COLUMNS, [column.oid])]
    crs = _crs_of(connection, home, column.srid)
    return LayerInfo(
        name,
        column.kind,
        None if crs is None else crs.to_string(),
        0 if count is None else int(count[0]),
        tuple(item for item in columns if item not in hidden),
    )


def _crs_of(connection: Connection[Any], postgis: str, srid: int) -> CRS | None:
    """Return what the database says of an SRID; ``None`` where it says nothing."""
    from psycopg import sql

    table = sql.Identifier(postgis, "spatial_ref_sys")
    query = sql.SQL("SELECT auth_name, auth_srid, srtext FROM {} WHERE srid = %s").format(table)
    row = connection.execute(query, [srid]).fetchone()
    return None if row is None else _parsed(*row)


def _parsed(authority: str | None, code: int | None, wkt: str | None) -> CRS | None:
    for spelling in _spellings(authority, code, wkt):
        try:
            return CRS.from_user_input(spelling)
        except ProjCrsError:
            continue
    return None


def _spellings(authority: str | None, code: int | None, wkt: str | None) -> Iterator[str]:
    if authority and code:
        yield f"{authority}:{code}"
    if wkt:
        yield wkt


def _no_table(name: str, table: str, every: Sequence[str]) -> InputError:
    listed = ", ".join(every) or "—"
    near = get_close_matches(table, [item.rpartition(".")[2] for item in every], n=1)
    return InputError(
        f"数据库里没有带图形的表 {table}。",
        f"The database holds no table {table} with shapes.",
        remedy=Text(
            zh=f"是否指 {near[0]}？" if near else f"现有：{listed}。",
            en=f"Did you mean {near[0]}?" if near else f"There are: {listed}.",
        ),
        file=name,
        layer=table,
        expected=table,
        found=tuple(every),
    )
