"""PostGIS: one layer into one new table, inside a transaction that someone else ends.

Question   How does this layer look as a table of a database?
Enters     An open connection, a layer, its columns, and the name of the table.
Leaves     The table with key, shapes and index, not yet committed; or a refusal.
Elsewhere  Opening, reading back and committing: exchange.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from greenspace.errors import ColumnError, CrsError, InputError
from greenspace.model.words import Text
from greenspace.present.vector_files import shape_kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray
    from psycopg import Connection
    from psycopg.sql import Identifier

    from greenspace.present.attributes import Column

LONGEST_NAME_BYTES: Final = 63  # PostgreSQL cuts what is longer without a word
TYPES: Final = {
    "text": "text",
    "integer": "bigint",
    "number": "double precision",
    "truth": "boolean",
    "date": "date",
    "moment": "timestamp",
}
PARTS: Final = {
    "Polygon": shapely.MultiPolygon,
    "LineString": shapely.MultiLineString,
    "LinearRing": shapely.MultiLineString,
    "Point": shapely.MultiPoint,
}
CHOOSE_NAME: Final = Text(
    zh="请用不超过 63 字节的名称（汉字 21 个）。",
    en="Choose a name of at most 63 bytes (21 Chinese characters).",
)


@dataclass(frozen=True, slots=True)
class Table:
    """Where a layer lies in a database, and the column that counts its rows."""

    schema: str
    name: str
    key: str

    @property
    def quoted(self) -> Identifier:
        """The name as SQL."""
        from psycopg import sql

        return sql.Identifier(self.schema, self.name)


def write_table(
    connection: Connection[Any],
    frame: gpd.GeoDataFrame,
    columns: Sequence[Column],
    *,
    layer: str,
    force: bool,
) -> Table:
    """Write a layer as the table ``schema.table``, or ``table`` in the schema of the user.

    Parameters
    ----------
    force
        Replace the table that is there; never a view, nor a table that others rest on.

    Raises
    ------
    InputError
        There is such a table, or its name is too long.
    ColumnError
        The name of a column is too long.
    CrsError
        The database knows no SRID for the CRS.
    """
    taken = {column.name for column in columns}
    for name in taken:
        if len(name.encode()) > LONGEST_NAME_BYTES:
            raise ColumnError(
                "字段名超过 63 字节，数据库会截断。",
                "The name of a column is longer than 63 bytes, and the database would cut it.",
                remedy=CHOOSE_NAME,
                layer=layer,
                column=name,
            )
    table = Table(*_place(connection, layer), _free("fid", taken))
    _make_room(connection, table, layer, force=force)
    srid = _srid_of(connection, frame, layer)
    shape = _free("geom", taken)
    _create(connection, table, frame, columns, shape, srid)
    _fill(connection, table, frame, columns, shape, srid)
    return table


def _place(connection: Connection[Any], layer: str) -> tuple[str, str]:
    schema, dot, name = layer.partition(".")
    if not dot:
        found = connection.execute("SELECT current_schema()").fetchone()
        schema, name = str(found[0] if found and found[0] else "public"), layer
    for part in (schema, name):
        if not 0 < len(part.encode()) <= LONGEST_NAME_BYTES or not part.isprintable():
            raise InputError(
                "表名为空、过长或不是可用的文字。",
                "The name of the table is empty, too long or no plain text.",
                remedy=CHOOSE_NAME,
                layer=repr(layer),
            )
    return schema, name


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _make_room(connection: Connection[Any], table: Table, layer: str, *, force: bool) -> None:
    from psycopg import sql

    found = connection.execute(
        "SELECT c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = %s AND c.relname = %s",
        [table.schema, table.name],
    ).fetchone()
    if found is None:
        return
    is_table = found[0] in {"r", b"r"}
    if force and is_table:
        connection.execute(sql.SQL("DROP TABLE {}").format(table.quoted))
        return
    replace_zh = "，或写 force=True 替换" if is_table else ""
    replace_en = ", or pass force=True to replace it" if is_table else ""
    raise InputError(
        "数据库里已有同名的表或视图，未作改动。",
        "The database has a table or view of that name, which was left as it is.",
        remedy=Text(zh=f"请换一个名称{replace_zh}。", en=f"Name another{replace_en}."),
        layer=layer,
        found=table.name,
    )


def _srid_of(connection: Connection[Any], frame: gpd.GeoDataFrame, layer: str) -> int:
    authority = frame.crs.to_authority(min_confidence=100)
    if authority is not None:
        home = connection.execute(
            "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
            " WHERE e.extname = 'postgis'"
        ).fetchone()
        srid = None if home is None else _listed(connection, str(home[0]), *authority)
        if srid is not None:
            return srid
    raise CrsError(
        f"{frame.crs.name} 在该数据库里没有 SRID。",
        f"The database knows no SRID for {frame.crs.name}.",
        remedy=Text(
            zh="请先投影到有 EPSG 代码的坐标系，或写入 GeoPackage；并核对数据库装有 PostGIS。",
            en="Project the layer to a CRS with an EPSG code, or write a GeoPackage; and check that"
            " the database has PostGIS.",
        ),
        layer=layer,
        found=frame.crs.name,
    )


def _listed(connection: Connection[Any], home: str, authority: str, code: str) -> int | None:
    from psycopg import sql

    table = sql.Identifier(home, "spatial_ref_sys")
    query = sql.SQL(
        "SELECT srid FROM {} WHERE upper(auth_name) = %s AND auth_srid::text = %s ORDER BY srid"
    ).format(table)
    found = connection.execute(query, [authority.upper(), code]).fetchone()
    return None if found is None else int(found[0])


def _create(
    connection: Connection[Any],
    table: Table,
    frame: gpd.GeoDataFrame,
    columns: Sequence[Column],
    shape: str,
    srid: int,
) -> None:
    from psycopg import sql

    parts = [
        sql.SQL("{} integer PRIMARY KEY").format(sql.Identifier(table.key)),
        *(
            sql.SQL("{} {}").format(sql.Identifier(column.name), sql.SQL(_type(column)))
            for column in columns
        ),
        sql.SQL("{} geometry({}, {})").format(
            sql.Identifier(shape), sql.SQL(shape_kind(frame) or "Geometry"), sql.Literal(srid)
        ),
    ]
    connection.execute(
        sql.SQL("CREATE TABLE {} ({})").format(table.quoted, sql.SQL(", ").join(parts))
    )
    connection.execute(
        sql.SQL("CREATE INDEX ON {} USING gist ({})").format(table.quoted, sql.Identifier(shape))
    )


def _type(column: Column) -> Any:
    return f"{TYPES[column.kind]} with time zone" if column.zoned else TYPES[column.kind]


def _fill(
    connection: Connection[Any],
    table: Table,
    frame: gpd.GeoDataFrame,
    columns: Sequence[Column],
    shape: str,
    srid: int,
) -> None:
    from psycopg import sql

    names = [table.key, *(column.name for column in columns), shape]
    copy = sql.SQL("COPY {} ({}) FROM STDIN").format(
        table.quoted, sql.SQL(", ").join(map(sql.Identifier, names))
    )
    shapes = shapely.set_srid(_alike(frame), srid)
    drawn = shapely.to_wkb(shapes, hex=True, include_srid=True)
    with connection.cursor() as cursor, cursor.copy(copy) as lines:
        values = [_values(column) for column in columns]
        for number, row in enumerate(zip(*values, drawn, strict=True), start=1):
            lines.write_row((number, *row))


def _alike(frame: gpd.GeoDataFrame) -> NDArray[Any]:
    """Return the shapes as one type where single and multiple ones are mixed."""
    shapes = frame.geometry.to_numpy()
    kind = shape_kind(frame)
    if kind is None or not kind.startswith("Multi"):
        return np.asarray(shapes)
    many = [
        PARTS[shape.geom_type]([] if shape.is_empty else [shape])
        if shape is not None and shape.geom_type in PARTS
        else shape
        for shape in shapes
    ]
    alike = np.empty(len(many), dtype=object)
    alike[:] = many
    return alike


def _values(column: Column) -> Iterator[Any]:
    data = column.data
    if column.kind == "date":
        data = data.astype("datetime64[D]")
    elif column.kind == "moment":
        data = data.astype("datetime64[us]")
    for value, null in zip(data.tolist(), column.null.tolist(), strict=True):
        yield None if null else value
