"""One layer of a city: found, opened, and held to what its name promises.

Question   Is this layer of the manifest what the manifest says it is?
Enters     A layer's table in the manifest, and the desk that knows its files.
Leaves     The layer with its columns by role; findings and sources are on the desk.
Elsewhere  All layers together: read/city. The contract itself: read/contract.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from greenspace.errors import ColumnError, CrsError, ManifestError
from greenspace.model.crs import is_local, local_metre, parse_crs
from greenspace.model.layers import LAYERS
from greenspace.model.words import Text
from greenspace.read.contract import require_contract
from greenspace.read.database import is_database, redacted
from greenspace.read.people import count_residents, roles_with_people
from greenspace.read.queried import read_postgis
from greenspace.read.vector import list_layers, read_layer

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from greenspace.read.desk import Desk
    from greenspace.read.manifest import LayerTable
    from greenspace.read.people import Asked


def read_one(
    desk: Desk, name: str, table: LayerTable, *, local: bool, asked: Asked
) -> gpd.GeoDataFrame:
    """Return one layer of the manifest, held to its contract.

    Parameters
    ----------
    local
        Whether the manifest says that all layers are on the city's own grid.
    asked
        What ``[city]`` says of the population: a column of the districts, perhaps.

    Raises
    ------
    InputError
        As `read_city`. Where the desk gathers refusals, only what leaves no layer at all.
    """
    _require_database(desk, name, table)
    path = table.path if is_database(table.path) else desk.find(table.path, name)
    file = redacted(path) if isinstance(path, str) else path
    roles = dict(table.columns)
    if name == "districts":
        roles = roles_with_people(roles, asked)
    _require_edition(desk, name, table)
    if local and table.query is None:
        _require_local(desk, path, name, table)
    table = table.model_copy(update={"crs": local_metre()}) if local else table
    frame = _open(desk, path, name, table, roles)
    if isinstance(path, str):
        picked = table.layer or " ".join((table.query or "").split()) or None
        desk.keep_rows(path, name, picked, frame.attrs.pop("sha256"))
    else:
        desk.keep(path, name, table.layer)
    desk.findings.extend(replace(item, layer=name) for item in frame.attrs.pop("findings", ()))
    whole = frame
    frame, remarks = require_contract(frame, LAYERS[name], roles, file=file, refuse=desk.refuse)
    desk.findings.extend(remarks)
    if len(frame) < len(whole):
        desk.left_out[name] = whole.loc[whole.index.difference(frame.index)]
    if "population" not in frame.columns:
        return frame
    try:
        people = count_residents(frame, "population", layer=name, file=file)
    except ColumnError as error:
        desk.refuse(error)
        return frame.drop(columns="population")
    return frame.assign(population=people)


def _open(
    desk: Desk, path: Path | str, name: str, table: LayerTable, roles: dict[str, str]
) -> gpd.GeoDataFrame:
    """Open a layer; where refusals are gathered, without the columns it does not have."""
    try:
        with desk.naming(name):
            if table.query is not None:
                return read_postgis(str(path), query=table.query, crs=table.crs, columns=roles)
            return read_layer(
                path, layer=table.layer, encoding=table.encoding, crs=table.crs, columns=roles
            )
    except ColumnError as error:
        lacking = [role for role, column in roles.items() if column == error.column]
        if not lacking:
            raise
        desk.refuse(error, name)
        for role in lacking:
            roles.pop(role)
        return _open(desk, path, name, table, roles)


def _require_edition(desk: Desk, name: str, table: LayerTable) -> None:
    if "class" not in table.columns or "edition" not in LAYERS[name].settings or table.edition:
        return
    error = ManifestError(
        f"layers.{name} 有分类代码，但没有写明是 CJJ/T 85 的哪一版。",
        f"layers.{name} has class codes but does not say of which edition of CJJ/T 85.",
        remedy=Text(
            zh=f'请在 [layers.{name}] 下写 edition = "2017" 或 edition = "2002"。',
            en=f'Write edition = "2017" or edition = "2002" in [layers.{name}].',
        ),
        file=desk.manifest,
        layer=name,
        expected="edition",
    )
    desk.refuse(error)


def _require_database(desk: Desk, name: str, table: LayerTable) -> None:
    """Refuse a query where there is no database, or where a table or an encoding is named too."""
    if table.query is None:
        return
    extra = [key for key in ("layer", "encoding") if getattr(table, key) is not None]
    if is_database(table.path) and not extra:
        return
    zh = f"与 {extra[0]} 不能同时写" if extra else "只用于 path 是数据库地址的图层"
    en = f"leaves no room for {extra[0]}" if extra else "needs a path that names a database"
    raise ManifestError(
        f"layers.{name}.query {zh}。",
        f"layers.{name}.query {en}.",
        remedy=Text(
            zh='请二选一，或写 path = "postgresql://用户@主机:5432/库名"。',
            en='Write one of them, or path = "postgresql://user@host:5432/database".',
        ),
        file=desk.manifest,
        layer=name,
        expected="query",
        found=extra[0] if extra else "path",
    )


def _require_local(desk: Desk, path: Path | str, name: str, table: LayerTable) -> None:
    with desk.naming(name):
        infos = {info.name: info for info in list_layers(path)}
    only = next(iter(infos), "") if len(infos) == 1 else ""
    info = infos.get(table.layer or only)
    given = table.crs if table.crs != "local-metre" else None
    found = given or (info.crs if info is not None else None)
    if not found or is_local(parse_crs(found)):
        return
    raise CrsError(
        f'清单写了 crs = "local-metre"，但图层 {name} 有真实坐标系 {parse_crs(found).name}。',
        f'The manifest says crs = "local-metre", but layer {name} is in {parse_crs(found).name}.',
        remedy=Text(
            zh="请删去 [measure] 的 crs，或把所有图层都换成地方坐标网格。",
            en="Leave crs out of [measure], or bring every layer onto the city's own grid.",
        ),
        file=redacted(path) if isinstance(path, str) else path,
        layer=name,
        expected="local-metre",
        found=found,
    )
