"""Blocks: every piece of residential land belongs to one row, and overlaps are told."""

from __future__ import annotations

import pytest
from geopandas import GeoDataFrame
from shapely import box, union_all

from greenspace.prepare.blocks import disjoint_blocks


def land(*shapes):
    return GeoDataFrame(geometry=list(shapes), crs=6933, index=range(10, 10 + len(shapes)))


def test_blocks_that_only_touch_are_left_alone():
    given = land(box(0, 0, 1, 1), box(1, 0, 2, 1))
    blocks, findings = disjoint_blocks(given)
    assert blocks is given
    assert findings == ()


def test_overlap_is_counted_once_in_rows_of_the_same_order():
    # 30 x 10 and 20 x 10 share 10 x 10, which stays with the smaller; the third repeats the second
    given = land(box(0, 0, 30, 10), box(20, 0, 40, 10), box(20, 0, 40, 10))
    blocks, (finding,) = disjoint_blocks(given)
    assert blocks.area.tolist() == [200, 200, 0]
    assert blocks.index.tolist() == [10, 11, 12]
    assert blocks.area.sum() == pytest.approx(union_all(given.geometry.to_numpy()).area)
    # pair by pair: twice 100 with the first, 200 between the twins
    assert (finding.code, finding.layer, finding.area_m2) == ("overlap", "residential", 400)
