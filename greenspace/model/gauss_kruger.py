"""Gauss–Krüger: the zones of Chinese maps, with and without a number before the easting.

Question   Which zone is this CRS, and which one do these eastings belong to?
Enters     A CRS; an easting and a northing.
Leaves     Zones, their EPSG codes as PROJ's database has them, and whether a point is near.
Elsewhere  Refusing what does not fit: model/place. Choosing a zone to measure in: model/crs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from pyproj.database import query_crs_info
from pyproj.enums import PJType

from greenspace.model.crs import parse_crs, place_of

if TYPE_CHECKING:
    from pyproj import CRS

DATUMS = {  # a piece of the datum's name, in small letters, to how EPSG calls its zones
    "new beijing": "New Beijing",
    "new_beijing": "New Beijing",
    "beijing": "Beijing 1954",
    "xian": "Xian 1980",
    "china 2000": "CGCS2000",
    "china_2000": "CGCS2000",
    "cgcs": "CGCS2000",
    "china geodetic": "CGCS2000",
    "china_geodetic": "CGCS2000",
}
OLD_DATUMS = ("New Beijing", "Beijing 1954", "Xian 1980")
NEEDED = {"Longitude of natural origin", "False easting"}
HALF_ZONE_M = 500_000.0
ZONE_M = 1_000_000.0
LATITUDES = (15.0, 54.5)
WIDE, NARROW = range(13, 24), range(25, 46)
NARROW_STEP = 3
FARTHEST_DEGREES = {3: 7.5, 6: 6.0}  # a zone number is taken at its word up to here
FARTHEST_WITHOUT_NUMBER = 10.0
NAMED = re.compile(r"^[\w ]+ / (3-degree )?Gauss-Kruger (zone \d+|CM \d+E)$")


@dataclass(frozen=True, slots=True)
class Zone:
    """One Gauss–Krüger zone.

    Attributes
    ----------
    datum
        As EPSG begins the zone's name: ``CGCS2000``, ``Xian 1980``, ``Beijing 1954``, ...
    step
        Its width, 3 or 6 degrees.
    meridian
        The central one, in degrees east.
    number
        What is written before the easting; ``None`` where nothing is.
    """

    datum: str
    step: int
    meridian: float
    number: int | None

    @property
    def code(self) -> str | None:
        """The EPSG code, where there is one."""
        kind = f"CM {self.meridian:g}E" if self.number is None else f"zone {self.number}"
        wide = "3-degree " if self.step == NARROW_STEP else ""
        return codes().get(f"{self.datum} / {wide}Gauss-Kruger {kind}")

    @property
    def crs(self) -> CRS:
        """The CRS of the code."""
        return parse_crs(self.code)

    def renumbered(self, easting: float) -> Zone | None:
        """Return the zone of the same datum whose eastings are written like this one."""
        if 0 < easting < ZONE_M:
            return None if self.number is None else replace(self, number=None)
        number = int(easting // ZONE_M)
        if number == self.number:
            return None
        if number in WIDE:
            return Zone(self.datum, 6, 6 * number - 3, number)
        return Zone(self.datum, 3, 3 * number, number) if number in NARROW else None


@lru_cache(maxsize=1)
def codes() -> dict[str, str]:
    """Return the EPSG codes of all such zones by their names, out of PROJ's database.

    Examples
    --------
    >>> codes()["CGCS2000 / 3-degree Gauss-Kruger zone 38"]
    'EPSG:4526'
    >>> codes()["Xian 1980 / Gauss-Kruger CM 117E"]
    'EPSG:2345'
    """
    known = query_crs_info(auth_name="EPSG", pj_types=PJType.PROJECTED_CRS)
    return {crs.name: f"EPSG:{crs.code}" for crs in known if NAMED.match(crs.name)}


def datum_of(crs: CRS) -> str | None:
    """Return which Chinese datum a CRS is on, as EPSG writes it in names, or ``None``.

    Examples
    --------
    >>> from pyproj import CRS
    >>> datum_of(CRS.from_epsg(4610)), datum_of(CRS.from_epsg(4547)), datum_of(CRS.from_epsg(4326))
    ('Xian 1980', 'CGCS2000', None)
    """
    geodetic = crs.geodetic_crs
    if geodetic is None:
        return None
    name = f"{geodetic.name} {geodetic.datum.name if geodetic.datum else ''}".lower()
    return next((datum for piece, datum in DATUMS.items() if piece in name), None)


def lacks_parameters(crs: CRS) -> bool:
    """Return whether a Transverse Mercator leaves out its meridian or false easting.

    PROJ would take them for 0.

    Examples
    --------
    >>> from pyproj import CRS
    >>> lacks_parameters(CRS.from_epsg(4547))
    False
    """
    operation = crs.coordinate_operation
    if operation is None or operation.method_name != "Transverse Mercator":
        return False
    return not {item.name for item in operation.params} >= NEEDED


@lru_cache(maxsize=64)
def zone_of(crs: CRS) -> Zone | None:
    """Return the Gauss–Krüger zone that a CRS is, whatever it is called; ``None`` if none.

    Examples
    --------
    >>> from pyproj import CRS
    >>> zone_of(CRS.from_epsg(4526))
    Zone(datum='CGCS2000', step=3, meridian=114.0, number=38)
    >>> zone_of(CRS.from_epsg(32650)) is None
    True
    """
    datum, operation = datum_of(crs), crs.coordinate_operation
    if datum is None or operation is None or operation.method_name != "Transverse Mercator":
        return None
    values = {item.name: item.value for item in operation.params}
    if lacks_parameters(crs):
        return None
    meridian = float(values["Longitude of natural origin"])
    number, rest = divmod(float(values["False easting"]) - HALF_ZONE_M, ZONE_M)
    numbered = rest == 0 and (int(number) in WIDE or int(number) in NARROW)
    if numbered:
        return Zone(datum, 6 if int(number) in WIDE else 3, meridian, int(number))
    narrow = (meridian + 3) % 6 != 0 or re.search(r"3.?deg", crs.name, re.IGNORECASE)
    return Zone(datum, 3 if narrow else 6, meridian, None)


def is_near(crs: CRS, zone: Zone, easting: float, northing: float) -> bool:
    """Return whether a point lies in China and near enough to the zone to be meant there.

    A zone used one or two zones too far east or west passes: that is common, legal, and
    measured by how far its areas are off.

    Examples
    --------
    >>> from pyproj import CRS
    >>> crs = CRS.from_epsg(4526)
    >>> zone = zone_of(crs)
    >>> is_near(crs, zone, 38_520_000, 3_380_000), is_near(crs, zone, 520_000, 3_380_000)
    (True, False)
    """
    lon, lat = place_of(crs, easting, northing)
    farthest = FARTHEST_WITHOUT_NUMBER if zone.number is None else FARTHEST_DEGREES[zone.step]
    return LATITUDES[0] <= lat <= LATITUDES[1] and abs(lon - zone.meridian) <= farthest
