"""Tables and queries of a real PostGIS, read as they are and left as they are."""

from __future__ import annotations

import math

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from greenspace import read_layer, read_postgis
from greenspace.errors import CrsError, EncodingError, GeometryError, InputError
from greenspace.read.vector import list_layers
from tests.postgis import SQUARE, refused

pytestmark = pytest.mark.postgis

HOSTILE = 'x"; DROP TABLE parks; --'


def codes(frame):
    return [finding.code for finding in frame.attrs["findings"]]


def test_a_table_is_read_in_the_order_of_its_key_with_every_value(parks):
    frame = read_layer(parks.url, layer=f"{parks.schema}.parks", columns={"name": "名称"})

    assert frame.crs.to_epsg() == 4547
    assert frame["id"].tolist() == [1, 2, 3, 4, 5]
    assert frame["name"].tolist() == [f"公园{number}" for number in range(1, 6)]
    assert frame["people"].tolist()[:3] == [10**15 + 1, 10**15 + 2, 10**15 + 3]
    assert frame["people"].isna().tolist() == [False, False, False, True, False]
    assert frame["share"].tolist() == [0.5] * 5
    assert str(frame["opened"].iloc[0].date()) == "2020-05-01"
    assert frame["at"].iloc[0].isoformat() == "2020-05-01T00:00:00+00:00"
    assert frame["open"].tolist() == [True] * 5
    assert frame["tags"].iloc[0] == '{"k": 1}'
    assert frame.area.tolist() == [100.0] * 5  # 10 m x 10 m
    assert frame.geometry.iloc[0].bounds[0] == 500_100.0
    assert codes(frame) == []


def test_layers_are_listed_by_schema_and_table_and_by_column_where_there_are_several(parks):
    parks.run("CREATE TABLE two (a geometry(Point, 4547), b geography, words text)")

    listed = {info.name: info for info in list_layers(parks.url)}
    names = [name for name in listed if name.startswith(parks.schema)]

    assert names == [f"{parks.schema}.{name}" for name in ("parks", "two.a", "two.b")]
    info = listed[names[0]]
    assert (info.geometry_type, info.crs, info.feature_count) == ("Polygon", "EPSG:4547", 5)
    assert "名称" in info.columns
    assert "geom" not in info.columns


def test_two_names_that_look_alike_stay_two(postgis):
    postgis.run('CREATE TABLE "a.b" (g geometry(Point, 4547))')
    postgis.run("CREATE TABLE a (b geometry(Point, 4548), c geometry(Point, 4549))")

    listed = {
        info.name: info.crs for info in list_layers(postgis.url) if postgis.schema in info.name
    }

    assert listed[f'"{postgis.schema}"."a.b"'] == "EPSG:4547"
    assert listed[f'"{postgis.schema}"."a"."b"'] == "EPSG:4548"
    assert listed[f"{postgis.schema}.a.c"] == "EPSG:4549"


def test_no_layer_named_is_refused_with_the_list(parks):
    parks.run("CREATE TABLE more (g geometry(Point, 4547))")

    error = refused(InputError, read_layer, parks.url)

    assert {f"{parks.schema}.parks", f"{parks.schema}.more"} <= set(error.found)


def test_hostile_names_are_names(parks):
    parks.run(
        f'CREATE TABLE "{HOSTILE.replace(chr(34), chr(34) * 2)}" ("a""b%%s" int, "%%" int,'
        ' "picked" int, "形;--" geometry(Point, 4547))'.replace("%%", "%")
    )
    parks.run(
        f'INSERT INTO "{HOSTILE.replace(chr(34), chr(34) * 2)}" VALUES (1, 2, 3, '
        "ST_SetSRID(ST_Point(500000, 7), 4547))"
    )

    for frame in (
        read_layer(parks.url, layer=f"{parks.schema}.{HOSTILE}"),
        read_postgis(parks.url, table=HOSTILE, schema=parks.schema),
        read_postgis(
            parks.url,
            query=f'SELECT * FROM {parks.schema}."{HOSTILE.replace(chr(34), chr(34) * 2)}"'
            " WHERE picked = %(n)s",
            parameters={"n": 3},
        ),
    ):
        assert frame.drop(columns="geometry").to_dict("records") == [
            {'a"b%s': 1, "%": 2, "picked": 3}
        ]
        assert frame.geometry.iloc[0] == shapely.Point(500_000, 7)
    assert len(read_layer(parks.url, layer=f"{parks.schema}.parks")) == 5


def test_values_are_bound_and_never_become_sql(parks):
    query = f"SELECT * FROM {parks.schema}.parks WHERE 名称 = %(name)s OR 名称 LIKE '%%5'"

    frame = read_postgis(parks.url, query=query, parameters={"name": "' OR true --"})

    assert frame["id"].tolist() == [5]


def test_the_size_of_a_chunk_changes_nothing(parks):
    read = [
        read_postgis(parks.url, table="parks", schema=parks.schema, chunk_rows=rows)
        for rows in (1, 2, 5, 10_000)
    ]

    for frame in read[1:]:
        assert frame.equals(read[0])
        assert frame.attrs["sha256"] == read[0].attrs["sha256"]


def test_the_digest_stands_for_the_rows_and_not_for_their_order(parks):
    def digest(query):
        return read_postgis(parks.url, query=query).attrs["sha256"]

    table = f"SELECT id, geom FROM {parks.schema}.parks"
    forwards, backwards = digest(f"{table} ORDER BY id"), digest(f"{table} ORDER BY id DESC")
    parks.run("UPDATE parks SET geom = ST_Translate(geom, 0.001, 0) WHERE id = 5")

    assert forwards == backwards
    assert digest(table) != forwards


def test_a_table_without_a_key_comes_in_one_order_however_it_was_filled(postgis):
    orders = []
    for numbers in ("1, 2, 3, 4", "4, 2, 3, 1"):
        postgis.run(
            f"CREATE TABLE t AS SELECT n AS t, {SQUARE} AS g FROM unnest(ARRAY[{numbers}]) AS n"
        )
        frame = read_postgis(postgis.url, table="t", schema=postgis.schema)
        orders.append((frame["t"].tolist(), frame.attrs["sha256"]))
        postgis.run("DROP TABLE t")

    assert orders[0] == orders[1]


def test_heights_go_counted_and_a_missing_shape_stays_missing(postgis):
    postgis.run("CREATE TABLE t (id int PRIMARY KEY, g geometry)")
    postgis.run(
        f"INSERT INTO t VALUES (1, ST_Force3D({SQUARE})), (2, NULL), (3, ST_Force4D({SQUARE})),"
        f" (4, {SQUARE})"
    )

    frame = read_postgis(postgis.url, table="t", schema=postgis.schema)

    assert not frame.geometry.has_z.any()
    assert frame.geometry.isna().tolist() == [False, True, False, False]
    found = {finding.code: finding.count for finding in frame.attrs["findings"]}
    assert found == {"height_dropped": 2}
    assert frame.crs.to_epsg() == 4547


def test_an_arc_becomes_chords_close_enough_to_count(postgis):
    circle = "CURVEPOLYGON(CIRCULARSTRING(0 0, 10 10, 20 0, 10 -10, 0 0))"
    postgis.run("CREATE TABLE t AS SELECT 1 AS id, ST_GeomFromText(%s, 4547) AS g", [circle])

    frame = read_postgis(postgis.url, table="t", schema=postgis.schema)

    # chords of 1 degree: the area of a regular 360-gon is n/2 sin(2 pi/n) r^2, r = 10
    assert frame.area.iloc[0] == pytest.approx(180 * math.sin(math.pi / 180) * 100, rel=1e-9)
    assert frame.area.iloc[0] == pytest.approx(math.pi * 100, rel=6e-5)
    assert codes(frame) == ["arcs_made_straight"]


def test_a_shape_that_the_plane_does_not_know_is_left_out_with_its_row(postgis):
    postgis.run("CREATE TABLE t (id int PRIMARY KEY, g geometry)")
    postgis.run(
        f"INSERT INTO t VALUES (1, {SQUARE}), (3, NULL), (2, ST_SetSRID(%s::geometry, 4547))",
        ["TIN(((0 0 0, 1 0 0, 1 1 0, 0 0 0)))"],
    )
    read = {"table": "t", "schema": postgis.schema, "chunk_rows": 1}

    frame = read_postgis(postgis.url, **read)
    postgis.run("DELETE FROM t WHERE id = 1")
    error = refused(GeometryError, read_postgis, postgis.url, **read)

    assert frame["id"].tolist() == [1, 3]
    assert [(item.code, item.rows) for item in frame.attrs["findings"]] == [
        ("unbuildable_shape", (1,))
    ]
    assert (error.found, error.rows) == ("TIN", (0,))


def test_geography_is_in_degrees(postgis):
    postgis.run("CREATE TABLE t AS SELECT ST_Point(114, 30)::geography AS g")

    frame = read_postgis(postgis.url, table="t", schema=postgis.schema)

    assert (frame.crs.to_epsg(), frame.geometry.iloc[0].x) == (4326, 114.0)


def test_shapes_of_two_srids_are_refused_with_their_counts(postgis):
    postgis.run("CREATE TABLE t (g geometry)")
    postgis.run(f"INSERT INTO t VALUES ({SQUARE}), ({SQUARE}), (ST_SetSRID({SQUARE}, 4548))")

    error = refused(CrsError, read_postgis, postgis.url, table="t", schema=postgis.schema)

    assert error.found == {4547: 2, 4548: 1}


def test_no_srid_is_no_crs_until_one_is_given(postgis):
    postgis.run(f"CREATE TABLE t AS SELECT ST_SetSRID({SQUARE}, 0) AS g")
    read = {"table": "t", "schema": postgis.schema}

    refused(CrsError, read_postgis, postgis.url, **read)

    assert read_postgis(postgis.url, crs="EPSG:4547", **read).crs.to_epsg() == 4547


def test_a_crs_that_contradicts_the_srid_is_refused(parks):
    error = refused(CrsError, read_layer, parks.url, layer=f"{parks.schema}.parks", crs="EPSG:4548")

    assert error.layer == f"{parks.schema}.parks"


def test_an_empty_table_keeps_its_crs(postgis):
    postgis.run("CREATE TABLE t (name text, n int, g geometry(Polygon, 4547))")

    frame = read_postgis(postgis.url, table="t", schema=postgis.schema)

    assert (len(frame), frame.crs.to_epsg(), list(frame.columns)) == (
        0,
        4547,
        ["name", "n", "geometry"],
    )


def test_a_column_called_geometry_that_is_none_survives(postgis):
    postgis.run(f"CREATE TABLE t AS SELECT 'words' AS geometry, {SQUARE} AS shape")

    frame = read_postgis(postgis.url, table="t", schema=postgis.schema)

    assert frame["geometry"].tolist() == ["words"]
    assert frame.geometry.name == "shape"
    assert frame.area.iloc[0] == 100.0


def test_an_identifier_too_long_for_a_number_is_told(postgis):
    postgis.run(
        f"CREATE TABLE t AS SELECT 12345678901234567891::numeric AS id, {SQUARE} AS g"
        f" UNION ALL SELECT 'NaN', {SQUARE}"
    )

    frame = read_postgis(postgis.url, table="t", schema=postgis.schema)

    assert codes(frame) == ["rounded"]


@pytest.mark.parametrize("query", ["  SELECT * FROM {}.parks ; ", "TABLE {}.parks -- all of them"])
def test_a_query_may_end_as_people_write_it(parks, query):
    assert len(read_postgis(parks.url, query=query.format(parks.schema))) == 5


def test_a_table_that_is_not_there_is_refused_with_a_near_one(parks):
    error = refused(InputError, read_postgis, parks.url, table="park", schema=parks.schema)

    assert "parks" in error.remedy.en
    refused(InputError, read_layer, parks.url, layer=f"{parks.schema}.park")


def test_several_columns_of_shapes_are_refused_until_one_is_named(postgis):
    postgis.run(f"CREATE TABLE t AS SELECT {SQUARE} AS a, ST_Centroid({SQUARE}) AS b")

    error = refused(GeometryError, read_postgis, postgis.url, table="t", schema=postgis.schema)
    frame = read_layer(postgis.url, layer=f"{postgis.schema}.t.b")

    assert error.found == ("a", "b")
    assert frame.geometry.iloc[0] == shapely.Point(500_005, 5)
    assert codes(frame) == ["columns_left_out"]


def test_an_encoding_is_the_databases_own_affair(parks):
    refused(EncodingError, read_layer, parks.url, layer=f"{parks.schema}.parks", encoding="gbk")


squares = st.lists(
    st.tuples(
        st.integers(-(2**31), 2**31 - 1),
        st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=6),
        st.floats(allow_nan=False, allow_infinity=False),
        st.floats(490_000, 510_000),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=15)
@given(rows=squares, chunk_rows=st.integers(1, 7))
def test_what_was_put_in_comes_out(rows, chunk_rows):
    from tests.postgis import playground

    for made in playground():
        made.run("CREATE TABLE t (k serial PRIMARY KEY, n int, w text, f float8, g geometry)")
        for row in rows:
            made.run(
                "INSERT INTO t (n, w, f, g) VALUES"
                " (%s, %s, %s, ST_SetSRID(ST_Point(%s, 3380000), 4547))",
                row,
            )
        frame = read_postgis(made.url, table="t", schema=made.schema, chunk_rows=chunk_rows)

        back = zip(frame["n"], frame["w"], frame["f"], frame.geometry.x, strict=True)
        assert list(back) == rows
