"""Heads of point tables: the code, the name and the zone mean one CRS, or the table is refused."""

import pytest

from greenspace.errors import CrsError
from greenspace.model.crs import parse_crs
from greenspace.model.gauss_kruger import codes, zone_of
from greenspace.read.point_head import crs_of_table

ZH = "3 度带第 38 带，中央子午线 114°，Y 含带号 38"
EN = "3-degree zone 38, central meridian 114°, Y begins with 38"
NAME = "CGCS2000 / 3-degree Gauss-Kruger zone 38"
BARE = "CGCS2000 / 3-degree Gauss-Kruger CM 114E"
BARE_ZH = "3 度带，中央子午线 114°，Y 不含带号"
BARE_EN = "3-degree zone, central meridian 114°, Y without the zone's number"


def read(crs, zone="", given=None):
    return crs_of_table({"crs": (crs,), "zone": (zone,)}, given, "points.csv")


@pytest.mark.parametrize(
    ("name", "code", "zone"),
    [(NAME, 4526, ZH), (NAME, 4526, EN), (BARE, 4547, BARE_ZH), (BARE, 4547, BARE_EN)],
)
def test_a_head_that_is_of_one_mind_says_the_crs(name, code, zone):
    assert read(f"{name} (EPSG:{code})", zone).to_epsg() == code


@pytest.mark.parametrize(
    ("name", "code", "zone"),
    [
        (BARE, 4548, BARE_ZH),  # zone 117° by its code
        ("CGCS2000", 4548, BARE_ZH),
        ("CGCS2000", 4548, BARE_EN),
        (BARE, 4548, ""),
        (NAME, 4527, ""),
        ("CGCS2000", 4526, BARE_ZH),  # a number before Y, or none
        ("CGCS2000", 4547, ZH),
        ("CGCS2000", 4547, EN),
        ("CGCS2000", 4508, "6 度带，中央子午线 114°"),
        ("CGCS2000", 4508, BARE_ZH),
        ("Xian 1980 / 3-degree Gauss-Kruger CM 114E", 4547, ""),
        ("WGS 84 / UTM zone 50N", 32650, BARE_EN),  # its meridian is 117°
        ("EPSG:4526,", 4547, ""),
    ],
)
def test_a_head_that_contradicts_itself_is_refused(name, code, zone):
    with pytest.raises(CrsError) as caught:
        read(f"{name} (EPSG:{code})", zone)
    assert caught.value.remedy is not None
    assert caught.value.found


def test_a_zone_in_the_head_is_held_against_a_crs_that_is_given():
    assert read("", BARE_ZH, given=4547).to_epsg() == 4547
    with pytest.raises(CrsError):
        read("", BARE_ZH, given=4548)


def test_no_registered_zone_contradicts_its_own_name():
    for name, code in list(codes().items())[::12]:
        if zone_of(parse_crs(code)) is not None:
            assert read(f"{name} ({code})") == parse_crs(code)
