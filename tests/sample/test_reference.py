"""The reference points: where they lie, what they say, and that chance drew them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from rasterio.features import rasterize
from scipy.stats import binomtest, chisquare

from greenspace.sample.truth import _unseen


def ground(city):
    """Return the built-up ground that the newest image shows."""
    return city.layers["built_up"].geometry.iloc[0].difference(_unseen(city.images[0]))


def test_committed_points_are_those_of_the_default_seed(full, sample_city):
    stored = gpd.read_file(sample_city.parent / "reference.gpkg", layer="reference")

    assert stored.crs == full.reference.crs
    assert stored["reference"].tolist() == full.reference["reference"].tolist()
    assert shapely.equals_exact(stored.geometry, full.reference.geometry, 1e-6).all()


def test_every_point_lies_on_built_up_ground_that_the_image_shows(city):
    points = city.reference

    assert len(points) == 400
    assert points["ID"].tolist() == list(range(1, 401))
    assert shapely.dwithin(ground(city), points.geometry.to_numpy(), 1e-6).all()


def test_a_point_is_green_where_a_plant_stands(city):
    plants = shapely.union_all(city.layers["vegetation"].geometry.to_numpy())
    green = shapely.intersects(plants, city.reference.geometry.to_numpy())

    assert (city.reference["reference"] == np.where(green, "green", "not_green")).all()


def test_points_are_green_as_often_as_the_ground_is(city):
    # one of five cities leaves its 99.9 % interval by chance once in 200 runs; the seeds are fixed
    shown = ground(city)
    plants = shapely.union_all(city.layers["vegetation"].geometry.to_numpy())
    truth = plants.intersection(shown).area / shown.area
    green = int((city.reference["reference"] == "green").sum())

    assert binomtest(green, 400, truth).pvalue > 0.001


def test_points_spread_evenly_over_the_districts(full):
    shown = ground(full)
    expected = np.array(
        [shown.intersection(zone).area for zone in full.layers["districts"].geometry]
    )
    places = gpd.sjoin(full.reference, full.layers["districts"], predicate="within")
    found = places["DISTRICT"].value_counts()[full.layers["districts"]["DISTRICT"]]

    assert chisquare(found, expected / expected.sum() * found.sum()).pvalue > 0.001


def test_no_point_lies_in_a_cloud(full):
    image = full.images[0]
    xy = shapely.get_coordinates(full.reference.geometry.to_numpy())
    cells = rasterize(
        shapely.points(xy), image.mask.shape, transform=image.transform, dtype="uint8"
    )

    assert (cells == 1).sum() > 390  # a few share a pixel
    assert not (image.mask[cells == 1] != 0).any()
