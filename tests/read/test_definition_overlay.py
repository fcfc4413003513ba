"""A user's own definition file: what it may enter, and what a badly formed one is told."""

from __future__ import annotations

import pytest

from greenspace.errors import DefinitionError
from greenspace.model.definition import Citation, Condition
from greenspace.read.definitions import read_profile

OWN_SOURCE = 'source = { document = "建城[2022]2号", page = 12 }'


def own_file(folder, text, name="office.toml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_an_overlay_enters_the_offices_own_numbers_and_leaves_the_rest(tmp_path):
    base = read_profile("CN-2022")
    profile = read_profile(
        own_file(
            tmp_path,
            f"""
            extends = "CN-2022"
            [[criterion]]
            indicator = "green_space_ratio"
            level = "garden"
            value = 0.38
            {OWN_SOURCE}
            [[criterion]]
            indicator = "service_coverage"
            level = "garden"
            tiers = [[400, 300]]
            tiers_source = {{ document = "建城[2022]2号", clause = "表 1" }}
            """,
        )
    )
    rows = {(c.indicator, c.level): c for c in profile.criteria}
    ratio, service = rows["green_space_ratio", "garden"], rows["service_coverage", "garden"]

    assert profile.id == "office"
    assert (ratio.thresholds[0].values, ratio.thresholds[0].mark) == ((0.38,), "user")
    assert ratio.thresholds[0].source == Citation(document="建城[2022]2号", clause="p. 12")
    assert (ratio.gate, ratio.operator) == (True, ">=")
    assert (service.tiers, service.tiers_mark) == (((400.0, 300.0),), "user")
    assert (service.thresholds[0].values, service.thresholds[0].mark) == ((0.85,), "provisional")
    untouched = [c for c in profile.criteria if c not in (ratio, service)]
    assert untouched == [
        c
        for c in base.criteria
        if c.indicator not in (ratio.indicator, service.indicator) or c.level != "garden"
    ]


WHOLE = f"""
id = "OFFICE-1"
title = {{ zh = "本地标准", en = "Local standard" }}
document = "本地文件"
levels = ["basic"]
[level_names]
basic = {{ zh = "基本", en = "basic" }}
[[criterion]]
indicator = "green_coverage"
level = "basic"
operator = ">="
{OWN_SOURCE}
[[criterion.threshold]]
when = {{ population_min = 200_000, region = "north" }}
value = 0.37
[[criterion.threshold]]
value = 0.40
"""


def test_a_whole_profile_of_the_users_own_is_marked_user(tmp_path):
    row = read_profile(own_file(tmp_path, WHOLE)).criteria[0]

    assert [t.mark for t in row.thresholds] == ["user", "user"]
    assert row.thresholds[0].when == (
        Condition(fact="region", operator="==", value="north"),
        Condition(fact="population", operator=">=", value=200_000.0),
    )


def test_a_file_with_a_byte_order_mark_is_read(tmp_path):
    path = tmp_path / "bom.toml"
    path.write_bytes(b"\xef\xbb\xbf" + WHOLE.encode())
    assert read_profile(path).id == "OFFICE-1"


@pytest.mark.parametrize(
    ("before", "after", "key", "expected", "found"),
    [
        (
            'operator = ">="',
            'operator = "=>"',
            "criterion[1].operator",
            "'>=', '>', '<=' or '<'",
            "=>",
        ),
        ('operator = ">="', 'operater = ">="', "criterion[1].operator", "operator", None),
        (
            'level = "basic"\nop',
            'level = "basic"\nmandatry = true\nop',
            "criterion[1].mandatry",
            ("mandatory",),
            "mandatry",
        ),
        (
            'levels = ["basic"]',
            'levels = "basic"',
            "levels",
            "a list",
            "basic",
        ),
        (
            '"green_coverage"',
            '"green_covrage"',
            "criterion green_covrage/basic.indicator",
            ("green_coverage",),
            "green_covrage",
        ),
        (
            'level = "basic"\nop',
            'level = "basics"\nop',
            "criterion green_coverage/basics.level",
            ("basic",),
            "basics",
        ),
        ("value = 0.40", "value = 40.0", "criterion green_coverage/basic.value", "0 to 1", (40.0,)),
        (
            "value = 0.40",
            'value = "40%"',
            "criterion[1].threshold[2].value",
            "a number",
            "40%",
        ),
        ("value = 0.40", "value = nan", "criterion[1].threshold[2]", None, None),
        (
            "value = 0.40",
            "values = [0.3, 0.4, 0.5]",
            "criterion green_coverage/basic.values",
            "0 to 2 numbers",
            (0.3, 0.4, 0.5),
        ),
        ("value = 0.40", "values = []", "criterion green_coverage/basic.note", "a note", None),
        (
            "value = 0.40",
            'value = 0.40\nmark = "verified"',
            "criterion green_coverage/basic.mark",
            "user",
            "verified",
        ),
        (
            "page = 12",
            'address = "[6]"',
            "criterion green_coverage/basic.source",
            "document and page or clause",
            {"document": "建城[2022]2号", "address": "[6]"},
        ),
        (
            'operator = ">="',
            'operator = "<="',
            "criterion green_coverage/basic.operator",
            (">=", ">"),
            "<=",
        ),
        ('id = "OFFICE-1"', 'id = "CN-2022"', "id", "an id of your own", "CN-2022"),
        ("basic = { zh", "other = { zh", "level_names", ("basic",), ("other",)),
        (
            'region = "north"',
            'region = "East"',
            "criterion[1].threshold[1].when.region",
            "'north' or 'south'",
            "East",
        ),
    ],
)
def test_a_badly_formed_file_is_told_file_key_expected_and_found(
    tmp_path, before, after, key, expected, found
):
    assert before in WHOLE
    path = own_file(tmp_path, WHOLE.replace(before, after, 1))

    with pytest.raises(DefinitionError) as refused:
        read_profile(str(path))

    assert (refused.value.file, refused.value.column) == (str(path), key)
    if isinstance(expected, tuple):
        assert refused.value.expected[: len(expected)] == expected  # the nearest first
    else:
        assert expected is None or refused.value.expected == expected
    assert found is None or refused.value.found == found
    assert str(path) in refused.value.sentence("zh")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (
            'extends = "CN-2022"\n[[criterion]]\nindicator = "heat_island"\nlevel = "garden"\nvalue = 2.0\n'
            + OWN_SOURCE,
            "criterion heat_island/garden.operator",
        ),
        (
            'extends = "CN-2022"\n[[criterion]]\nindicator = "green_coverage"\nlevel = "garden"\nvalue = 0.4',
            "criterion green_coverage/garden.source",
        ),
        (
            'extends = "CN-2022"\n[[criterion]]\nindicator = "service_coverage"\nlevel = "garden"\ntiers = [[400, 300]]',
            "criterion service_coverage/garden.tiers_source",
        ),
        (
            'extends = "CN-2022"\n[[criterion]]\nindicator = "heat_island"\nlevel = "garden"\noperator = "<="\nsource = { document = "文号", page = 1 }',
            "criterion heat_island/garden.value",
        ),
        (
            'extends = "CN-2022"\n[[criterion]]\nindicator = "green_coverage"\nlevel = "garden"\nvalue = 0.4\nvalues = [0.4]\n',
            "criterion[1]",
        ),
        (
            'extends = "CN-2022"\n[[criterion]]\nindicator = "service_coverage"\nlevel = "garden"\ntiers = [[400]]\n',
            "criterion[1]",
        ),
    ],
)
def test_an_overlay_that_says_too_little_is_refused(tmp_path, text, key):
    with pytest.raises(DefinitionError) as refused:
        read_profile(own_file(tmp_path, text))
    assert refused.value.column == key


def test_two_rows_of_one_level_may_not_judge_the_same_indicator(tmp_path):
    row = WHOLE[WHOLE.index("[[criterion]]") :]
    with pytest.raises(DefinitionError, match="twice"):
        read_profile(own_file(tmp_path, WHOLE + row))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("title = '园林'".encode("gb18030"), "utf-8"),
        (rb'extends = "D:\data"', "TOML"),
        (b'extends = "CN-2023"\ncriterion = []', ("CN-2022", "CN-2010", "CN-2005")),
    ],
)
def test_a_file_that_cannot_be_read_is_told_why(tmp_path, content, expected):
    path = tmp_path / "own.toml"
    path.write_bytes(content)
    with pytest.raises(DefinitionError) as refused:
        read_profile(path)
    found = refused.value.expected
    assert set(found) >= {expected[0]} if isinstance(expected, tuple) else found == expected


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(DefinitionError) as refused:
        read_profile(tmp_path / "none.toml")
    assert refused.value.file == str(tmp_path / "none.toml")
