"""A city in memory: its layers are attributes, its images paths."""

from __future__ import annotations

import copy
import os
import pickle
from dataclasses import FrozenInstanceError
from datetime import date
from pathlib import Path

import pytest
from geopandas import GeoDataFrame
from shapely import box

from greenspace.model.city import City, ImageSpec
from greenspace.model.layers import LAYERS

PARKS = GeoDataFrame(geometry=[box(0, 0, 1, 1)], crs=6933)
NEW = ImageSpec(path=Path("new.tif"), name="new.tif", date=date(2026, 6, 1))
OLD = ImageSpec(path=Path("old.tif"), name="old.tif", date=date(2025, 6, 1))


def city(**facts):
    return City(name="清河", manifest=Path("city.toml"), **facts)


def test_layers_are_attributes_and_missing_ones_none():
    found = city(layers={"parks": PARKS})
    assert found.parks is PARKS
    assert all(getattr(found, name) is None for name in LAYERS if name != "parks")


def test_misspelt_layer_is_no_layer():
    with pytest.raises(AttributeError, match="'parcs'"):
        _ = city().parcs
    assert not hasattr(city(), "__array__")


def test_newest_image_is_the_image_and_stands_for_its_path():
    assert city().image is None
    found = city(images=(NEW, OLD))
    assert found.image is NEW
    assert os.fspath(found.image) == "new.tif"


def test_facts_are_those_that_thresholds_depend_on():
    found = city(region="north", population=5e5, construction_land_per_head_m2=96.0)
    assert found.facts == {
        "region": "north",
        "population": 5e5,
        "construction_land_per_head_m2": 96.0,
    }
    assert set(city().facts.values()) == {None}


def test_city_is_frozen_and_can_be_copied_and_sent_elsewhere():
    found = city(population=5.0, images=(NEW,))
    with pytest.raises(FrozenInstanceError):
        found.population = 6.0
    assert copy.deepcopy(found) == found
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own bytes
    assert found.vegetation_method.threshold == "otsu"
