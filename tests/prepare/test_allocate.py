"""Populations: taken as they are, or refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from geopandas import GeoDataFrame
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from greenspace.errors import ColumnError, InputError
from greenspace.prepare.allocate import persons, persons_of_zones


def zones(values, index=None):
    shapes = [box(i, 0, i + 1, 1) for i in range(len(values))]
    return GeoDataFrame({"POP": values}, geometry=shapes, crs=6933, index=index)


# --- by hand


@pytest.mark.parametrize("number", [0, 1200, 1200.5, np.int64(7), np.float32(2.5)])
def test_numbers_stay(number):
    assert persons(number) == float(number)
    assert isinstance(persons(number), float)


@pytest.mark.parametrize(
    "values",
    [
        [3, 0, 12],
        [3.0, 0.0, 12.0],
        ["3", "0", " 12 "],
        pd.array([3, 0, 12], dtype="Int64"),
        pd.array([3, 0, 12], dtype="Float64"),
    ],
)
def test_columns_of_any_numeric_kind_stay_in_order(values):
    found = persons_of_zones(zones(values), "POP")
    assert found.tolist() == [3, 0, 12]
    assert found.dtype == np.float64


@given(values=st.lists(st.floats(0, 1e9), max_size=8))
def test_sum_and_input_are_kept(values):
    layer = zones(values)
    assert persons_of_zones(layer, "POP").sum() == pytest.approx(sum(values), rel=1e-9)
    assert layer["POP"].tolist() == values


# --- by refusal


@pytest.mark.parametrize("wrong", [-1, -0.001, np.nan, np.inf, True, "1200", None, [1]])
def test_what_is_no_population_is_refused(wrong):
    with pytest.raises(InputError) as caught:
        persons(wrong)
    assert caught.value.found is wrong
    assert caught.value.problem.zh
    assert caught.value.problem.en
    assert caught.value.remedy is not None


def test_missing_column_is_refused_with_those_there_are():
    with pytest.raises(ColumnError) as caught:
        persons_of_zones(zones([1]), "pop")
    error = caught.value
    assert (error.layer, error.column, error.found) == ("zones", "pop", ("POP", "geometry"))
    assert "POP" in error.remedy.en
    assert "POP" in error.remedy.zh


@pytest.mark.parametrize("wrong", [None, np.nan, np.inf, -5, "many", "1,200"])
def test_missing_negative_and_worded_populations_are_refused_by_row(wrong):
    layer = zones([4, wrong, 5, wrong], index=["a", "b", "c", "d"])
    with pytest.raises(ColumnError) as caught:
        persons_of_zones(layer, "POP")
    error = caught.value
    assert (error.layer, error.column, error.rows) == ("zones", "POP", ("b", "d"))
    assert error.problem.zh
    assert error.problem.en


@pytest.mark.parametrize(
    "column",
    [
        pd.to_datetime(["2020-01-01"]),
        pd.to_datetime(["2020-01-01"]).astype(object),
        pd.to_timedelta([5], unit="s"),
        [1 + 2j],
        [True],
        np.array([True], dtype=object),
        pd.array([True], dtype="boolean"),
    ],
)
def test_dates_spans_and_truth_values_are_no_persons(column):
    with pytest.raises(ColumnError) as caught:
        persons_of_zones(zones(column), "POP")
    assert caught.value.rows == (0,)


def test_numbers_in_a_column_of_objects_or_categories_stay():
    for column in (pd.Categorical(["3"]), np.array([np.int64(3)], dtype=object)):
        assert persons_of_zones(zones(column), "POP").tolist() == [3.0]


def test_a_geometry_is_no_population():
    with pytest.raises(ColumnError) as caught:
        persons_of_zones(zones([1]), "geometry")
    assert caught.value.column == "geometry"


@pytest.mark.parametrize("column", [[1], 5, None, "人口"])
def test_what_names_no_single_column_is_refused(column):
    twice = GeoDataFrame([[1, 2, box(0, 0, 1, 1)]], columns=["人口", "人口", "geometry"], crs=6933)
    with pytest.raises(ColumnError):
        persons_of_zones(twice, column)
