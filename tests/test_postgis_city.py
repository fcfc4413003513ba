"""The sample city kept in PostGIS: the same check as from its GeoPackage, and no password in it."""

from __future__ import annotations

import json
import re
import shutil
import zipfile

import geopandas as gpd
import pandas as pd
import psycopg
import pytest

import greenspace as gs
from greenspace.errors import InputError
from greenspace.read.vector import list_layers
from greenspace.sample import write_sample
from tests.postgis import playground, refused

pytestmark = pytest.mark.postgis

FILES = (  # of the manifest, beside its layers
    *("image_2026.tif", "mask_2026.tif", "image_2023.tif", "reference.gpkg"),
    *("stations.csv", "species.csv", "inspections.csv"),
)
PASSWORD = "never9said"  # noqa: S105 - of a role that lives as long as the test


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """The manifest of a small sample city with a tenth of its crowns, for speed."""
    manifest = write_sample(tmp_path_factory.mktemp("plain") / "city", size="small")
    layers = manifest.with_name("layers.gpkg")
    gpd.read_file(layers, layer="vegetation")[::10].to_file(layers, layer="vegetation")
    return manifest


@pytest.fixture(scope="module")
def city(plain, tmp_path_factory):
    """A manifest whose layers lie in a database, for a user who may only read them."""
    for made in playground():
        source = plain.parent / "layers.gpkg"
        for info in list_layers(source):
            frame = gs.read_layer(source, layer=info.name)
            gs.write_layer(frame, made.url, layer=f"{made.schema}.{info.name}")
        role = f"reader_{made.schema}"
        made.run(f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'")
        made.run(f"GRANT USAGE ON SCHEMA {made.schema} TO {role}")
        made.run(f"GRANT SELECT ON ALL TABLES IN SCHEMA {made.schema} TO {role}")
        folder = tmp_path_factory.mktemp("city")
        for name in FILES:
            shutil.copy(plain.parent / name, folder)
        text = plain.read_text(encoding="utf-8")
        text = text.replace('"layers.gpkg"', f'"{made.as_role(role, PASSWORD)}"')
        text = re.sub(r'(?m)^layer = "(\w+)"', rf'layer = "{made.schema}.\1"', text)
        query = f'query = "SELECT * FROM {made.schema}.parks ORDER BY fid"'
        text = text.replace(f'layer = "{made.schema}.parks"', query)
        (folder / "city.toml").write_text(text, encoding="utf-8")
        yield made, folder / "city.toml"
        made.run(f"DROP OWNED BY {role}")
        made.run(f"DROP ROLE {role}")


@pytest.fixture(scope="module")
def from_database(city):
    return gs.check(city[1])


def halves(check):
    return [(item.ratio.numerator, item.ratio.denominator) for item in check.measured]


def test_a_city_in_a_database_is_judged_as_from_its_file(plain, from_database):
    from_file = gs.check(plain)

    pd.testing.assert_frame_equal(from_database.table, from_file.table)
    assert halves(from_database) == halves(from_file)  # to the last bit


def test_what_is_written_names_the_database_without_its_password(from_database, city, tmp_path):
    from_database.write(tmp_path / "out")

    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    said = b"".join(path.read_bytes() for path in files)
    for book in (path for path in files if path.suffix == ".xlsx"):
        with zipfile.ZipFile(book) as parts:
            said += b"".join(map(parts.read, parts.namelist()))
    assert PASSWORD.encode() not in said
    record = json.loads((tmp_path / "out" / "check.json").read_text(encoding="utf-8"))
    inputs = {role: entry for entry in record["inputs"] for role in entry["roles"]}
    parks = next(role for role in inputs if role.startswith("parks:SELECT * FROM"))
    for role in (parks, f"green:{city[0].schema}.green"):
        assert inputs[role]["path"].startswith("postgresql://reader_")
        assert re.fullmatch(r"[0-9a-f]{64}", inputs[role]["sha256"])


def test_the_same_rows_are_the_same_input_and_others_are_another(city):
    made, manifest = city
    first = gs.read_city(manifest)
    made.run("UPDATE green SET 名称 = 名称")  # every row moves inside the table
    again = gs.read_city(manifest)
    made.run("UPDATE green SET 名称 = '改名' WHERE fid = 1")
    changed = gs.read_city(manifest)

    assert again.inputs == first.inputs
    assert again.findings == first.findings
    assert again.layers["green"].equals(first.layers["green"])
    others = set(changed.inputs) - set(first.inputs)
    assert [source.role for source in others] == ["green"]


def test_a_city_whose_database_says_no_is_refused_by_the_name_of_its_layer(city, tmp_path):
    manifest = tmp_path / "city.toml"
    text = city[1].read_text(encoding="utf-8")
    manifest.write_text(text.replace(PASSWORD, "wrong9word"), encoding="utf-8")

    error = refused(InputError, gs.check, manifest)

    assert "built_up" in str(error)
    assert "wrong9word" not in error.sentence("zh") + error.sentence("en")


def test_a_grid_of_the_citys_own_contradicts_the_srid_of_a_table(city, tmp_path):
    manifest = tmp_path / "city.toml"
    text = city[1].read_text(encoding="utf-8").replace('"EPSG:4547"', '"local-metre"')
    manifest.write_text(text, encoding="utf-8")

    error = refused(InputError, gs.check, manifest)

    assert error.file.startswith("postgresql://reader_")
    assert PASSWORD not in str(error)


def test_the_server_of_these_tests_asks_for_passwords(city):
    made, _ = city
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(made.as_role(f"reader_{made.schema}", "wrong9word"))
