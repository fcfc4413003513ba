"""People, by hand and by refusal: whose number stands below every per-head figure."""

from __future__ import annotations

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from greenspace.errors import ColumnError, ManifestError
from greenspace.read.city import read_city
from greenspace.read.manifest import PopulationColumn
from greenspace.read.people import city_population, count_residents

X, Y = 500_000.0, 3_400_000.0
CITY = '[city]\nname = "清河"\n'
DISTRICTS = (
    '[layers.districts]\npath = "districts.gpkg"\n'
    'columns = { name = "DISTRICT", population = "POP" }\n'
)
HALVES = (box(X, Y, X + 500, Y + 1000), box(X + 500, Y, X + 1000, Y + 1000))


def districts(folder, **columns):
    names = ["东区", "西区"]
    frame = gpd.GeoDataFrame({"DISTRICT": names, **columns}, geometry=list(HALVES), crs=4547)
    frame.to_file(folder / "districts.gpkg")


@pytest.fixture
def folder(tmp_path):
    districts(tmp_path, POP=[3000, 2000])
    return tmp_path


def write(folder, *parts):
    path = folder / "city.toml"
    path.write_text("\n".join(parts), encoding="utf-8")
    return path


def refuse(error, folder, *parts):
    with pytest.raises(error) as refusal:
        read_city(write(folder, *parts))
    return refusal.value


def test_people_come_from_a_column_of_the_districts(folder):
    plain = DISTRICTS.replace(', population = "POP"', "")
    city = read_city(write(folder, CITY, 'population = { column = "POP" }', plain))

    assert city.population == 5000
    assert city.districts["population"].tolist() == [3000, 2000]


def test_another_column_than_the_districts_own_may_be_asked_for(folder):
    districts(folder, POP=[3, 2], ALL=[30, 20])
    city = read_city(write(folder, CITY, 'population = { column = "ALL" }', DISTRICTS))

    assert city.population == 50
    assert city.districts["population"].tolist() == [3, 2]


def test_without_a_number_the_districts_sum_is_taken_and_said(folder):
    city = read_city(write(folder, CITY, DISTRICTS))

    assert city.population == 5000
    assert [item.code for item in city.findings] == ["population_from_districts"]


@pytest.mark.parametrize(("stated", "codes"), [(5025, []), (5026, ["population_disagreement"])])
def test_two_populations_half_a_percent_apart_are_both_shown(folder, stated, codes):
    # 5000 in the districts: 25 of 5025 is 0.4975 %, 26 of 5026 is 0.517 %
    city = read_city(write(folder, CITY, f"population = {stated}", DISTRICTS))

    assert city.population == stated
    assert [item.code for item in city.findings] == codes


def test_a_population_raster_is_an_input_that_is_counted_later(folder):
    (folder / "pop.tif").write_bytes(b"")
    city = read_city(write(folder, CITY, 'population = { raster = "pop.tif" }'))

    assert (city.population, city.population_raster) == (None, folder / "pop.tif")
    assert [source.name for source in city.inputs if source.role == "population"] == ["pop.tif"]
    assert not city.findings


def test_a_city_without_population_is_still_a_city(folder):
    assert read_city(write(folder, CITY)).population is None


@pytest.mark.parametrize("value", ["0", "-5", "nan", "inf", '"214000"', "true", "{ colum = 'P' }"])
def test_refuses_a_population_that_is_no_number_of_people(folder, value):
    error = refuse(ManifestError, folder, CITY, f"population = {value}")

    assert "city.population" in error.problem.en


def test_refuses_a_population_column_without_districts(folder):
    error = refuse(ManifestError, folder, CITY, 'population = { column = "POP" }')

    assert (error.layer, error.column) == ("districts", "POP")


@pytest.mark.parametrize("people", [[-1, 2], [None, 2], ["many", "2"], [float("inf"), 2]])
def test_refuses_districts_whose_people_are_missing_or_negative(folder, people):
    districts(folder, POP=people)
    error = refuse(ColumnError, folder, CITY, DISTRICTS)

    assert (error.layer, error.column, error.rows) == ("districts", "population", ("东区",))


def test_refuses_districts_where_nobody_lives(folder):
    districts(folder, POP=[0, 0])

    assert refuse(ColumnError, folder, CITY, DISTRICTS).found == 0


@given(st.lists(st.floats(0, 1e7), min_size=2, max_size=2).filter(sum))
def test_the_city_has_as_many_people_as_its_districts_together(people):
    frame = gpd.GeoDataFrame({"population": people}, geometry=list(HALVES))
    total, _ = city_population(PopulationColumn(column="POP"), frame, manifest=None, file=None)

    assert total == pytest.approx(sum(people))


def test_numbers_written_as_text_are_numbers(folder):
    districts(folder, POP=["3000", "2000"])

    assert read_city(write(folder, CITY, DISTRICTS)).population == 5000


def test_refuses_yes_and_no_as_people():
    frame = gpd.GeoDataFrame({"population": [True, False]}, geometry=list(HALVES))
    with pytest.raises(ColumnError):
        count_residents(frame, "population", layer="districts", file="districts.gpkg")
