"""A schema of its own in the database that GREENSPACE_POSTGIS names; gone after the test."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterator


SQUARE = "ST_SetSRID(ST_MakeEnvelope(500000, 0, 500010, 10), 4547)"  # 10 m x 10 m, on the meridian of 114 E


@dataclass(frozen=True)
class Playground:
    url: str
    schema: str

    def run(self, statement: str, values=None) -> list[tuple]:
        """Run one statement, with the schema first on the search path."""
        with psycopg.connect(self.url) as connection:
            path = sql.SQL("SET search_path TO {}, public").format(sql.Identifier(self.schema))
            connection.execute(path)
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def as_role(self, role: str, password: str) -> str:
        """Return the address for another user."""
        return re.sub(r"://(?:[^@/]*@)?", f"://{role}:{password}@", self.url, count=1)


def playground() -> Iterator[Playground]:
    url = os.environ["GREENSPACE_POSTGIS"]
    made = Playground(url, f"try_{uuid4().hex[:12]}")
    name = sql.Identifier(made.schema)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS postgis")
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(name))
    yield made
    with psycopg.connect(url) as connection:
        connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(name))


def refused(kind, call, *args, **options):
    """Return the refusal of a call, which is one line."""
    with pytest.raises(kind) as caught:
        call(*args, **options)
    assert "\n" not in str(caught.value)
    return caught.value


def with_parks(made: Playground) -> Playground:
    """Add five parks, put in out of the order of their key."""
    made.run(
        "CREATE TABLE parks (id int PRIMARY KEY, 名称 text, people bigint, share numeric,"
        " opened date, at timestamptz, open boolean, tags jsonb, geom geometry(Polygon, 4547))"
    )
    for number in (3, 1, 5, 2, 4):
        made.run(
            "INSERT INTO parks VALUES (%s, %s, %s, 0.5, '2020-05-01', '2020-05-01 08:00+08', true,"
            f""" '{{"k": 1}}', ST_Translate({SQUARE}, %s, 0))""",
            [number, f"公园{number}", None if number == 4 else 10**15 + number, number * 100],
        )
    return made
