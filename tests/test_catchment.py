"""Access to parks for layers as they come: by hand, against dense sums, by what must not matter."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from shapely import MultiPolygon, Point, box

import greenspace as gs
from greenspace.errors import ColumnError, InputError
from greenspace.measure.access import kernel_weights

CRS = "EPSG:4547"
X, Y = 500_000.0, 3_400_000.0


def at(*bounds):
    return box(X + bounds[0], Y + bounds[1], X + bounds[2], Y + bounds[3])


def layer(shapes, crs=CRS, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=crs)


def homes(*places, persons):
    return layer([Point(X + x, Y + y) for x, y in places], P=list(persons))


PARKS = layer([at(0, 0, 100, 100), at(300, 0, 400, 100)])
HOMES = homes((150, 50), (200, 50), (250, 50), persons=(10, 20, 30))


def access_of(parks=PARKS, demand=HOMES, radius_m=120.0, **how):
    return gs.catchment_access(parks, demand, population="P", radius_m=radius_m, **how)


def codes(found):
    return {finding.code: finding for finding in found.attrs["findings"]}


# --- by hand


def test_two_parks_and_three_homes():
    # west park: homes at 50 and 100 m, 30 persons; east: homes at 100 and 50 m, 50 persons
    found = access_of(method="2sfca")
    west, east = 10_000 / 30, 10_000 / 50
    assert found["access"].tolist() == pytest.approx([west, west + east, east])
    assert found["parks_reached"].tolist() == [1, 2, 1]
    assert (found["access"] * found["residents"]).sum() == pytest.approx(20_000)


def test_gaussian_by_hand():
    near, far = kernel_weights(np.array([50.0, 100.0]), 120.0)
    west = 10_000 / (10 * near + 20 * far)
    east = 10_000 / (20 * far + 30 * near)
    expected = [near * west, far * (west + east), near * east]
    assert access_of()["access"].tolist() == pytest.approx(expected)


def test_blocks_are_reached_at_their_middle():
    # the middle of the block is 40 m from the park, its edge 10 m
    block = layer([at(110, 0, 170, 100)], P=[10])
    assert access_of(demand=block, radius_m=39)["access"].tolist() == [0]
    assert access_of(demand=block, radius_m=41, method="2sfca")["access"].tolist() == [1000]


def test_middle_of_a_crescent_lies_in_it():
    around = at(110, 0, 310, 200).difference(at(120, 10, 310, 190))
    found = access_of(demand=layer([around], P=[10]), radius_m=16, method="2sfca")
    assert found["parks_reached"].tolist() == [1]  # its centroid lies 110 m from either


def test_ground_of_two_parks_is_handed_out_once():
    parks = layer([at(0, 0, 100, 100), at(50, 0, 150, 100)])
    found = access_of(parks, homes((160, 50), persons=[10]), method="2sfca")
    assert found["access"].tolist() == [1500]


# --- what is undefined, and told


def test_home_without_a_park_has_none_and_is_told():
    found = access_of(demand=homes((150, 50), (900, 50), persons=(10, 7)))
    assert found["access"].iloc[1] == 0
    assert codes(found)["no_park_in_reach"].rows == (1,)


def test_park_without_people_is_told_and_its_empty_home_undefined():
    found = access_of(demand=homes((150, 50), (420, 50), persons=(10, 0)))
    assert np.isnan(found["access"].iloc[1])
    idle = codes(found)["parks_without_people"]
    assert (idle.rows, idle.area_m2) == ((1,), 10_000)
    assert codes(found)["access_undefined"].rows == (1,)


def test_rows_without_a_shape_keep_their_place():
    blocks = layer([at(110, 0, 130, 9), MultiPolygon(), None], P=[10, 5, 1])
    blocks.index = ["a", "b", "a"]
    with pytest.warns(gs.errors.DataWarning):
        found = access_of(demand=blocks, method="2sfca")
    assert found.index.tolist() == ["a", "b", "a"]
    assert found["access"].tolist()[0] == 1000
    assert found["access"].isna().tolist() == [False, True, True]


def test_points_without_a_place_keep_their_residents_and_can_be_shared_out():
    demand = layer([None, Point(X + 150, Y + 50), Point(X + np.inf, Y), Point()], P=[20, 10, 3, 4])
    with pytest.warns(gs.errors.DataWarning):
        found = access_of(demand=demand, method="2sfca")
    assert found["residents"].tolist() == [20, 10, 3, 4]
    assert found["access"].tolist() == pytest.approx([np.nan, 1000, np.nan, np.nan], nan_ok=True)
    assert found["parks_reached"].tolist() == [0, 1, 0, 0]
    with pytest.warns(gs.errors.DataWarning):
        assert gs.fairness(found).mean == pytest.approx(1000)


def test_nothing_of_the_callers_is_changed():
    before = HOMES.copy(deep=True)
    found = access_of()
    assert_frame_equal(HOMES, before)
    assert found.crs == HOMES.crs
    assert found.columns.tolist() == ["P", "geometry", "access", "residents", "parks_reached"]


# --- any CRS, and people from elsewhere


def test_degrees_are_projected_and_give_the_same():
    plain = access_of()
    found = access_of(PARKS.to_crs(4326), HOMES.to_crs(4326), crs=CRS)
    assert found["access"].tolist() == pytest.approx(plain["access"].tolist(), rel=1e-6)
    assert found.crs.to_epsg() == 4326


def test_people_of_a_raster_reach_parks(tmp_path):
    path = tmp_path / "people.tif"
    how = {"driver": "GTiff", "height": 1, "width": 2, "count": 1, "dtype": "float32", "crs": CRS}
    with rasterio.open(
        path, "w", **how, transform=Affine(100, 0, X + 100, 0, -100, Y + 100)
    ) as file:
        file.write(np.array([[[30.0, 50.0]]], dtype=np.float32))
    blocks = layer([at(110, 0, 170, 100), at(230, 0, 290, 100)])
    for population in (path, str(path)):
        found = gs.catchment_access(
            PARKS, blocks, population=population, radius_m=60, method="2sfca"
        )
        assert found["residents"].tolist() == pytest.approx([30, 50])
        assert found["access"].tolist() == pytest.approx([10_000 / 30, 200])
    assert any(source.role == "population" for source in found.attrs["sources"])


def test_people_of_a_layer_reach_parks():
    blocks = layer([at(110, 0, 170, 100), at(230, 0, 290, 100)])
    people = layer([at(100, 0, 300, 100)], population=[80]).to_crs(4326)
    found = gs.catchment_access(PARKS, blocks, population=people, radius_m=60)
    assert found["residents"].tolist() == pytest.approx([40, 40], rel=1e-6)


@pytest.mark.parametrize("population", [1000, None, "Q"])
def test_population_that_does_not_say_who_lives_where_is_refused(population):
    blocks = layer([at(110, 0, 170, 100)], P=[10])
    with pytest.raises((InputError, ColumnError)):
        gs.catchment_access(PARKS, blocks, population=population, radius_m=60)


def test_layer_of_people_cannot_be_spread_over_points():
    with pytest.raises(InputError):
        gs.catchment_access(PARKS, HOMES, population=HOMES, radius_m=60)


def test_file_of_people_cannot_be_spread_over_points_however_it_is_named():
    for population in ("people.tif", "folder/people"):
        with pytest.raises(InputError) as refused:
            gs.catchment_access(PARKS, HOMES, population=population, radius_m=60)
        assert refused.value.expected == "a column name"


def test_refusal_lists_the_callers_own_columns():
    with pytest.raises(ColumnError) as refused:
        gs.catchment_access(PARKS, HOMES, population="Q", radius_m=60)
    assert (refused.value.layer, refused.value.found) == ("demand", ("P", "geometry"))


@pytest.mark.parametrize("population", [np.int64(3), [1, 2], gpd.pd.Series([1])])
def test_population_that_is_no_column_layer_or_raster_is_refused(population):
    with pytest.raises(InputError) as refused:
        gs.catchment_access(PARKS, layer([at(0, 0, 9, 9)]), population=population, radius_m=60)
    assert refused.value.found == type(population).__name__


@pytest.mark.filterwarnings("ignore::greenspace.errors.DataWarning")
def test_residents_without_a_shape_are_told():
    blocks, people = [at(110, 0, 170, 100)], [at(110, 0, 170, 100), None]
    demand = layer([Point(X + 150, Y + 50), None], P=[10, 41])
    for told in (
        access_of(demand=demand).attrs["findings"],
        gs.residents_served(PARKS, layer(people, P=[10, 41]), "P").findings,
        gs.residents_served(PARKS, layer(blocks), layer(people, population=[10, 41])).findings,
    ):
        lost = next(item for item in told if item.code == "residents_without_shape")
        assert (lost.rows, "41 persons" in lost.text.en) == ((1,), True)


def test_ground_that_nobody_is_given_counts_once():
    parks = layer([at(0, 0, 100, 100), at(50, 0, 150, 100)])
    found = access_of(parks, homes((5000, 0), persons=[9]))
    assert codes(found)["parks_without_people"].area_m2 == 15_000


def test_park_at_the_edge_where_weight_is_0_is_not_reached():
    found = access_of(PARKS.iloc[:1], homes((220, 50), (150, 50), persons=(9, 1)))
    assert found["parks_reached"].tolist() == [0, 1]
    assert codes(found)["no_park_in_reach"].rows == (0,)
    throughout = access_of(PARKS.iloc[:1], homes((220, 50), persons=[9]), method="2sfca")
    assert throughout["parks_reached"].tolist() == [1]


def test_blocks_given_twice_are_told():
    blocks = layer([at(110, 0, 170, 100)] * 2, P=[10, 10])
    assert codes(access_of(demand=blocks))["places_overlap"].area_m2 == 6000


@pytest.mark.parametrize("bad", [-3, np.nan])
def test_negative_and_missing_residents_are_refused_with_their_rows(bad):
    with pytest.raises(ColumnError) as refused:
        access_of(demand=homes((150, 50), (160, 50), persons=(10, bad)))
    assert tuple(refused.value.rows) == (1,)


# --- properties

PLACES = st.lists(
    st.tuples(st.floats(-300, 700), st.floats(-300, 400), st.integers(0, 90)),
    min_size=1,
    max_size=9,
)


@given(PLACES, st.sampled_from(["2sfca", "e2sfca", "gaussian", "density", "exponential"]))
def test_sparse_access_is_that_of_dense_sums_and_all_reached_ground_is_handed_out(rows, method):
    demand = homes(*[(x, y) for x, y, _ in rows], persons=[p for *_, p in rows])
    found = access_of(demand=demand, method=method, radius_m=250)
    parks, points = PARKS.geometry.to_numpy(), demand.geometry.to_numpy()
    distance = shapely.distance(points[:, None], parks[None, :])
    weights = kernel_weights(distance.ravel(), 250.0, method).reshape(distance.shape)
    persons = demand["P"].to_numpy(dtype=float)
    people = persons @ weights
    ratio = np.where(people > 0, 10_000 / np.where(people > 0, people, 1), 0)
    lived = persons > 0
    assert found["access"][lived].tolist() == pytest.approx((weights @ ratio)[lived], rel=1e-9)
    handed = (found["access"].fillna(0) * found["residents"]).sum()
    assert handed == pytest.approx(10_000 * (people > 0).sum(), rel=1e-9)


@given(st.floats(-5e4, 5e4), st.floats(-5e4, 5e4))
def test_shift_of_everything_changes_nothing(east, north):
    moved = [frame.set_geometry(frame.translate(east, north), crs=CRS) for frame in (PARKS, HOMES)]
    assert access_of(*moved)["access"].tolist() == pytest.approx(access_of()["access"], rel=1e-6)
