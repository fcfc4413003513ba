"""Road layers: what a map draws of roads is as long as the numbers say."""

from __future__ import annotations

import pytest

from tests.quarter import ratio
from tests.test_road_gauge import GREENING, LINED, found


def test_greened_stretches_are_as_long_as_the_greening_rate_says():
    gauged = found()
    layer, rate = gauged.layers["road_greening"], ratio(gauged, GREENING)

    # 1000 m of the main road, the branch road's 400 m; the secondary road's 400 m are bare
    assert layer.length[layer["greened"]].sum() == pytest.approx(rate.numerator)
    assert layer.length.sum() == pytest.approx(rate.denominator)
    assert layer.loc[~layer["greened"], "name"].tolist() == ["府前街"]
    assert layer.geom_type.eq("LineString").all()


def test_roads_that_are_judged_are_as_long_as_the_tree_lined_share_says():
    gauged = found()
    layer, share = gauged.layers["roads"], ratio(gauged, LINED)

    assert layer.length[layer["judged"]].sum() == pytest.approx(share.denominator)
    assert layer.length[layer["shaded"]].sum() == pytest.approx(share.numerator)
    assert not layer.loc[layer["class"] == "main", "judged"].any()


def test_what_was_not_measured_is_not_drawn():
    gauged = found(vegetation=None, green=None)

    assert "road_greening" not in gauged.layers
    assert "judged" not in gauged.layers["roads"]
