"""Parameters, tiers and units of a definition file: what a user's own may hold, and what it may not."""

from __future__ import annotations

import pytest

from greenspace.errors import DefinitionError
from greenspace.read.definition_parameters import APPLIED, ROADS
from greenspace.read.definitions import list_profiles, read_profile
from greenspace.read.roads import read_road_classes

SOURCE = 'source = { document = "文号", page = 7 }'
HEAD = 'extends = "CN-2022"\n[[criterion]]\nindicator = "service_coverage"\nlevel = "garden"\n'
ROAD = 'extends = "CN-2022"\n[[criterion]]\nindicator = "tree_lined_road_share"\nlevel = "garden"\n'
PARAMETER = '[[criterion.parameter]]\nname = "canopy_min"\nvalue = 0.8\nunit = "1"\nmark = "user"\n'


def own(folder, text):
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_parameter_of_ones_own_takes_the_place_of_the_printed_one(tmp_path):
    profile = read_profile(own(tmp_path, ROAD + PARAMETER + SOURCE))
    row = next(c for c in profile.at("garden") if c.indicator == "tree_lined_road_share")
    found = {item.name: item for item in row.parameters}

    assert (found["canopy_min"].value, found["canopy_min"].mark) == (0.8, "user")
    assert found["canopy_min"].source.clause == "p. 7"
    assert found["road_classes"].value == ("secondary", "branch")
    assert (row.thresholds[0].values, row.thresholds[0].mark) == ((0.70,), "provisional")


@pytest.mark.parametrize(
    ("text", "key", "found"),
    [
        (ROAD + PARAMETER, "parameter canopy_min.source", None),
        (
            ROAD + PARAMETER.replace('"user"', '"verified"') + SOURCE,
            "parameter canopy_min.mark",
            "verified",
        ),
        (ROAD + PARAMETER.replace("0.8", "80") + SOURCE, "parameter canopy_min.value", 80.0),
        (ROAD + PARAMETER.replace("0.8", "nan") + SOURCE, "parameter canopy_min.value", None),
        (ROAD + PARAMETER.replace('"1"', '"km"') + SOURCE, "parameter canopy_min.unit", "km"),
        (ROAD + 'value = 0.7\nunit = "m"\n' + SOURCE, "unit", "m"),
        (ROAD + f"value = 70\n{SOURCE}", "value", (70.0,)),
        (HEAD + f"tiers = [[400, 300], [2000, 200]]\ntiers_{SOURCE}", "tiers", None),
        (HEAD + f"tiers = [[400, 300], [400, 500]]\ntiers_{SOURCE}", "tiers", None),
        (HEAD + f"tiers = [[400, 0]]\ntiers_{SOURCE}", "tiers", None),
    ],
)
def test_what_cannot_hold_is_refused_by_row_and_key(tmp_path, text, key, found):
    path = own(tmp_path, text)
    with pytest.raises(DefinitionError) as refused:
        read_profile(path)

    assert refused.value.file == str(path)
    assert refused.value.column.partition("/garden.")[2] == key
    assert refused.value.expected is not None
    assert found is None or refused.value.found == found


def test_a_number_that_no_class_has_is_refused(tmp_path):
    text = f'extends = "LU-AN"\n[[criterion]]\nindicator = "surface_water_class"\nlevel = "target"\nvalue = 7\n{SOURCE}'
    with pytest.raises(DefinitionError) as refused:
        read_profile(own(tmp_path, text))
    assert (refused.value.expected, refused.value.found) == ((1, 6), 7.0)


def test_an_overlay_does_not_say_a_row_twice(tmp_path):
    row = ROAD.partition("\n")[2] + f"value = 0.7\n{SOURCE}\n"
    with pytest.raises(DefinitionError) as refused:
        read_profile(own(tmp_path, f'extends = "CN-2022"\n{row}{row}'))
    assert refused.value.found == "two rows"


def test_a_row_does_not_say_a_parameter_twice(tmp_path):
    with pytest.raises(DefinitionError) as refused:
        read_profile(own(tmp_path, f"{ROAD}{PARAMETER}{SOURCE}\n{PARAMETER}{SOURCE}\n"))
    assert refused.value.found == "two of them"


@pytest.mark.parametrize(
    ("wrong", "key", "near"),
    [
        ('mark = "user"', "criterion[1].parameter[1].mark", "'provisional'"),
        ('unit = "1"', "criterion[1].parameter[1].unt", "unit"),
    ],
)
def test_a_bad_mark_or_key_is_told_the_nearest(tmp_path, wrong, key, near):
    put = {'mark = "user"': 'mark = "provsional"', 'unit = "1"': 'unt = "1"'}[wrong]
    with pytest.raises(DefinitionError) as refused:
        read_profile(own(tmp_path, ROAD + PARAMETER.replace(wrong, put) + SOURCE))
    assert refused.value.column == key
    assert near in refused.value.expected


def test_a_unit_that_agrees_is_welcome(tmp_path):
    profile = read_profile(own(tmp_path, ROAD + f'value = 0.75\nunit = "1"\n{SOURCE}'))
    row = next(c for c in profile.at("garden") if c.indicator == "tree_lined_road_share")
    assert row.thresholds[0].values == (0.75,)


def test_a_parameter_that_nothing_reads_is_told_the_nearest(tmp_path):
    with pytest.raises(DefinitionError) as refused:
        read_profile(own(tmp_path, ROAD + PARAMETER.replace("canopy_min", "canopy_mni") + SOURCE))
    assert refused.value.expected[0] == "canopy_min"
    assert refused.value.found == "canopy_mni"


def test_a_setting_that_no_profile_has_may_be_entered(tmp_path):
    sides = '[[criterion.parameter]]\nname = "sides"\nvalue = "mean"\nmark = "user"\n'
    profile = read_profile(own(tmp_path, ROAD + sides + SOURCE))
    row = next(c for c in profile.at("garden") if c.indicator == "tree_lined_road_share")
    assert {item.name: item.value for item in row.parameters}["sides"] == "mean"


def parameter(name, value, *, unit=""):
    lines = [f'name = "{name}"', f"value = {value}", 'mark = "user"', SOURCE]
    lines += [f'unit = "{unit}"'] if unit else []
    return "[[criterion.parameter]]\n" + "\n".join(lines) + "\n"


def row_of(base, indicator, level):
    return f'extends = "{base}"\n[[criterion]]\nindicator = "{indicator}"\nlevel = "{level}"\n'


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("canopy_min", '"high"', "value"),
        ("canopy_min", "90", "value"),
        ("canopy_min", "0", "value"),
        ("road_classes", '["boulevard"]', "value"),
        ("road_classes", '"branch"', "value"),
        ("road_classes", "[]", "value"),
        ("excluded_road_classes", "1", "value"),
        ("sides", "5", "value"),
        ("sides", '"sum"', "value"),
        ("without_footways", '"x"', "value"),
    ],
)
def test_a_value_that_no_method_could_apply_is_refused_without_a_unit_too(
    tmp_path, name, value, key
):
    path = own(tmp_path, ROAD + parameter(name, value))
    with pytest.raises(DefinitionError) as refused:
        read_profile(path)
    assert refused.value.file == str(path)
    assert refused.value.column == f"criterion tree_lined_road_share/garden.parameter {name}.{key}"
    assert refused.value.expected == APPLIED["tree_lined_road_share"][name].expected
    assert refused.value.found is not None


def test_a_number_without_a_unit_has_that_of_its_method(tmp_path):
    profile = read_profile(own(tmp_path, ROAD + parameter("canopy_min", "0.8")))
    row = next(c for c in profile.at("garden") if c.indicator == "tree_lined_road_share")
    assert {item.name: item.unit for item in row.parameters}["canopy_min"] == "1"


@pytest.mark.parametrize(
    ("base", "indicator", "level", "name"),
    [
        ("LU-AN", "green_coverage", "target", "planned_population"),
        ("3-30-300", "park_within_300_m", "basic", "within_m"),
        ("GB50180-2018", "living_circle_15_service", "new", "within_most_m"),
    ],
)
def test_a_parameter_that_is_only_printed_is_refused(tmp_path, base, indicator, level, name):
    path = own(tmp_path, row_of(base, indicator, level) + parameter(name, "10"))
    with pytest.raises(DefinitionError) as refused:
        read_profile(path)
    assert "nothing is measured by it" in refused.value.problem.en
    assert refused.value.found == name


@pytest.mark.parametrize(
    ("head", "names"),
    [
        (HEAD, [("historic_radius_m", "200")]),
        (ROAD, [("excluded_road_classes", '["expressway"]')]),  # CN-2022 names those that count
    ],
)
def test_a_parameter_that_another_makes_idle_is_refused(tmp_path, head, names):
    text = head + "".join(parameter(*name) for name in names)
    with pytest.raises(DefinitionError):
        read_profile(own(tmp_path, text))


def test_words_of_roads_are_those_of_the_class_table():
    known = read_road_classes()
    assert set(ROADS.words) == set(known.names)
    assert set(APPLIED["road_green_compliance"]["width_table"].words) == set(known.widths)


def test_every_applied_parameter_of_the_library_fits_its_own_kind():
    found = {
        (row.indicator, item.name)
        for profile in list_profiles()
        for row in profile.criteria
        for item in row.parameters
        if item.name in APPLIED.get(row.indicator, {})
    }
    assert len(found) > 25  # the reading itself held each against its kind
