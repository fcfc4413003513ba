"""Image held: what the parts of one image gave, in place of reading it again.

Question   Are these sums of the very image, rule and ground that are measured now?
Enters     Sums of windows, rows of a picture and notes, in the order of the windows.
Leaves     Shares of zones and a picture, digit for digit as one reading gives them.
Elsewhere  Reading the parts: image_strips. Who asks: cover.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import shapely

from greenspace.errors import InputError
from greenspace.measure.zonal import shares_of_sums
from greenspace.model.words import Text
from greenspace.prepare.colours import coloured_by
from greenspace.prepare.corrections import Corrected
from greenspace.prepare.land_cover import LandCover
from greenspace.prepare.picture import picture_of
from greenspace.prepare.vegetation import Vegetation

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from greenspace.measure.zonal import WindowSums, ZoneShares
    from greenspace.model.check import Picture
    from greenspace.model.city import City
    from greenspace.model.grid import GreenRaster, Grid
    from greenspace.model.notes import Notes
    from greenspace.prepare.colours import ColourRows
    from greenspace.prepare.corrections import Overlay
    from greenspace.prepare.decision import Decision
    from greenspace.prepare.picture import PictureRows

Image: TypeAlias = Vegetation | LandCover
ROLES = ("image", "mask", "classes", "samples")
CALLED = {
    "grid": Text(zh="影像格网", en="grid of the image"),
    "rule": Text(zh="影像文件或判读规则", en="files of the image or rule of vegetation"),
    "zones": Text(zh="分区", en="zones"),
    "overlays": Text(zh="叠加图层", en="layers over the image"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFor:
    """What sums are of: another grid, rule, zone or overlay would give other ones.

    Attributes
    ----------
    grid
        Of the image.
    rule
        How the manifest says to read it, with the checksums of its files.
    zones
        A checksum of the zones in the CRS of the image, pieces cut by overlays among them.
    overlays
        A checksum of what lies over it.
    """

    grid: Grid
    rule: str
    zones: str
    overlays: str

    def require(self, **now: object) -> None:
        """Refuse to answer for anything else.

        Raises
        ------
        InputError
            Names what differs.
        """
        unlike = [name for name, value in now.items() if getattr(self, name) != value]
        if unlike:
            words = [CALLED[name] for name in unlike]
            raise InputError(
                f"影像分条结果不是为此次核查准备的：{'、'.join(word.zh for word in words)}不同。",
                "The strips of the image were made for another check: the "
                f"{', '.join(word.en for word in words)} differ.",
                remedy=Text(
                    zh="输入在准备之后有改动：请重新运行该城市。",
                    en="An input was changed since they were made: run the city again.",
                ),
                layer="image",
                expected={name: getattr(self, name) for name in unlike},
                found={name: now[name] for name in unlike},
            )

    @property
    def key(self) -> str:
        """One short word for all of it."""
        told = "\n".join(repr(getattr(self, each.name)) for each in fields(self))
        return sha256(told.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ImageStrips:
    """What the parts of one image gave, in the order of its windows.

    Attributes
    ----------
    made_for
        The only question that they answer.
    decision
        The threshold, where the image has one.
    sums
        Of every window that holds a zone.
    picture
        Rows of the picture, part by part.
    colours
        The same in colours; none where the image has no colours or they cannot be read.
    found, summed, drawn
        What was met while the threshold was found, zones were summed, the picture was made.
    """

    made_for: MadeFor
    decision: Decision | None
    sums: tuple[WindowSums, ...]
    picture: tuple[PictureRows, ...]
    colours: tuple[ColourRows, ...]
    found: tuple[Notes, ...]
    summed: tuple[Notes, ...]
    drawn: tuple[Notes, ...]

    def require_city(self, city: City) -> None:
        """Refuse a city whose newest image is another one, or is read by another rule.

        Raises
        ------
        InputError
            As it says.
        """
        self.made_for.require(rule=rule_of(city))

    def image_of(self, image: Image) -> Image:
        """Return an image with its threshold known.

        Raises
        ------
        InputError
            The pixels lie elsewhere.
        """
        self.made_for.require(grid=image.grid)
        known = decided(image, self.decision)
        _note(known, self.found)
        return known

    def share_of_zones(self, raster: GreenRaster, zones: gpd.GeoSeries, **_: Any) -> ZoneShares:
        """Return what `measure.zonal.share_of_zones` does, and leave its notes with the raster.

        Raises
        ------
        InputError
            The strips were made for other zones.
        """
        self.made_for.require(grid=raster.grid, zones=digest(zones))
        shares = shares_of_sums(raster.grid, zones, self.sums)
        if shares is None:
            raise incomplete()
        _note(raster, self.summed)
        return shares

    def picture_of(self, raster: GreenRaster) -> Picture | None:
        """Return what `prepare.picture.reduced_picture` does.

        Raises
        ------
        InputError
            The strips were made for other layers over the image.
        """
        overlays = raster.overlays if isinstance(raster, Corrected) else ()
        self.made_for.require(grid=raster.grid, overlays=digest_of_overlays(overlays))
        _note(raster.raster if isinstance(raster, Corrected) else raster, self.drawn)
        return picture_of(raster.grid, self.picture)

    def coloured(self, picture: Picture | None) -> Picture | None:
        """Return what `chips.coloured` does."""
        if picture is None or not self.colours:
            return picture
        return coloured_by(picture, self.made_for.grid, self.colours)


def decided(image: Image, decision: Decision | None) -> Image:
    """Return an image with its threshold known, where it has one."""
    return image if isinstance(image, LandCover) or decision is None else image.decided(decision)


def _note(image: Any, notes: Sequence[Notes]) -> None:
    for each in notes:
        image.note(each)


def incomplete() -> InputError:
    """Return the refusal of parts that are missing or belong to something else."""
    return InputError(
        "影像的分条不完整，或不属于同一次准备。",
        "Parts of the image are missing, or were made for something else.",
        remedy=Text(zh="请重新运行该城市。", en="Run the city again."),
        layer="image",
    )


def rule_of(city: City) -> str:
    """Return how a city's newest image is read: manifest, and checksums of all files behind it."""
    sources = [(s.role, s.name, s.layer, s.sha256) for s in city.sources(*ROLES)]
    return repr((_told(city.image), _told(city.vegetation_method.how), sources))


def _told(value: Any) -> Any:
    """Return a value as words that are the same in every process."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if hasattr(value, "geometry"):
        return digest(value.geometry), [str(value[c].tolist()) for c in value if c != "geometry"]
    if isinstance(value, dict):
        return {str(key): _told(each) for key, each in value.items()}
    named = getattr(type(value), "__dataclass_fields__", None)
    if named is not None:
        return type(value).__name__, {name: _told(getattr(value, name)) for name in named}
    return repr(value)


def digest(zones: gpd.GeoSeries, *more: Any) -> str:
    """Return a checksum of shapes, row for row, their CRS and a column beside them."""
    found = sha256(str(zones.crs).encode())
    for shape in shapely.to_wkb(zones.to_numpy()):
        found.update(b"-" if shape is None else shape)
    for column in more:
        found.update(np.ascontiguousarray(column).tobytes())
    return found.hexdigest()


def digest_of_overlays(overlays: Sequence[Overlay]) -> str:
    """Return a checksum of layers that lie over an image."""
    return " ".join(
        f"{each.name}:{digest(each.frame.geometry, each.frame['adds'].to_numpy())}"
        for each in overlays
    )
