"""What a PostGIS refuses, and what it does while it dies, is one sentence; nothing changes in it."""

from __future__ import annotations

import threading
import time

import pytest

from greenspace import read_layer, read_postgis
from greenspace.errors import ColumnError, CrsError, GeometryError, InputError
from tests.postgis import refused

pytestmark = pytest.mark.postgis


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("DELETE FROM {}.parks RETURNING *", InputError),
        ("SELECT 1) AS picked; DROP TABLE {}.parks; --", InputError),
        ("SELECT * FROM {}.parks; COMMIT; DROP TABLE {}.parks", InputError),
        ("WITH gone AS (DELETE FROM {}.parks RETURNING *) SELECT * FROM gone", InputError),
        ("SELECT {}.purge(), geom FROM {}.parks", InputError),
        ("SELECT id / 0 AS n, geom FROM {}.parks", InputError),
        ("SELECT * FROM {}.nothing", InputError),
        ("SELECT 'infinity'::date AS d, geom FROM {}.parks", InputError),
        ("SELECT id FROM {}.parks", GeometryError),
        ("SELECT geom, geom AS other FROM {}.parks", GeometryError),
        ("SELECT id, id, geom FROM {}.parks", ColumnError),
        ("SELECT geom FROM {}.parks WHERE id = %(missing)s", InputError),
    ],
)
def test_a_query_that_will_not_do_is_one_sentence_and_changes_nothing(parks, query, kind):
    parks.run(
        "CREATE FUNCTION purge() RETURNS int LANGUAGE sql AS 'DELETE FROM "
        f"{parks.schema}.parks RETURNING id'"
    )

    error = refused(
        kind, read_postgis, parks.url, query=query.replace("{}", parks.schema), parameters={"a": 1}
    )

    assert error.remedy is not None
    assert parks.run("SELECT count(*) FROM parks") == [(5,)]


@pytest.fixture
def stranger(parks):
    """The address of a user who may log in and nothing else."""
    role = f"stranger_{parks.schema}"
    parks.run(f"CREATE ROLE {role} LOGIN PASSWORD 'let9me'")
    yield parks.as_role(role, "let9me")
    parks.run(f"DROP ROLE {role}")


def test_a_table_without_the_right_to_read_it_is_refused(parks, stranger):
    error = refused(InputError, read_layer, stranger, layer=f"{parks.schema}.parks")

    assert "GRANT" in error.remedy.en
    assert "let9me" not in str(error)


def test_a_wrong_password_is_refused_and_not_said(parks, stranger):
    wrong = stranger.replace("let9me", "let9you")

    error = refused(InputError, read_layer, wrong, layer=f"{parks.schema}.parks")

    assert "PGPASSWORD" in error.remedy.en
    assert "let9you" not in error.sentence("zh") + error.sentence("en")


def test_a_database_that_goes_away_in_the_middle_leaves_one_sentence_and_no_frame(parks):
    def kill():
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if parks.run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE query LIKE 'FETCH%' AND pid IN (SELECT pid FROM pg_locks"
                f" WHERE relation = '{parks.schema}.parks'::regclass)"  # and of no other test's
            ):
                return
            time.sleep(0.05)

    killer = threading.Thread(target=kill)
    killer.start()
    slow = f"SELECT id, geom, pg_sleep(0.2)::text AS nap FROM {parks.schema}.parks a,"
    error = refused(
        InputError,
        read_postgis,
        parks.url,
        query=f"{slow} generate_series(1, 40)",
        chunk_rows=2,
    )
    killer.join()

    assert "lost" in error.problem.en
    assert len(read_postgis(parks.url, table="parks", schema=parks.schema)) == 5


def test_a_date_without_end_is_refused_with_its_column(parks):
    with pytest.raises(ColumnError) as caught:
        read_postgis(
            parks.url, query=f"SELECT 'infinity'::date AS d, id, geom FROM {parks.schema}.parks"
        )
    assert caught.value.column == "d"


def test_a_query_without_rows_says_so(parks):
    with pytest.raises(CrsError, match="no rows"):
        read_postgis(parks.url, query=f"SELECT * FROM {parks.schema}.parks WHERE false")


def test_a_table_without_its_schema_is_suggested_with_it(parks):
    parks.run("CREATE TABLE q (g geometry(Point, 4547))")
    with pytest.raises(InputError) as caught:
        read_layer(parks.url, layer="q")
    assert f"{parks.schema}.q" in caught.value.remedy.en
