"""Rows of a user's file that enter no number: what they change is cited, told, or refused."""

from __future__ import annotations

import pytest

from greenspace.errors import DefinitionError
from greenspace.read.definitions import read_profile

SOURCE = 'source = { document = "文号", page = 7 }'
ROW = 'extends = "CN-2005"\n[[criterion]]\nindicator = "{}"\nlevel = "basic"\n'


def own(folder, text, name="own.toml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder, text, name="own.toml"):
    with pytest.raises(DefinitionError) as error:
        read_profile(own(folder, text, name))
    return error.value


@pytest.mark.parametrize("key", ['operator = ">"', "gate = false", "mandatory = false"])
def test_how_a_number_is_held_is_cited_and_told(tmp_path, key):
    text = ROW.format("green_coverage") + key
    assert refused(tmp_path, text).column == "criterion green_coverage/basic.source"

    profile = read_profile(own(tmp_path, f"{text}\n{SOURCE}"))
    row = next(c for c in profile.criteria if c.indicator == "green_coverage")
    assert "(user)" in row.note.en
    assert "文号 p. 7" in row.note.en
    marks = {threshold.mark for threshold in row.thresholds if threshold.values}
    assert (marks == {"user"}) is key.startswith("operator")


@pytest.mark.parametrize(
    ("indicator", "line", "key"),
    [
        ("service_coverage", 'tiers_source = { document = "x", page = 1 }', ".tiers_source"),
        ("service_coverage", 'tiers_mark = "user"', ".tiers_mark"),
        ("green_coverage", SOURCE, ".source"),
        ("green_coverage", "", ""),
    ],
)
def test_a_row_that_enters_nothing_is_refused(tmp_path, indicator, line, key):
    error = refused(tmp_path, ROW.format(indicator) + line)
    assert error.column == f"criterion {indicator}/basic{key}"


@pytest.mark.parametrize(
    "source",
    ['document = " ", page = 3', 'document = "文号", page = " "', 'document = "x", page = 0'],
)
def test_a_blank_document_or_page_is_none(tmp_path, source):
    error = refused(
        tmp_path, ROW.format("green_coverage") + f"value = 0.4\nsource = {{ {source} }}"
    )
    assert error.column == "criterion green_coverage/basic.source"


def test_a_file_without_rows_is_refused(tmp_path):
    assert refused(tmp_path, 'extends = "CN-2022"\ncriterion = []\n').column == "criterion"


@pytest.mark.parametrize("name", ["cn-2022", "\uff23\uff2e-2022"])
def test_an_id_that_reads_like_one_of_the_library_is_refused(tmp_path, name):
    text = ROW.format("green_coverage") + f"value = 0.4\n{SOURCE}\n"
    assert refused(tmp_path, f'id = "{name}"\n{text}').column == "id"
    assert refused(tmp_path, text, f"{name}.toml").column == "id"


@pytest.mark.parametrize("name", ["", " own", "own\\u001b[31m"])
def test_an_id_that_cannot_be_shown_is_refused(tmp_path, name):
    text = ROW.format("green_coverage") + f"value = 0.4\n{SOURCE}\n"
    assert refused(tmp_path, f'id = "{name}"\n{text}').column == "id"


@pytest.mark.parametrize(
    ("when", "sound"),
    [
        ("population_min = 1_000_000, population_max = 5", False),
        ("population_min = 5, population_below = 5", False),
        ("population_above = 5, population_max = 5", False),
        ("population_below = 0", False),
        ("population_min = 5, population_max = 5", True),
        ("population_min = 5, construction_land_per_head_m2_max = 1", True),
    ],
)
def test_conditions_that_no_city_meets_are_refused(tmp_path, when, sound):
    text = f"{ROW.format('green_coverage')}{SOURCE}\n[[criterion.threshold]]\nwhen = {{ {when} }}\nvalue = 0.3\n"
    if sound:
        read_profile(own(tmp_path, text))
    else:
        assert refused(tmp_path, text).column == "criterion green_coverage/basic.threshold.when"


def test_a_number_below_one_for_every_city_is_refused(tmp_path):
    text = ROW.format("green_coverage") + SOURCE + "\n[[criterion.threshold]]\nvalue = 0.9\n"
    text += '[[criterion.threshold]]\nwhen = { region = "south" }\nvalue = 0.01\n'
    assert refused(tmp_path, text).column == "criterion green_coverage/basic.threshold"


def test_extends_with_a_level_is_told_where_levels_stand(tmp_path):
    error = refused(tmp_path, ROW.format("green_coverage").replace("CN-2005", "CN-2022:eco"))
    assert (error.column, error.expected) == ("extends", "CN-2022")


def test_what_a_file_lacks_is_said_in_chinese_alone(tmp_path):
    for line in ('value = "x"', "value = nan", "value = 0.4\nvalues = [0.4]", "gate = 3"):
        said = refused(tmp_path, ROW.format("green_coverage") + f"{line}\n{SOURCE}").problem.zh
        assert "Input should" not in said
        assert " a " not in said
    assert "第 1 行" in refused(tmp_path, "x y").problem.zh
