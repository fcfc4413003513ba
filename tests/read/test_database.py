"""The address of a database is known from a file's, and its password is never said."""

from __future__ import annotations

import builtins
from pathlib import Path

import pytest

from greenspace import read_layer, read_postgis, write_layer
from greenspace.errors import GreenspaceError, InputError, ManifestError, MissingExtraError
from greenspace.read.city import read_city
from greenspace.read.database import is_database, redacted, without_passwords
from tests.written import layer

SECRET = "hidden9word"  # noqa: S105 - what must never be said
NOBODY = f"postgresql://gis:{SECRET}@127.0.0.1:1/city"  # no server listens on port 1


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("postgresql://gis@localhost/city", True),
        ("postgres://localhost", True),
        ("PostgreSQL+psycopg://localhost/city", True),
        ("data/postgresql.gpkg", False),
        (Path("postgresql://localhost/city"), False),
        ("https://localhost/city.gpkg", False),
        (None, False),
    ],
)
def test_a_database_is_told_from_a_file(source, answer):
    assert is_database(source) is answer


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (NOBODY, "postgresql://gis@127.0.0.1:1/city"),
        (f"postgresql+psycopg://gis:{SECRET}@host/city", "postgresql://gis@host/city"),
        (f"postgresql://host/city?user=gis&password={SECRET}", "postgresql://host/city"),
        (f"postgresql://:{SECRET}@host/city", "postgresql://host/city"),
        (f"postgresql://gis:{SECRET}@a:1,b:2/city", "postgresql://gis@a:1,b:2/city"),
        (f"postgresql://gis:{SECRET}@%2Fvar%2Frun:5432/city", "postgresql://gis@/city"),
        (f"postgresql:///?service=city&password={SECRET}", "postgresql:///?service=city"),
        (f"postgresql://gis:a@{SECRET}@host/city", "postgresql://…"),
        (f"postgresql://gis:a/{SECRET}@host/city", "postgresql://…"),
        (f"postgresql://gis:a?{SECRET}@host/city", "postgresql://…"),
        (f"postgresql://gis:{SECRET}@[::1]:5432/city", "postgresql://gis@[::1]:5432/city"),
        (f"postgresql://gis:a#{SECRET}@host/city", "postgresql://…"),
    ],
)
def test_a_name_holds_who_and_where_and_no_password(url, name):
    assert redacted(url) == name
    assert SECRET not in redacted(url)


@pytest.mark.parametrize(
    "url",
    [
        NOBODY,
        NOBODY.replace("@", f"@{SECRET}@"),
        NOBODY.replace("gis:", f"gis:a/{SECRET}"),
        f"{NOBODY}?{SECRET}",
        f"{NOBODY}?sslpassword={SECRET}",
        f"{NOBODY}?nonsense={SECRET}",
    ],
)
def test_a_database_out_of_reach_is_one_sentence_without_the_password(url):
    pytest.importorskip("psycopg")

    with pytest.raises(InputError) as caught:
        read_layer(url, layer="public.parks")

    error = caught.value
    said = (error.sentence("zh"), error.sentence("en"), str(error.file), str(error.found))
    assert SECRET not in "".join(said)
    assert "\n" not in said[1]
    assert error.remedy is not None


def test_without_the_driver_the_extra_is_named(monkeypatch):
    def refuse(name, *rest, real=builtins.__import__, **more):
        if name == "psycopg":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingExtraError) as caught:
        read_layer(NOBODY, layer="public.parks")

    assert "greenspace[postgis]" in caught.value.sentence("en")
    assert SECRET not in caught.value.sentence("zh")


@pytest.mark.parametrize("options", [{}, {"layer": "parks", "encoding": "gbk"}])
def test_writing_wants_a_table_and_no_encoding_before_anything_is_opened(options):
    with pytest.raises(InputError) as caught:
        write_layer(layer(), NOBODY, **options)

    assert caught.value.file == "postgresql://gis@127.0.0.1:1/city"
    assert "reached" not in str(caught.value)


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"schema": "public"},
        {"table": "parks", "query": "select 1"},
        {"schema": "public", "query": "select 1"},
        {"table": "parks", "parameters": {"a": 1}},
        {"table": "parks", "chunk_rows": 0},
    ],
)
def test_a_wish_that_contradicts_itself_is_refused_before_anything_is_opened(wish):
    with pytest.raises(InputError) as caught:
        read_postgis("postgresql://nowhere.invalid/city", **wish)

    assert "reached" not in str(caught.value)


def test_a_file_is_no_database(tmp_path):
    with pytest.raises(InputError) as caught:
        read_postgis(str(tmp_path / "city.gpkg"), table="parks")

    assert caught.value.expected == "postgresql://"


MANIFEST = """
[city]
name = "城"
[layers.parks]
"""


@pytest.mark.parametrize(
    ("layer", "kind"),
    [
        ('path = "parks.gpkg"\nquery = "select 1"', ManifestError),
        (f'path = "{NOBODY}"\nquery = "select 1"\nlayer = "public.parks"', ManifestError),
        (f'path = "{NOBODY}"\nquery = "select 1"\nencoding = "gbk"', ManifestError),
        (f'path = "{NOBODY}', ManifestError),
        (f'path = "parks.gpkg"\n[[image]]\npath = "{NOBODY}"', GreenspaceError),
    ],
)
def test_a_manifest_asks_a_query_of_databases_alone(tmp_path, layer, kind):
    path = tmp_path / "city.toml"
    path.write_text(MANIFEST + layer, encoding="utf-8")

    with pytest.raises(kind) as caught:
        read_city(path)

    assert SECRET not in caught.value.sentence("zh") + caught.value.sentence("en")


def test_the_image_of_a_manifest_is_no_database(tmp_path):
    path = tmp_path / "city.toml"
    path.write_text(f'[city]\nname = "城"\n[[image]]\npath = "{NOBODY}"', encoding="utf-8")

    with pytest.raises(InputError) as caught:
        read_city(path)

    assert caught.value.file == "postgresql://gis@127.0.0.1:1/city"


@pytest.mark.parametrize(
    "text",
    [
        f'path = "postgresql://gis:{SECRET}@host/city"',
        f'path = "postgresql://gis:{SECRET}@{SECRET}@host/city"',
        f"postgresql://host/city?password={SECRET}",
    ],
)
def test_a_line_of_a_manifest_is_quoted_without_its_password(text):
    assert SECRET not in without_passwords(text)
    assert "postgresql://" in without_passwords(text)
