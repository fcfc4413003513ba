"""TOML files: the remedy is about what is wrong, not about what a comment or a name holds."""

from __future__ import annotations

import pytest

from greenspace.errors import ManifestError
from greenspace.read.toml_file import read_toml


def refused(tmp_path, text):
    path = tmp_path / "city.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ManifestError) as error:
        read_toml(path)
    return error.value


@pytest.mark.parametrize(
    "line",
    [
        "population = 10,000  # 万人，常住",
        "name = '清河，新区' x",
        'name = "“清河” # 一" x',
        "population = 1x # '，",
    ],
)
def test_a_comma_in_a_comment_or_in_quotes_is_not_what_is_wrong(tmp_path, line):
    error = refused(tmp_path, f"[city]\n{line}\n")

    assert error.found[0] == 2
    assert error.remedy.en == "Correct that line."


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("name = “清河” # 名，称", "“"),
        ('columns = { name = "名“称"，class = "c" }', "，"),
        ('name \uff1d "清河"', "\uff1d"),
    ],
)
def test_one_outside_is(tmp_path, line, mark):
    assert mark in refused(tmp_path, f"[layers]\n{line}\n").remedy.zh
