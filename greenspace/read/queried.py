"""Queried: one table or query of a database, as the caller asks for it.

Question   What does this table hold, or this query select?
Enters     The address of a database; a table, or a query with its values.
Leaves     A GeoDataFrame, its findings and the digest of its rows.
Elsewhere  Fetching: read/postgis. All kinds of sources by one name: read/vector.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenspace.errors import InputError
from greenspace.model.words import Text
from greenspace.read.database import is_database, redacted
from greenspace.read.postgis import CHUNK_ROWS, read_query, read_table
from greenspace.read.vector import described

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    import geopandas as gpd


def read_postgis(
    url: str,
    *,
    table: str | None = None,
    schema: str | None = None,
    query: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    crs: object = None,
    columns: Mapping[str, str] | None = None,
    chunk_rows: int = CHUNK_ROWS,
) -> gpd.GeoDataFrame:
    """Read a table or a query of a PostGIS database, which stays as it is.

    Parameters
    ----------
    url
        ``postgresql://user@host:5432/database``, or ``postgresql://?service=name``. Keep the
        password out of it: PGPASSWORD and ~/.pgpass are heeded.
    table, schema
        A table or view with one column of shapes; without a schema, along the search path.
        Rows come in the order of the primary key.
    query
        Instead of a table: one ``SELECT`` that gives one column of shapes.
    parameters
        Values for the query's ``%(name)s``, bound by the server, never pasted into the text;
        a percent sign is then written ``%%``.
    crs
        Used where the shapes have no SRID; refused where it contradicts them.
    columns
        Role to column name, as in `read_layer`.
    chunk_rows
        Rows that are fetched at a time.

    Returns
    -------
    GeoDataFrame
        ``attrs["findings"]`` holds what was changed or left out, ``attrs["sha256"]`` a digest
        of the rows that is the same whatever their order.

    Raises
    ------
    MissingExtraError
        The driver is not installed: ``pip install "greenspace[postgis]"``.
    InputError
        The database cannot be reached, refuses or goes away; there is no such table.
    GeometryError
        There is no column of shapes, or several.
    CrsError
        The shapes have several SRIDs, or none and no `crs`, or one that contradicts it.
    ColumnError
        A mapped column does not exist, or a query gives two of one name.

    Examples
    --------
    >>> gs.read_postgis(
    ...     "postgresql://gis@localhost/city",
    ...     query="SELECT * FROM green WHERE district = %(district)s",
    ...     parameters={"district": "清源区"},
    ... )  # doctest: +SKIP
    """
    if not is_database(url):
        raise InputError(
            "这不是数据库地址。",
            "This is no address of a database.",
            remedy=Text(
                zh="请写 postgresql://用户@主机:5432/库名。",
                en="Write postgresql://user@host:5432/database.",
            ),
            expected="postgresql://",
        )
    _require_one_wish(redacted(url), table, schema, query, parameters, chunk_rows)
    if query is not None:
        raw = read_query(url, query, parameters, chunk_rows)
    else:
        raw = read_table(url, str(table), schema, chunk_rows)
    return described(raw, redacted(url), table, crs=crs, columns=columns)


def _require_one_wish(
    source: str,
    table: str | None,
    schema: str | None,
    query: str | None,
    parameters: object,
    chunk_rows: int,
) -> None:
    if (table is None) == (query is None) or (table is None and schema is not None):
        zh, en = "请指定一个 table 或一个 query。", "Name either a table or a query."
    elif query is None and parameters is not None:
        zh, en = "parameters 只用于 query。", "Only a query takes parameters."
    elif chunk_rows < 1:
        zh, en = "chunk_rows 至少为 1。", "chunk_rows is at least 1."
    else:
        return
    raise InputError(zh, en, file=source, found=table or query)
