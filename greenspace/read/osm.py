"""OSM: the layers of a city from an OpenStreetMap extract, without a network.

Question   Which parks, green, homes, water and paths does this extract hold?
Enters     A ``.osm.pbf`` or ``.osm`` file, read by GDAL, and the tag table.
Leaves     One layer by its rule, with what was left out counted.
Elsewhere  The rules: definitions/classes/osm.toml, read/osm_tags.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataSourceError, FeatureError

from greenspace.errors import InputError
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.read.gdal import listening, opened
from greenspace.read.layer_reader import LayerInfo, RawLayer
from greenspace.read.osm_edge import Edge, edge_of
from greenspace.read.osm_tags import MANY, read_tag_rules, read_tag_table
from greenspace.read.osm_told import LEFT_OUT, findings_of_edge, told

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from greenspace.read.osm_tags import TagRule

SUFFIXES = (".osm.pbf", ".pbf", ".osm")
CRS = "EPSG:4326"
TAGS = "other_tags"
KINDS = {"multipolygons": "MultiPolygon", "lines": "LineString"}
ORDERED_IDS, ANY_IDS = "YES", "NO"


@dataclass(frozen=True, slots=True)
class OsmReader:
    """An OpenStreetMap extract; its layers are those of the tag table."""

    path: Path

    def names(self) -> tuple[str, ...]:
        """Return the layers that the tag table knows."""
        return tuple(read_tag_rules())

    def layers(self) -> tuple[LayerInfo, ...]:
        """Return what the extract holds of each layer; reads it once a layer."""
        return tuple(self._info(name) for name in self.names())

    def _info(self, name: str) -> LayerInfo:
        frame = self.read(name).frame
        columns = tuple(str(column) for column in frame.columns if column != "geometry")
        return LayerInfo(name, KINDS[read_tag_rules()[name].origin], CRS, len(frame), columns)

    def read(self, layer: str, *, encoding: str | None = None) -> RawLayer:
        """Read what belongs to a layer by its rule; OpenStreetMap is always UTF-8.

        Raises
        ------
        InputError
            The file is no OpenStreetMap extract, or is cut off.
        """
        del encoding
        rule = read_tag_rules()[layer]
        things = _things(self.path, rule)
        tags = _tags(things)
        matches = [rule.match(each) for each in tags]
        shut = np.array([rule.shut_out(each) for each in tags], dtype=bool)
        belongs = np.array([match is not None for match in matches], dtype=bool)
        built = np.array(~shapely.is_missing(things.shapes), dtype=bool)
        names = np.array(things.names, dtype=object)
        edge = _edge(self.path, rule, set(names[built]))
        deleted = np.array([name in (edge or Edge()).deleted for name in names], dtype=bool)
        chosen = np.flatnonzero(belongs & ~shut & built & ~deleted)
        columns: dict[str, list[Any]] = {
            "osm_id": names[chosen].tolist(),
            "name": [tags[i].get("name") for i in chosen],
            "tag": [matches[i] for i in chosen],
            **{key: [tags[i].get(key) for i in chosen] for key in rule.columns},
        }
        frame = gpd.GeoDataFrame(columns, geometry=things.shapes[chosen], crs=CRS)
        left_out = names[belongs & shut & ~deleted].tolist()
        unbuilt = names[belongs & ~built & ~deleted].tolist()
        return RawLayer(
            frame,
            (
                _told(layer, rule),
                *told("osm_left_out", LEFT_OUT, layer, left_out, severity="note"),
                *findings_of_edge(edge, frame, layer, unbuilt),
            ),
        )


def _edge(path: Path, rule: TagRule, built: set[str]) -> Edge | None:
    """Return what the extract cut; ``None`` where osmium is not there to tell."""
    try:
        return edge_of(path, rule, built)
    except ImportError:
        return None
    except (OSError, RuntimeError, ValueError) as error:
        raise _unreadable(path, error) from error


@dataclass(frozen=True, slots=True)
class _Things:
    names: list[str]
    shapes: NDArray[np.object_]
    fields: dict[str, NDArray[np.object_]]


def _things(path: Path, rule: TagRule) -> _Things:
    """Return everything that may match, shapes that cannot be built as ``None``."""
    try:
        try:
            found = _read(path, rule, ORDERED_IDS)
        except FeatureError:  # ids that do not increase need GDAL's slower index
            found = _read(path, rule, ANY_IDS)
    except (DataSourceError, FeatureError) as error:
        raise _unreadable(path, error) from error
    meta, _, geometry, values = found
    fields = dict(zip(map(str, meta["fields"]), values, strict=True))
    shapes = shapely.from_wkb(geometry, on_invalid="ignore")
    return _Things(_names(fields, rule), shapes, fields)


def _read(path: Path, rule: TagRule, indexing: str) -> tuple[Any, ...]:
    with listening(), opened(path) as place:  # to rings that are counted below
        found: tuple[Any, ...] = pyogrio.raw.read(
            place,
            layer=rule.origin,
            where=_where(rule),
            TAGS_FORMAT="JSON",
            USE_CUSTOM_INDEXING=indexing,
        )
    return found


def _where(rule: TagRule) -> str:
    """Return a coarse filter for GDAL, so that a province does not pass through memory."""
    tests = []
    for key, values in rule.tags.items():
        listed = ", ".join(f"'{value}'" for value in values)
        tests.append(f'"{key}" IN ({listed}) OR "{key}" LIKE \'%{MANY}%\'')
    return " OR ".join(tests)


def _names(fields: dict[str, NDArray[np.object_]], rule: TagRule) -> list[str]:
    if rule.origin == "lines":
        return [f"way/{way}" for way in fields["osm_id"]]
    pairs = zip(fields["osm_id"], fields["osm_way_id"], strict=True)
    return [f"way/{way}" if way else f"relation/{relation}" for relation, way in pairs]


def _tags(things: _Things) -> list[dict[str, str]]:
    plain = {key: column for key, column in things.fields.items() if key != TAGS}
    tags = []
    for row, others in enumerate(things.fields[TAGS]):
        own = {key: column[row] for key, column in plain.items() if column[row] is not None}
        tags.append({**(json.loads(others) if others else {}), **own})
    return tags


def _told(layer: str, rule: TagRule) -> Finding:
    licence = read_tag_table().licence
    text = Text(
        zh=f"取自 OpenStreetMap（{licence}），按标签表选取，不是城市自己的测绘：{rule.note.zh}",
        en=f"Taken from OpenStreetMap ({licence}) by the tag table, not from the city's own "
        f"survey: {rule.note.en}",
    )
    return Finding(code="osm", text=text, severity="warning", layer=layer)


def _unreadable(path: Path, error: Exception) -> InputError:
    return InputError(
        f"不能作为 OpenStreetMap 文件读取：{error}。",
        f"It cannot be read as an OpenStreetMap file: {error}.",
        remedy=Text(zh="请重新下载或重新裁切。", en="Download it or cut it out anew."),
        file=path,
    )
