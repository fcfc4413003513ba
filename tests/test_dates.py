"""One city at several dates: what is compared, told, refused, and written."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import geopandas as gpd
import pytest
from openpyxl import load_workbook
from shapely import box
from typer.testing import CliRunner

import greenspace as gs
from greenspace.cli import app
from greenspace.errors import InputError
from greenspace.model.city import City
from greenspace.model.source import Source
from greenspace.model.trajectory import Baseline
from greenspace.present.dates_files import dates_html
from greenspace.present.record import check_json
from greenspace.present.write import write_run

X, Y = 500_000.0, 3_400_000.0


def rect(west, south, east, north):
    return box(X + west, Y + south, X + east, Y + north)


def layer(*shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=4547)


def city(year, park_side=200.0, east=0.0, **facts):
    """A square of 1 km2 with one park, 5 000 persons, and as much green as `park_side` says."""
    park = rect(east, 0, east + park_side, park_side)
    known = {
        "name": "方城",
        "manifest": Path(f"city_{year}.toml"),
        "date": date(year, 12, 31),
        "standard": "GB55014-2021",
        "population": 5000.0,
        "population_basis": "城区人口",
        "editions": {"green": "2017", "parks": "2017"},
        "layers": {
            "built_up": layer(rect(east, 0, east + 1000, 1000)),
            "parks": layer(park, **{"class": ["G11"], "name": ["a"]}),
            "green": layer(park, **{"class": ["G11"], "name": ["a"]}),
            "residential": layer(rect(east + 300, 0, east + 900, 900)),
        },
    }
    return City(**{**known, **facts})


def rows(found, indicator="park_area_per_capita"):
    return found.table.set_index("indicator").loc[[indicator]]


def folder_of(one, tmp_path):
    """What a check writes of a city, without its pictures."""
    folder = tmp_path / str(one.date.year)
    folder.mkdir()
    (folder / "check.json").write_text(check_json(gs.check(one)), encoding="utf-8")
    write_run({"manifest": "city.toml"}, folder, datetime(2026, 1, 1, tzinfo=UTC))
    return folder


def codes(found):
    return {finding.code for finding in found.findings}


@pytest.fixture(scope="module")
def found():
    last = city(
        2026,
        250.0,
        baseline=Baseline(year=2019, amounts={"park_area_per_capita": 7.0}),
        targets={2027: {"park_area_per_capita": 13.0}},
    )
    return gs.compare_dates([last, city(2020, 200.0), city(2023, 240.0)])


def test_dates_stand_in_order_with_values_verdicts_and_changes(found):
    # 4, 5.76 and 6.25 ha of park for 5 000 persons
    table = rows(found)
    assert list(table["date"]) == ["2020-12-31", "2023-12-31", "2026-12-31"]
    assert table["value"].tolist() == pytest.approx([8.0, 11.52, 12.5])
    assert table["verdict"].tolist() == ["fail", "pass", "pass"]  # 8.0 is not above 8.0
    assert table["change"].tolist()[1:] == pytest.approx([3.52, 0.98])
    assert table["change_per_year"].tolist()[1:] == pytest.approx([3.52 / 3, 0.98 / 3])
    whole = found.steps["park_area_per_capita"][-1]
    assert (whole.start.year, whole.end.year) == (2020, 2026)
    assert whole.change == pytest.approx(4.5)


def test_the_plan_of_the_latest_date_gives_the_course(found):
    course = next(c for c in found.trajectory.courses if c.indicator == "park_area_per_capita")
    assert course.start == (2020.0, 7.0)
    assert course.planned == pytest.approx(7.0 + 6.0 * 7 / 8)
    assert course.state == "on_course"
    assert len(course.sights) == 3


def test_another_basis_of_the_population_is_no_progress():
    changed = gs.compare_dates([city(2020), city(2026, 250.0, population_basis="常住人口")])
    assert "differing_population_basis" in codes(changed)
    (step,) = changed.steps["park_area_per_capita"]
    assert step.change is None
    assert step.reason is not None
    (ratio,) = changed.steps["green_space_ratio"]
    assert ratio.change == pytest.approx(0.0225)


def test_another_edition_is_no_progress():
    old = city(2020, editions={"green": "2002", "parks": "2017"})
    changed = gs.compare_dates([old, city(2026, 250.0)])
    assert "differing_edition" in codes(changed)
    assert changed.steps["green_space_ratio"][0].change is None


def test_another_name_is_told():
    assert "differing_names" in codes(gs.compare_dates([city(2025), city(2026, name="方城市")]))


def test_another_method_is_told_with_its_indicators_and_claims_no_progress():
    def sourced(year, *roles):
        sources = tuple(Source(role=role, name="a.gpkg", layer=role) for role in roles)
        return city(year, inputs=sources)

    plain = ("parks", "built_up", "green")
    changed = gs.compare_dates([sourced(2020, *plain), sourced(2026, *plain, "construction_land")])
    step = changed.steps["green_space_ratio"][0]
    assert step.change == 0.0
    assert "construction_land" in step.caution.en
    assert changed.steps["park_area_per_capita"][0].caution is None
    told = [f for f in changed.findings if f.code == "differing_method"]
    assert "green_space_ratio" in told[0].indicators
    assert "construction_land" in rows(changed, "green_space_ratio")["reason_en"].iloc[1]


def test_the_level_that_is_the_default_is_the_same_standard(tmp_path):
    folder = folder_of(city(2020, standard="CN-2010"), tmp_path)
    both = gs.compare_dates([folder, city(2026)], standard="CN-2010:basic")
    assert {one.standard for one in both.dates} == {"CN-2010"}


def test_a_latest_date_without_the_layer_leaves_the_course_unknown():
    layers = {name: layer for name, layer in city(2026).layers.items() if name != "green"}
    plan = {2025: {"green_space_ratio": 0.03}, 2027: {"green_space_ratio": 0.05}}
    found = gs.compare_dates([city(2020), city(2026, layers=layers, targets=plan)])
    course = next(c for c in found.trajectory.courses if c.indicator == "green_space_ratio")
    assert (course.state, course.value) == ("undetermined", None)
    assert [view.years_left for view in course.targets] == [None, 1.0]


def test_indicators_of_some_dates_only_are_told():
    layers = {k: v for k, v in city(2020).layers.items() if k != "green"}
    some = gs.compare_dates([city(2020, layers=layers), city(2026)])
    told = [f for f in some.findings if f.code == "differing_indicators"]
    assert ("green_space_ratio",) in [f.indicators for f in told]


@pytest.mark.parametrize(
    "cities",
    [
        [city(2020)],
        [city(2020, date=None), city(2026)],
        [city(2020), city(2026, east=20_000.0)],
        [city(2020, name="圆城", east=20_000.0), city(2026)],
        [city(2020, east=600.0), city(2026)],
        [city(2026), city(2026, 250.0)],
    ],
    ids=["one", "undated", "elsewhere", "another", "beside", "one_day"],
)
def test_what_cannot_be_compared_is_refused(cities):
    with pytest.raises(InputError) as caught:
        gs.compare_dates(cities)
    assert caught.value.remedy is not None


def test_all_dates_are_judged_by_one_standard():
    early = city(2020, standard="CN-2010")
    both = gs.compare_dates([early, city(2026)])
    assert {one.standard for one in both.dates} == {"GB55014-2021"}
    assert "differing_standard" in codes(both)
    asked = gs.compare_dates([early, city(2026)], standard="CN-2005")
    assert asked.standard == "CN-2005"


def test_a_folder_of_results_stands_for_its_city(tmp_path):
    early, last = city(2020), city(2026, 250.0)
    folder = folder_of(early, tmp_path)
    direct, read = gs.compare_dates([early, last]), gs.compare_dates([folder, last])
    same = ["indicator", "date", "value", "verdict", "change"]
    assert read.table[same].equals(direct.table[same])
    with pytest.raises(InputError) as caught:
        gs.compare_dates([folder, last], standard="CN-2005")
    assert caught.value.expected == "CN-2005"
    record = folder / "check.json"
    damaged = json.loads(record.read_text(encoding="utf-8"))
    for spoilt in ("{", "[]", json.dumps({**damaged, "verdicts": 7})):
        record.write_text(spoilt, encoding="utf-8")
        with pytest.raises(InputError):
            gs.compare_dates([folder, last])


def test_everything_is_written_or_nothing(found, tmp_path):
    folder = found.write(tmp_path / "out", language="en")
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {
        "comparison.html",
        "comparison.csv",
        "comparison.json",
        "comparison.xlsx",
        "run.json",
        "charts/trajectory.png",
    } <= names
    page = (folder / "comparison.html").read_text(encoding="utf-8")
    assert "+4.50 m²/person" in page
    assert "on course" in page
    record = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
    assert [one["date"] for one in record["dates"]] == ["2020-12-31", "2023-12-31", "2026-12-31"]
    assert record["plan"]["targets"] == {"2027": {"park_area_per_capita": 13.0}}
    (course,) = [c for c in record["trajectory"] if c["targets"]]
    assert (course["targets"][0]["state"], course["targets"][0]["value"]) == ("open", 13.0)
    assert course["targets"][0]["needed_m2"] == pytest.approx(2500.0)  # 0.5 m2 for 5 000 persons
    book = load_workbook(folder / "comparison.xlsx")
    assert book["dates"].max_row == len(found.table) + 1
    assert [cell.value for cell in book["trajectory"][2]][10] == 13.0
    assert "mark" in found.table
    with pytest.raises(InputError):
        found.write(tmp_path / "out")


def test_words_of_a_manifest_are_escaped(found):
    evil = replace(found.dates[-1].city, name="<b>x</b>")
    marked = replace(found, dates=(*found.dates[:-1], replace(found.dates[-1], city=evil)))
    assert "<b>x</b>" not in dates_html(marked, "zh")


def test_the_command_refuses_one_date_with_the_next_step(tmp_path):
    told = CliRunner().invoke(app, ["compare", str(tmp_path / "a.toml"), "--lang", "en"])
    assert told.exit_code == 2
    assert "city_2026.toml" in told.output


def test_a_supplied_number_with_a_target_takes_part_where_no_row_asks_for_it():
    plan = {
        "supplied": {"road_area_per_capita": 8.0},
        "targets": {2027: {"road_area_per_capita": 9.0}},
    }
    found = gs.compare_dates([city(2025, **plan), city(2026, **plan)])
    course = next(c for c in found.trajectory.courses if c.indicator == "road_area_per_capita")
    assert (course.value, course.targets[0].needed_m2) == (8.0, None)


def own_standard(folder, value):
    folder.mkdir(exist_ok=True)
    path = folder / "own.toml"
    path.write_text(
        'extends = "CN-2016"\nid = "own"\n[[criterion]]\nindicator = "green_space_ratio"\n'
        f'level = "garden"\noperator = ">="\nvalue = {value}\nmark = "user"\n'
        'source = { document = "文号", page = 7 }\n',
        encoding="utf-8",
    )
    return str(path)


def test_results_by_a_standard_of_ones_own_compare_by_its_label(tmp_path):
    own = own_standard(tmp_path / "a", 0.10)
    folders = [folder_of(city(year, standard=own), tmp_path) for year in (2020, 2026)]
    manifest = city(2023, standard=own)
    for several, standard in (
        (folders, None),
        (folders, "own"),
        (folders, own),
        ([folders[0], manifest], None),
        ([folders[0], manifest], own),
        ([manifest, folders[1]], None),
    ):
        found = gs.compare_dates(several, standard=standard)
        assert {one.standard for one in found.dates} == {"own"}
        assert not {code for code in codes(found) if code.startswith("differing_standard")}
    for standard in ("CN-2016", "other"):
        with pytest.raises(InputError) as caught:
            gs.compare_dates(folders, standard=standard)
        assert caught.value.found == "own"


def test_standards_of_one_name_and_another_content_are_told(tmp_path):
    first, last = own_standard(tmp_path / "a", 0.10), own_standard(tmp_path / "b", 0.01)
    folder = folder_of(city(2020, standard=first), tmp_path)
    other = city(2026, standard=last)
    for several in ([folder, other], [folder, folder_of(other, tmp_path)]):
        (told,) = (f for f in gs.compare_dates(several).findings if "standard" in f.code)
        assert (told.code, told.severity) == ("differing_standard_file", "warning")


def test_supplied_numbers_have_one_course_from_manifests_and_from_folders(tmp_path):
    plan = {"targets": {2027: {"road_area_per_capita": 9.0}}}
    cities = [
        city(year, supplied={"road_area_per_capita": value, "green_space_ratio": 0.9}, **plan)
        for year, value in ((2024, 7.0), (2026, 8.0))
    ]
    a, b = (folder_of(one, tmp_path) for one in cities)
    seen = [
        gs.compare_dates(several) for several in (cities, [a, b], [a, cities[1]], [cities[0], b])
    ]
    for found in seen:
        (step,) = found.steps["road_area_per_capita"]
        course = next(c for c in found.trajectory.courses if c.indicator == step.indicator)
        assert (step.change, step.caution) == (1.0, None)
        assert [sight.ratio.value for sight in course.sights] == [7.0, 8.0]
        assert course.targets[0].needed_m2 is None
        assert found.dates[0].ratios["green_space_ratio"].value == pytest.approx(0.04)
        assert found.steps == seen[0].steps
        assert found.findings == seen[0].findings
