"""Intervals keep their word: 95 of 100 hold the truth, drawn many times and counted exactly."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from affine import Affine
from geopandas import GeoSeries
from pyproj import CRS
from scipy.ndimage import gaussian_filter
from scipy.stats import binom
from shapely import box

from greenspace.measure.accuracy import area_estimate, stehman_estimate
from greenspace.measure.intervals import Strata, normal_quantile
from greenspace.measure.sampling import draw_sample
from greenspace.model.grid import ClassStrip, Grid
from greenspace.model.ratio import UNSEEN

DRAWS = 2000
POINTS = ((100, 100), (100, 300), (300, 100), (200, 200))
GREEN = (0.1, 0.3, 0.5, 0.7, 0.9)  # share of the ground of each stratum that is green


class Codes:
    """A ClassRaster in memory."""

    def __init__(self, codes):
        self.codes = codes.astype(np.uint8)
        height, width = codes.shape
        self.grid = Grid(width, height, Affine(1, 0, 0, 0, -1, height), CRS(6933))

    def class_strips(self, windows):
        for w in windows:
            yield ClassStrip(w, self.codes[w.row : w.row + w.height, w.col : w.col + w.width])


def held(points, weight, shares, seed):
    """Return how often the intervals of the green share, and of its accuracy, hold the truth."""
    rng = np.random.Generator(np.random.PCG64(seed))
    found = rng.binomial(points, shares, (DRAWS, 2))
    areas = np.array([weight, 1.0 - weight])
    green = areas * shares
    truth = [green.sum(), green[0] / green.sum(), green[0] + areas[1] - green[1]]
    hits = np.zeros(3)
    for draw in found:
        estimate = area_estimate(np.column_stack([draw, points - draw]), areas)
        ranges = [
            estimate.shares[0],
            estimate.producers_accuracy[0],
            estimate.overall_accuracy,
        ]
        hits += [one.low <= value <= one.high for one, value in zip(ranges, truth, strict=True)]
    return hits / DRAWS


def exact(points, weight, shares):
    """Return the probability that the interval of the green share holds it, over all outcomes."""
    first, second = (np.arange(n + 1) for n in points)
    chance = np.outer(
        binom.pmf(first, points[0], shares[0]), binom.pmf(second, points[1], shares[1])
    )
    strata = Strata(
        np.array([weight, 1.0 - weight]), np.array(points, dtype=float), normal_quantile(0.95)
    )
    truth = float(strata.weight @ np.array(shares))
    likely = np.argwhere(chance > 1e-9)
    total = 0.0
    for one, other in likely:
        share = strata.share(np.array([one / points[0], other / points[1]]))
        total += chance[one, other] * (share.low - 1e-12 <= truth <= share.high + 1e-12)
    return total


@pytest.mark.parametrize("weight", [0.1, 0.4])
@pytest.mark.parametrize("shares", [(0.9, 0.1), (0.5, 0.1)])
def test_ninety_five_of_a_hundred_hold_the_truth(weight, shares):
    rates = held(np.array([100, 100]), weight, np.array(shares), seed=1)

    assert np.all((rates >= 0.93) & (rates <= 0.97)), rates


@pytest.mark.slow
@pytest.mark.parametrize("points", POINTS)
@pytest.mark.parametrize("weight", [0.1, 0.3, 0.5, 0.9])
def test_they_do_at_every_share_from_a_tenth_to_nine(points, weight):
    for seed, shares in enumerate(product(GREEN, GREEN)):
        rates = held(np.array(points), weight, np.array(shares), seed)
        assert np.all((rates >= 0.93) & (rates <= 0.97)), (shares, rates)


@pytest.mark.slow
@pytest.mark.parametrize("points", POINTS)
@pytest.mark.parametrize("weight", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_over_all_outcomes_the_share_is_held_as_often_as_promised(points, weight):
    for shares in product(GREEN, GREEN):
        assert 0.935 <= exact(points, weight, shares) <= 0.965, shares


@pytest.mark.slow
@pytest.mark.parametrize("weight", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_good_map_never_makes_them_too_narrow(weight):
    # with errors in one point of a hundred, value and 1.96 standard errors hold only 63 % here
    for shares in product((0.9, 0.95, 0.99), (0.01, 0.05, 0.1)):
        assert exact((100, 100), weight, shares) >= 0.93, shares


DOMAINS = (  # area, points, part of the stratum in the domain, green of that part
    ((9.0, 1.0), (450, 450), (1 / 9, 1.0), (0.1, 0.9)),
    ((4.0, 6.0), (150, 150), (0.3, 0.8), (0.8, 0.1)),
    ((4.0, 6.0), (100, 100), (0.5, 0.5), (0.9, 0.1)),
    ((1.0, 9.0), (150, 350), (1.0, 0.1), (0.9, 0.05)),
    ((5.0, 4.0, 1.0), (150, 150, 150), (0.5, 0.2, 1.0), (0.3, 0.6, 0.9)),
    ((9.0, 1.0), (200, 200), (0.0, 0.5), (0.3, 0.3)),  # the large stratum lies elsewhere
    ((1.0,), (400,), (0.3,), (0.3,)),
)


@pytest.mark.parametrize("design", DOMAINS)
def test_a_domain_that_cuts_its_strata_is_held_as_often(design):
    area, points, part, green = (np.array(row) for row in design)
    weight = area / area.sum()
    truth = weight @ (part * green) / (weight @ part)
    strata = Strata(weight, points.astype(float), normal_quantile(0.95))
    rng = np.random.Generator(np.random.PCG64(5))
    cells = np.column_stack([part * green, part * (1 - green), 1 - part])
    draws = np.stack(
        [rng.multinomial(n, row, DRAWS) for n, row in zip(points, cells, strict=True)], axis=1
    )
    found = draws[:, :, 0] / points, draws[:, :, :2].sum(axis=2) / points
    spans = [strata.part(hit, inside, UNSEEN) for hit, inside in zip(*found, strict=True)]
    rate = np.mean([one.low <= truth <= one.high for one in spans])

    assert 0.93 <= rate <= 0.97, rate


@pytest.mark.slow
def test_a_sample_drawn_by_one_map_judges_another():
    # pixels of a smooth truth; the points are drawn by a map of its own errors, and judge a third
    rng = np.random.Generator(np.random.PCG64(11))
    field = gaussian_filter(rng.normal(size=(300, 300)), 4.0)
    true = field > np.quantile(field, 0.65)
    noise = gaussian_filter(rng.normal(size=(300, 300)), 2.0)
    drawn_by, judged = field + 0.3 * noise > 0.05, field - 0.3 * noise > 0.0
    raster, zone = Codes(drawn_by), GeoSeries([box(0, 0, 300, 300)], crs=6933)
    held, draws = np.zeros(3), 1000
    users, producers = (true & judged).sum() / judged.sum(), (true & judged).sum() / true.sum()
    for seed in range(draws):
        points = draw_sample(raster, zone, {0: "n", 1: "g"}, {"g": 150, "n": 150}, seed=seed)
        at = (299.5 - points["y"]).to_numpy().astype(int), points["x"].to_numpy().astype(int)
        areas = points.groupby("stratum")["stratum_area_m2"].first()
        found = stehman_estimate(points["stratum"], judged[at], true[at], areas)
        ranges = [found.shares[True], found.users_accuracy[True], found.producers_accuracy[True]]
        truths = [true.mean(), users, producers]
        held += [one.low <= value <= one.high for one, value in zip(ranges, truths, strict=True)]

    assert np.all((held / draws >= 0.93) & (held / draws <= 0.98)), held / draws
