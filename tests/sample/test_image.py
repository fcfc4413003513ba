"""An image measured with plain NumPy gives back what the shapes say."""

from __future__ import annotations

import numpy as np
import pytest
from rasterio.features import rasterize

from greenspace.sample.image import BANDS, CLOUD, CLOUD_SHADOW, STEP


def ndvi(image) -> np.ndarray:
    bands = dict(zip(BANDS, image.pixels.astype(float), strict=True))
    total = bands["nir"] + bands["red"]
    return (bands["nir"] - bands["red"]) / np.where(total == 0, np.nan, total)


def otsu(values: np.ndarray) -> float:
    """Return the threshold of the greatest variance between classes, from sorted values."""
    ordered = np.sort(values)[::16]
    count = np.arange(1, len(ordered))
    below = np.cumsum(ordered)[:-1]
    share = count / len(ordered)
    apart = ordered.mean() * share - below / len(ordered)
    return float(ordered[np.argmax(apart**2 / (share * (1 - share)))])


def inside(image, shape) -> np.ndarray:
    return rasterize([shape], image.pixels.shape[1:], transform=image.transform) == 1


def coverage(image, shape) -> float:
    index, seen = ndvi(image), image.seen
    return float((index[inside(image, shape) & seen] > otsu(index[seen])).mean())


def test_newer_image_shows_the_true_coverage(full):
    measured = coverage(full.images[0], full.layers["built_up"].geometry.iloc[0])

    assert measured == pytest.approx(full.truth["city"]["green_coverage"], abs=0.005)


def test_older_image_shows_the_true_coverage_of_its_day(full):
    measured = coverage(full.images[1], full.layers["built_up"].geometry.iloc[0])

    assert measured == pytest.approx(full.truth["older"]["green_coverage"], abs=0.005)


def test_districts_are_green_as_the_shapes_say(full):
    districts = full.layers["districts"].geometry
    for truth, shape in zip(full.truth["district"], districts, strict=True):
        measured = coverage(full.images[0], shape)
        assert measured == pytest.approx(truth["green_coverage"], abs=0.012), truth["name"]


def test_small_images_come_near_the_truth(small):
    # half of a small city is edge: mixed pixels weigh more than in the full one
    measured = coverage(small.images[0], small.layers["built_up"].geometry.iloc[0])

    assert measured == pytest.approx(small.truth["city"]["green_coverage"], abs=0.015)


def test_cloud_and_missing_corner_bite_into_the_built_up_area(city):
    image = city.images[0]
    zone = inside(image, city.layers["built_up"].geometry.iloc[0])
    missing = np.all(image.pixels == 0, axis=0)

    assert set(np.unique(image.mask)) == {0, CLOUD, CLOUD_SHADOW}
    assert missing[zone].mean() == pytest.approx(0.005, abs=0.001)
    assert 0.004 < (image.mask[zone] == CLOUD).mean() < 0.015
    assert (image.mask[zone] > 0).mean() < 0.025
    assert not (image.mask[~zone] > 0).any()
    unseen = city.truth["city"]["unseen_m2"] / city.truth["city"]["built_up_m2"]
    assert (~image.seen)[zone].mean() == pytest.approx(unseen, abs=0.001)


def test_older_image_has_no_cloud_and_misses_nothing_of_the_city(city):
    image = city.images[1]

    assert image.mask is None
    assert not image.seen.all()
    assert image.seen[inside(image, city.layers["built_up"].geometry.iloc[0])].all()


def test_older_image_lacks_a_park(full):
    park = full.layers["parks"].query("NAME == '南苑公园'").geometry.iloc[0].buffer(-4)
    newer, older = full.images

    assert ndvi(newer)[inside(newer, park)].mean() > 0.5
    assert ndvi(older)[inside(older, park)].mean() < 0.2


def test_water_is_darker_in_the_infrared_than_in_red(full):
    image = full.images[0]
    river = full.layers["water"].query("NAME == '清河'").geometry.iloc[0].buffer(-6)
    open_water = inside(image, river) & image.seen
    roads = full.layers["roads"].geometry.buffer(40).union_all()

    assert np.median(ndvi(image)[open_water & ~inside(image, roads)]) < -0.2


def test_values_are_multiples_of_the_step_and_zero_means_missing_in_every_band(city):
    for image in city.images:
        assert (image.pixels % STEP == 0).all()
        assert ((image.pixels == 0).any(axis=0) == (image.pixels == 0).all(axis=0)).all()
