"""Sensors: every shipped file says which band is which and where it was read; slips are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenspace.errors import DefinitionError, RasterError
from greenspace.read.definition_shape import shape
from greenspace.read.sensor_tables import MaskTable, SensorTable
from greenspace.read.sensors import (
    list_masks,
    list_sensors,
    read_mask_codes,
    read_sensor,
    require_named_files,
)

SENSORS = list_sensors()
READ = {"mark": "weak", "sources": ["a page"]}
PLAIN = {
    "id": "x",
    "name": {"zh": "甲", "en": "x"},
    "bands": {"numbers": {"red": 1, "nir": 2}, **READ},
}


def facts(sensor):
    single = (sensor.bands, sensor.files, sensor.nodata, sensor.pixel_m)
    return [fact for fact in (*single, *sensor.conversions) if fact is not None]


def test_the_sensors_are_listed_in_order():
    assert list(SENSORS) == sorted(SENSORS)
    assert {"gf1-pms", "gf1-wfv", "gf2-pms", "zy3-mux", "sentinel2-l2a", "rgb"} <= set(SENSORS)
    assert {f"landsat{n}-c2l2" for n in (5, 7, 8, 9)} <= set(SENSORS)


@pytest.mark.parametrize("name", SENSORS)
def test_every_sensor_tells_its_bands_apart(name):
    sensor = read_sensor(name)
    assert sensor.id == name
    told = (sensor.bands or sensor.files).value
    assert len(set(told.values())) == len(told)
    infrared = set() if name == "rgb" else {"nir"}
    assert {"red", "green", "blue"} | infrared <= set(told)
    assert set(sensor.masks) <= set(list_masks())


@pytest.mark.parametrize("name", SENSORS)
def test_every_fact_of_a_sensor_has_a_source(name):
    assert facts(read_sensor(name))
    for fact in facts(read_sensor(name)):
        assert all(len(source) > 20 for source in fact.sources)
        assert fact.mark == "provisional" or any("://" in source for source in fact.sources)


@pytest.mark.parametrize("name", list_masks())
def test_every_rule_of_a_mask_has_a_source(name):
    codes = read_mask_codes(name)
    assert codes.id == name
    assert codes.band >= 1
    assert all("://" in rule.sources[0] for rule in codes.rules)


def test_gaofen_2_starts_with_blue():
    assert read_sensor("gf2-pms").bands.value == {"blue": 1, "green": 2, "red": 3, "nir": 4}


def test_landsat_8_counts_its_coastal_band_and_landsat_7_has_none():
    assert read_sensor("landsat8-c2l2").files.value["red"] == "SR_B4"
    assert read_sensor("landsat7-c2l2").files.value["red"] == "SR_B3"


@pytest.mark.parametrize(
    ("baseline", "offset"),
    [("02.14", 0), ("03.01", 0), ("N0301", 0), ("04.00", -0.1), ("05.10", -0.1), ("N0511", -0.1),
     ("0510", -0.1), ("harmonized", 0)],
)  # fmt: skip
def test_the_offset_of_sentinel_2_goes_by_its_baseline(baseline, offset):
    (fact,) = read_sensor(f"sentinel2-l2a:{baseline}").conversions
    assert (fact.value.scale, fact.value.offset) == (1e-4, offset)
    assert len(read_sensor("sentinel2-l2a").conversions) == 3


@pytest.mark.parametrize("name", ["sentinel2-l2a:5.1", "sentinel2-l2a:", "sentinel2-l2a:new"])
def test_a_baseline_that_is_none_is_refused_with_those_there_are(name):
    with pytest.raises(DefinitionError, match=r"sentinel2-l2a:05\.10") as caught:
        read_sensor(name)
    assert caught.value.found == name


def test_a_sensor_without_baselines_takes_none():
    with pytest.raises(DefinitionError, match="Write gf2-pms"):
        read_sensor("gf2-pms:05.10")


@pytest.mark.parametrize("future", ["06.00", "99.99", "N0600"])
def test_a_baseline_that_nobody_knows_yet_is_refused(future):
    with pytest.raises(DefinitionError) as caught:
        read_sensor(f"sentinel2-l2a:{future}")
    assert "sentinel2-l2a:05.10" in caught.value.expected


def test_an_unknown_sensor_is_refused_with_the_nearest():
    with pytest.raises(DefinitionError, match="There is gf2-pms") as caught:
        read_sensor("gf2_pms")
    assert caught.value.found == "gf2_pms"
    assert caught.value.expected == SENSORS
    assert "gf2-pms" in caught.value.sentence("zh")
    with pytest.raises(DefinitionError, match="There is sentinel2-scl"):
        read_mask_codes("sentinel-scl")


@pytest.mark.parametrize("name", ["hubble", "", "../classes/cjjt85-2017", 3, None])
def test_a_sensor_unlike_any_is_refused_with_all(name):
    with pytest.raises(DefinitionError, match="gf1-pms, gf1-wfv, gf2-pms") as caught:
        read_sensor(name)
    assert caught.value.found == name


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"bands": {"numbers": {"red": 1, "nir": 1}, **READ}}, "bands"),
        ({"bands": {"numbers": {"red": 0}, **READ}}, "bands.numbers.red"),
        ({"bands": {"numbers": {"read": 1}, **READ}}, "bands.numbers.read"),
        ({"bands": {"numbers": {"red": 1}, "mark": "weak", "sources": []}}, "bands.sources"),
        ({"bands": {"numbers": {"red": 1}, "mark": "weak"}}, "bands.sources"),
        ({"bands": {"numbers": {"red": 1}, **READ, "mark": "sure"}}, "bands.mark"),
        ({"pixel_m": {"value": "4", **READ, "page": 3}}, "pixel_m.page"),
        ({"reflectance": [{"scale": 0.0, "offset": 0.0, "numbers": "uint16", **READ}]},
         "reflectance"),
        ({"reflectance": [{"scale": 1.0, "offset": 0.0, "numbers": "uint16", **READ}] * 2}, ""),
        ({"bands": None}, ""),
        ({"nodata": 0}, "nodata"),
    ],
)  # fmt: skip
def test_a_sensor_file_with_a_slip_is_refused_by_key(change, key):
    assert shape(SensorTable, PLAIN, "x.toml").sensor().id == "x"
    with pytest.raises(DefinitionError) as caught:
        shape(SensorTable, {**PLAIN, **change}, "x.toml")
    assert caught.value.file == "x.toml"
    assert key in (caught.value.column or "")


def test_mask_codes_without_a_rule_are_refused():
    with pytest.raises(DefinitionError) as caught:
        shape(MaskTable, {"id": "m", "name": PLAIN["name"], "unseen": []}, "m.toml")
    assert caught.value.column == "unseen"


def test_a_file_named_as_another_band_is_refused():
    sensor = read_sensor("sentinel2-l2a:05.10")
    right = {"red": "a/T50_B04_10m.jp2", "nir": "a/T50_B08_10m.jp2"}
    require_named_files(right, sensor)
    require_named_files({"red": "r.tif", "nir": "n.tif"}, sensor)
    require_named_files("B08.tif", sensor)
    with pytest.raises(RasterError, match="it is nir") as caught:
        require_named_files({"red": "a/T50_b08_10m.jp2", "nir": "n.tif"}, sensor)
    assert (caught.value.expected, caught.value.found) == ("B04", "B08")


OLD, NEW = "sentinel2-l2a:02.14", "sentinel2-l2a:05.10"
SAFE = "S2B_MSIL2A_20230615T030529_N0{}_R075_T49RGP_20230615T061013.SAFE/R10m/T49RGP_B04_10m.jp2"


@pytest.mark.parametrize("wrap", [str, Path, lambda p: [p], lambda p: {"red": [p], "nir": "n.tif"}])
def test_a_product_name_of_another_baseline_is_refused(wrap):
    require_named_files(wrap(SAFE.format("510")), read_sensor(NEW))
    require_named_files(wrap(SAFE.format("214")), read_sensor(OLD))
    for sensor in ("sentinel2-l2a", "sentinel2-l2a:harmonized", "landsat8-c2l2"):
        require_named_files(wrap(SAFE.format("510")), read_sensor(sensor))
    for sensor, said in ((OLD, "510"), (OLD, "400"), (NEW, "301")):
        with pytest.raises(RasterError, match="their offsets differ") as caught:
            require_named_files(wrap(SAFE.format(said)), read_sensor(sensor))
        assert caught.value.found == f"0{said[0]}.{said[1:]}"
        assert f"sentinel2-l2a:0{said[0]}.{said[1:]}" in caught.value.remedy.en
