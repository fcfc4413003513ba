"""Sensors: every shipped file says which band is which, and a slip of the pen is named."""

from __future__ import annotations

import pytest

from greenspace.errors import DefinitionError
from greenspace.prepare.vegetation import INDICES
from greenspace.read.sensors import list_sensors, read_sensor


def test_the_sensors_are_listed_in_order():
    assert list(list_sensors()) == sorted(list_sensors())
    assert {"gf1-pms", "gf2-pms"} <= set(list_sensors())


@pytest.mark.parametrize("name", list_sensors())
def test_every_sensor_numbers_the_bands_of_every_index_once_from_one(name):
    bands = read_sensor(name)
    assert min(bands.values()) >= 1
    assert len(set(bands.values())) == len(bands)
    for index in INDICES.values():
        assert set(index.bands) <= set(bands)


def test_gaofen_2_starts_with_blue():
    assert read_sensor("gf2-pms") == {"blue": 1, "green": 2, "red": 3, "nir": 4}


def test_an_unknown_sensor_is_refused_with_the_nearest():
    with pytest.raises(DefinitionError, match="There is gf2-pms") as caught:
        read_sensor("gf2_pms")
    assert caught.value.found == "gf2_pms"
    assert caught.value.expected == list_sensors()
    assert "gf2-pms" in caught.value.sentence("zh")


@pytest.mark.parametrize("name", ["hubble", "", "../classes/cjjt85-2017", 3, None])
def test_a_sensor_unlike_any_is_refused_with_all(name):
    with pytest.raises(DefinitionError, match="gf1-pms, gf2-pms") as caught:
        read_sensor(name)
    assert caught.value.found == name
