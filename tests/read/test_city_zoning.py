"""The [zoning] table: a scheme by name or by file, and what is wrong with one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
from shapely import box

from greenspace.errors import DefinitionError, InputError, ManifestError
from greenspace.read.city import gather_city, read_city
from greenspace.zoned_park import park_zoning_of

if TYPE_CHECKING:
    from pathlib import Path

OWN = """
id = "ours"
name = { zh = "自定", en = "our own" }
[[level1]]
id = "inner"
name = { zh = "内区", en = "inner" }
core = true
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    park = box(500_000, 3_400_000, 501_000, 3_401_000)
    layers = {"built": {}, "edge": {}, "zones": {"zone": ["内区"]}}
    for name, columns in layers.items():
        gpd.GeoDataFrame(columns, geometry=[park], crs=4547).to_file(
            tmp_path / "city.gpkg", layer=name
        )
    (tmp_path / "ours.toml").write_text(OWN, encoding="utf-8")
    return tmp_path


def written(folder: Path, zoning: str) -> Path:
    path = folder / "city.toml"
    tables = {"built_up": "built", "park_boundary": "edge", "park_zones": "zones"}
    layers = [
        f'[layers.{name}]\npath = "city.gpkg"\nlayer = "{layer}"' for name, layer in tables.items()
    ]
    layers[-1] += '\ncolumns = { zone = "zone" }'
    path.write_text("\n".join(['[city]\nname = "城"', *layers, zoning]), encoding="utf-8")
    return path


def test_a_file_of_ones_own_is_read_beside_the_manifest_and_kept(folder: Path) -> None:
    city = read_city(written(folder, '[zoning]\nscheme = "ours.toml"\nbuffer_m = 0'))
    assert [source.name for source in city.sources("zoning")] == ["ours.toml"]
    found = park_zoning_of(city)
    assert found is not None
    assert found.scheme.en == "our own"
    assert {test.id: test.passed for test in found.checks}["core_buffer"] is True


def test_without_the_table_the_national_scheme_is_taken(folder: Path) -> None:
    found = park_zoning_of(read_city(written(folder, "")))
    assert found is not None
    assert "GB/T 39736-2020" in found.scheme.en
    assert not {test.id: test.passed for test in found.checks}["names_known"]


def test_a_park_beyond_the_city_is_told_and_measured(folder: Path) -> None:
    away = box(480_000, 3_400_000, 481_000, 3_401_000)
    gpd.GeoDataFrame(geometry=[away], crs=4547).to_file(folder / "city.gpkg", layer="area")
    path = written(folder, "[layers.city_area]\npath = 'city.gpkg'\nlayer = 'area'")
    text = path.read_text(encoding="utf-8").replace('layer = "built"', 'layer = "area"')
    path.write_text(text, encoding="utf-8")
    city = read_city(path)
    told = [item for item in city.findings if item.code == "outlying_layer"]
    assert [item.layer for item in told] == ["park_boundary", "park_zones"]
    assert park_zoning_of(city) is not None


@pytest.mark.parametrize(
    ("zoning", "error"),
    [
        ('[zoning]\nscheme = "GB-T-1"', DefinitionError),
        ('[zoning]\nscheme = "none.toml"', InputError),
        ("[zoning]\nbuffer_m = -1", ManifestError),
        ('[zoning]\nbuffer_m = "50"', ManifestError),
        ('[zoning]\nschema = "ours.toml"', ManifestError),
        ('[zoning]\nscheme = "a\\new.toml"', ManifestError),
    ],
)
def test_what_cannot_be_followed_is_refused_and_gathered(
    folder: Path, zoning: str, error: type[InputError]
) -> None:
    path = written(folder, zoning)
    with pytest.raises(error):
        read_city(path)
    if "a\\new" not in zoning:
        city, _ = gather_city(path)
        assert any(item.severity == "error" for item in city.findings)
