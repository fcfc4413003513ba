"""A layer becomes a table of a real PostGIS, equal and whole, or the database stays as it was."""

from __future__ import annotations

import datetime as dt
import threading
import time

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, Polygon, box

from greenspace import exchange, read_layer, write_layer
from greenspace.errors import (
    ColumnError,
    CrsError,
    EncodingError,
    InputError,
)
from greenspace.model.crs import local_metre
from greenspace.present import postgis as writer
from greenspace.read.vector import list_layers
from tests.postgis import refused
from tests.written import SQUARE, codes, layer, values

pytestmark = pytest.mark.postgis

HOSTILE = '公园"; DROP TABLE parks; --'


def tables(postgis):
    rows = postgis.run(
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = %s",
        [postgis.schema],
    )
    return {name for (name,) in rows}


def put(postgis, frame, name="绿地", **options):
    return write_layer(frame, postgis.url, layer=f"{postgis.schema}.{name}", **options)


def back(postgis, name="绿地"):
    return read_layer(postgis.url, layer=f"{postgis.schema}.{name}")


def test_chinese_names_come_back_from_a_database(postgis):
    written = put(postgis, layer())

    frame = back(postgis)
    assert values(frame) == values(layer())
    assert list(frame.columns) == ["公园绿地名称", "面积", "等级", "geometry"]
    assert frame.crs.to_epsg() == 4547
    assert frame.geometry.to_list() == layer().geometry.to_list()
    assert (written.layer, written.rows, written.findings) == (f"{postgis.schema}.绿地", 2, ())
    assert str(written).startswith("postgresql://")
    info = next(info for info in list_layers(postgis.url) if info.name == written.layer)
    assert (info.geometry_type, info.columns) == ("Polygon", ("公园绿地名称", "面积", "等级"))


def test_the_table_has_a_key_and_an_index_over_its_shapes(postgis):
    put(postgis, layer())

    made = " ".join(
        line
        for (line,) in postgis.run(
            "SELECT indexdef FROM pg_indexes WHERE schemaname = %s", [postgis.schema]
        )
    )

    assert "UNIQUE INDEX" in made
    assert "USING gist (geom)" in made
    assert postgis.run('SELECT fid FROM "绿地" ORDER BY fid') == [(1,), (2,)]


def test_every_kind_of_value_comes_back(postgis):
    frame = layer(
        {
            "文字": ["", None, "a\tb\\N\n'\"", " x "],
            "whole": pd.array([2**62, None, -1, 0], dtype="Int64"),
            "number": [0.1, None, -1e300, 5e-324],
            "truth": pd.array([True, None, False, True], dtype="boolean"),
            "day": [dt.date(1900, 1, 1), None, dt.date(2026, 6, 30), dt.date(9999, 12, 31)],
            "moment": pd.to_datetime(
                ["2026-06-30T12:34:56.789", None, "1970-01-01", "2000-01-01"], format="ISO8601"
            ),
            "zoned": pd.to_datetime(
                ["2026-06-30T12:00+08:00", None, *["2000-01-01T00:00+08:00"] * 2]
            ),
        },
        [SQUARE, None, Polygon(), MultiPolygon([SQUARE, box(0, 0, 1, 1)])],
    )

    written = put(postgis, frame)

    read = back(postgis)
    assert read["文字"].tolist()[0] == ""
    assert read["文字"].tolist()[2:] == ["a\tb\\N\n'\"", " x "]
    assert read["文字"].isna().tolist() == [False, True, False, False]
    assert read["whole"].tolist()[0] == 2**62
    assert read["number"].tolist()[2:] == [-1e300, 5e-324]
    assert read["day"].iloc[3] == pd.Timestamp("9999-12-31").as_unit("s")
    assert read["zoned"].iloc[0] == pd.Timestamp("2026-06-30T04:00:00Z")
    assert read.geometry.isna().tolist() == [False, True, False, False]
    assert codes(written) == set()


def test_heights_and_labels_of_rows_are_not_written_and_counted(postgis):
    frame = gpd.GeoDataFrame({"n": [1]}, geometry=[Point(500_000, 1, 9)], crs=4547, index=["a"])

    written = put(postgis, frame)

    assert codes(written) == {"height_dropped", "index_not_written"}


def test_kinds_of_shapes_may_be_mixed(postgis):
    shapes = [SQUARE, Point(500_000, 7), LineString([(500_000, 0), (500_001, 1)])]

    put(postgis, layer({"n": [1, 2, 3]}, shapes))

    assert back(postgis).geometry.to_list() == shapes


def test_a_layer_without_rows_is_a_table_without_rows(postgis):
    put(postgis, layer().iloc[:0])

    assert len(back(postgis)) == 0
    assert back(postgis).crs.to_epsg() == 4547


def test_hostile_names_are_names(parks):
    frame = layer({'a"b; --': [1, 2], "%s": [3, 4], "fid": [5, 6], "geom": [7, 8]})

    put(parks, frame, HOSTILE)

    assert tables(parks) == {"parks", HOSTILE}
    assert back(parks, HOSTILE)[["%s", "fid", "geom"]].to_dict("list") == {
        "%s": [3, 4],
        "fid": [5, 6],
        "geom": [7, 8],
    }
    assert len(back(parks, "parks")) == 5


def test_without_a_schema_the_table_goes_where_the_user_is(postgis):
    url = f"{postgis.url}{'&' if '?' in postgis.url else '?'}options=-csearch_path%3D"
    url += f"{postgis.schema},public"

    assert write_layer(layer(), url, layer="homes").layer == f"{postgis.schema}.homes"


def test_a_table_that_is_there_stays_unless_force_is_said(parks):
    refused(InputError, put, parks, layer(), "parks")
    assert len(back(parks, "parks")) == 5

    put(parks, layer(), "parks", force=True)

    assert values(back(parks, "parks")) == values(layer())


def test_a_view_and_what_others_rest_on_are_never_replaced(parks):
    parks.run("CREATE VIEW seen AS SELECT * FROM parks")

    refused(InputError, put, parks, layer(), "seen", force=True)
    refused(InputError, put, parks, layer(), "parks", force=True)

    assert len(back(parks, "parks")) == len(back(parks, "seen")) == 5


LONG = "绿" * 22  # 66 bytes


@pytest.mark.parametrize(
    ("frame", "name", "kind"),
    [
        (layer(), LONG, InputError),
        (layer(), "", InputError),
        (layer(), "a\nb", InputError),
        (layer({LONG: [1, 2]}), "t", ColumnError),
        (layer({"ctid": [1, 2]}), "t", InputError),
        (layer({"n": [object(), 1]}), "t", ColumnError),
        (layer({"w": ["a\0", "b"]}), "t", EncodingError),
        (layer(crs=None), "t", CrsError),
        (layer(crs=local_metre()), "t", CrsError),
        (layer(crs="+proj=tmerc +lon_0=114.5 +x_0=500000 +ellps=GRS80 +units=m"), "t", CrsError),
        (layer().assign(n=1), "t", None),
    ],
)
def test_what_the_database_cannot_hold_is_refused_and_leaves_nothing(postgis, frame, name, kind):
    if kind is None:
        put(postgis, frame, name)
        assert tables(postgis) == {"t"}
        return

    error = refused(kind, put, postgis, frame, name)

    assert error.layer is not None
    assert tables(postgis) == set()


def test_a_database_wants_a_table_and_no_encoding(postgis):
    refused(InputError, write_layer, layer(), postgis.url)
    refused(InputError, put, postgis, layer(), encoding="gbk")


def test_a_schema_that_is_not_there_is_refused(postgis):
    refused(InputError, write_layer, layer(), postgis.url, layer="no_such_schema.t")


def test_a_difference_found_on_reading_back_undoes_everything(parks, monkeypatch):
    def lose(column, real=writer._values):
        return (None if column.name == "等级" else value for value in real(column))

    monkeypatch.setattr(writer, "_values", lose)
    refused(ColumnError, put, parks, layer(), "parks", force=True)

    assert len(back(parks, "parks")) == 5


def test_a_row_that_the_table_refuses_half_way_undoes_everything(parks, monkeypatch):
    def many(frame, real=writer._alike):
        shapes = real(frame).copy()
        shapes[-1] = Point(0, 0)  # no polygon: the column's type refuses it
        return shapes

    monkeypatch.setattr(writer, "_alike", many)
    refused(InputError, put, parks, layer(), "parks", force=True)

    assert len(back(parks, "parks")) == 5


def test_a_database_that_goes_away_half_way_keeps_what_it_had(parks, monkeypatch):
    def kill_first(*args, real=exchange.read_back):
        killed = parks.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE state = 'idle in transaction' AND pid IN (SELECT pid FROM pg_locks"
            f" WHERE relation = '{parks.schema}.parks'::regclass)"  # and of no other test's
        )
        assert killed
        return real(*args)

    monkeypatch.setattr(exchange, "read_back", kill_first)
    error = refused(InputError, put, parks, layer(), "parks", force=True)

    assert "lost" in error.problem.en
    assert len(back(parks, "parks")) == 5


def test_who_reads_meanwhile_waits_and_sees_the_new_table_whole(postgis, monkeypatch):
    put(postgis, layer())
    seen = []
    reader = threading.Thread(target=lambda: seen.append(len(back(postgis))))

    def look_first(*args, real=exchange.read_back):
        reader.start()
        time.sleep(0.5)
        assert seen == []
        return real(*args)

    monkeypatch.setattr(exchange, "read_back", look_first)
    put(postgis, layer().iloc[:1], force=True)
    reader.join()

    assert seen == [1]


cells = st.fixed_dictionaries(
    {
        "w": st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
        "n": st.integers(-(2**63), 2**63 - 1),
        "f": st.floats(allow_nan=False, allow_infinity=False),
        "b": st.booleans(),
    }
)


@settings(max_examples=15)
@given(rows=st.lists(cells, min_size=1, max_size=5))
def test_what_is_written_is_what_is_read(rows):
    from tests.postgis import playground

    for made in playground():
        frame = layer({key: [row[key] for row in rows] for key in "wnfb"}, [SQUARE] * len(rows))
        put(made, frame)
        assert values(back(made)) == values(frame)
