"""Land cover tables: every shipped code has a source, a user's own table is held to its shape."""

from __future__ import annotations

import pytest

from greenspace.errors import DefinitionError, InputError
from greenspace.model.land_cover import COVERS
from greenspace.read.land_cover import list_land_covers, read_land_cover

OWN = """
id = "qinghe-2026"
[[codes]]
values = [11, 12]
cover = "tree"
name = { zh = "乔木", en = "trees" }
[[codes]]
values = [3]
cover = "none"
"""


@pytest.mark.parametrize(
    ("name", "codes", "green"),
    [  # as their makers number them: 11 classes and no data; 9 classes
        ("esa-worldcover", [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 100], [10, 20, 30, 90, 95, 100]),
        ("dynamic-world", list(range(9)), [1, 2, 3, 5]),
    ],
)  # fmt: skip
def test_the_known_tables_have_every_code_of_their_maker(name, codes, green):
    table = read_land_cover(name)
    assert table.id == name
    assert list(table.covers) == codes
    assert [code for code, c in table.covers.items() if c in {"tree", "shrub", "herb"}] == green
    assert [c for c in table.covers.values() if c == "crop"] == ["crop"]


@pytest.mark.parametrize("name", list_land_covers())
def test_every_code_has_a_mark_a_source_and_a_name_in_both_languages(name):
    for group in read_land_cover(name).groups:
        assert group.mark in {"verified", "weak", "provisional"}
        assert all("://" in source for source in group.sources)
        assert group.sources
        assert group.value.name.zh
        assert group.value.name.en


def test_trees_are_trees():
    world, dynamic = (
        read_land_cover("esa-worldcover").covers,
        read_land_cover("dynamic-world").covers,
    )
    assert (world[10], world[20], world[95], dynamic[1], dynamic[5]) == (
        "tree", "shrub", "tree", "tree", "shrub",
    )  # fmt: skip
    assert (world[80], dynamic[0]) == ("none", "none")  # water


def test_a_table_of_ones_own_is_read(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8-sig")
    for given in (path, str(path)):
        table = read_land_cover(given)
        assert table.covers == {3: "none", 11: "tree", 12: "tree"}
        assert (table.id, table.band) == ("qinghe-2026", "class")
        assert {group.mark for group in table.groups} == {"user"}


def test_codes_in_words():
    given = dict(enumerate(COVERS))
    assert read_land_cover(given).covers == given


# By refusal


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (OWN.replace('"none"', '"nothing"'), "codes[2].cover"),
        (OWN.replace("[3]", "[12]"), "the whole file"),
        (OWN.replace("[3]", "[]"), "codes[2].values"),
        (OWN.replace("[3]", "[3.5]"), "codes[2].values[1]"),
        (OWN.replace("cover =", "is ="), "codes[1].cover"),
        ("id = 'x'", "codes"),
        ("id =", None),
    ],
)
def test_a_slip_in_a_table_is_named(tmp_path, text, key):
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        read_land_cover(path)
    assert caught.value.column == key
    assert caught.value.file == str(path)


def test_a_code_given_twice_is_named(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(OWN.replace("[3]", "[12]"), encoding="utf-8")
    with pytest.raises(DefinitionError, match="12"):
        read_land_cover(path)


@pytest.mark.parametrize(
    "wrong",
    ["esa-worldcovr", "worldcover", 3, None, {}, {"1": "tree"}, {1: "trees"}, {1: None},
     {True: "tree"}, {1.0: "tree"}, ["tree"]],
    ids=str,
)  # fmt: skip
def test_what_is_no_table_is_refused_with_what_there_is(wrong):
    with pytest.raises(DefinitionError) as caught:
        read_land_cover(wrong)
    assert caught.value.expected in (list_land_covers(), COVERS)
    assert caught.value.remedy is not None


def test_a_missing_file_is_no_unknown_name(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        read_land_cover(tmp_path / "own.toml")


@pytest.mark.parametrize("text", ['[classes]\n0 = "none"\n', '[codes]\n1 = "tree"\n'])
def test_a_table_of_another_form_is_refused_with_the_right_one(tmp_path, text):
    (tmp_path / "t.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        read_land_cover(tmp_path / "t.toml")
    assert 'values = [10] and cover = "tree"' in caught.value.remedy.en
    assert caught.value.column == "codes"
