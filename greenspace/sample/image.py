"""Image: what a satellite would see of the city on two dates.

Question   Which numbers do the pixels hold, and which pixels show no ground?
Enters     Shapes with a cover each, the extent, a seed.
Leaves     16-bit pixels in four bands, and a mask whose non-zero pixels are not seen.
Elsewhere  Writing files: write. The exact areas: truth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from affine import Affine
from rasterio.features import rasterize
from scipy.ndimage import gaussian_filter, zoom
from shapely import Polygon, box

from greenspace.sample.frame import stream

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

PIXEL_M = 2.0
FINE = 4  # points per pixel and direction: a pixel is the mean of 16
STEP = 32  # pixel values are multiples of it, which keeps the files small
BANDS = ("blue", "green", "red", "nir")
CLOUD, CLOUD_SHADOW = 1, 2
SHADOW = 0.58

# reflectance in blue, green, red, near infrared
COVERS: dict[str, tuple[float, float, float, float]] = {
    "soil": (0.110, 0.150, 0.200, 0.245),
    "paving": (0.165, 0.180, 0.190, 0.215),
    "asphalt": (0.146, 0.156, 0.166, 0.184),
    "ballast": (0.100, 0.108, 0.118, 0.135),
    "grey": (0.190, 0.200, 0.205, 0.225),
    "white": (0.330, 0.345, 0.350, 0.370),
    "red": (0.100, 0.125, 0.200, 0.250),
    "blue": (0.260, 0.230, 0.180, 0.225),
    "water": (0.062, 0.072, 0.058, 0.026),
    "crop": (0.045, 0.085, 0.058, 0.400),
    "stubble": (0.110, 0.150, 0.195, 0.265),
    "grass": (0.050, 0.092, 0.070, 0.345),
    "shrub": (0.044, 0.078, 0.060, 0.325),
    "tree": (0.039, 0.069, 0.055, 0.325),
    "roof": (0.055, 0.092, 0.075, 0.340),
}
NAMES = tuple(COVERS)
Painted = tuple[str, "BaseGeometry"]


@dataclass(frozen=True, slots=True)
class SampleImage:
    """One image: pixels as (band, row, column), place, date, and what its mask hides."""

    name: str
    date: date
    pixels: NDArray[np.uint16]
    transform: Affine
    mask: NDArray[np.uint8] | None = None

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Pixels that show ground: not nodata, not masked."""
        seen: NDArray[np.bool_] = np.any(self.pixels != 0, axis=0)
        return seen if self.mask is None else seen & (self.mask == 0)


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that one image shows, from the bottom up."""

    name: str
    date: date
    extent: Polygon
    covers: tuple[Painted, ...]
    shadows: tuple[BaseGeometry, ...]
    roofs: tuple[BaseGeometry, ...]
    missing: BaseGeometry
    cloud: BaseGeometry | None = None
    cloud_shadow: BaseGeometry | None = None


def take(scene: Scene, seed: int) -> SampleImage:
    """Return the image of a scene."""
    west, south, east, north = scene.extent.bounds
    shape = (round((north - south) / PIXEL_M), round((east - west) / PIXEL_M))
    transform = Affine(PIXEL_M, 0, west, 0, -PIXEL_M, north)
    rng = stream(seed, scene.name)
    reflectance = _mix(scene, shape, transform)
    reflectance *= 1 + 0.05 * _texture(shape, rng)
    reflectance += rng.normal(0, 0.0028, reflectance.shape)
    mask = None
    if scene.cloud is not None:
        mask = _mask(scene, shape, transform)
        _veil(reflectance, mask, shape, rng)
    pixels = np.round(np.clip(reflectance, 0.002, 1.2) * 1e4 / STEP).astype(np.uint16) * STEP
    outside = rasterize([scene.missing], shape, transform=transform, dtype="uint8") == 1
    pixels[:, outside] = 0
    return SampleImage(scene.name, scene.date, pixels, transform, mask)


def _mix(scene: Scene, shape: tuple[int, int], transform: Affine) -> NDArray[np.float64]:
    """Return reflectances as the mean of 16 points in every pixel."""
    fine = (shape[0] * FINE, shape[1] * FINE)
    place = Affine(PIXEL_M / FINE, 0, transform.c, 0, -PIXEL_M / FINE, transform.f)
    painted = [(form, NAMES.index(cover)) for cover, form in scene.covers if not form.is_empty]
    ground = rasterize(painted, fine, transform=place, fill=NAMES.index("soil"), dtype="uint8")
    dark = np.zeros(fine, dtype="uint8")
    if scene.shadows:
        dark = rasterize(scene.shadows, fine, transform=place, dtype="uint8")
        dark &= 1 - rasterize(scene.roofs, fine, transform=place, dtype="uint8")
    ground += dark * len(NAMES)
    table = np.array([*COVERS.values()], dtype=np.float32)
    table = np.vstack([table, table * SHADOW])
    mixed = np.zeros((len(BANDS), *shape))
    for row, column in np.ndindex(FINE, FINE):
        points = ground[row::FINE, column::FINE]
        for band in range(len(BANDS)):
            mixed[band] += table[:, band][points]
    mixed /= FINE**2
    return mixed


def _texture(shape: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return slow brightness changes, the same in all bands, of unit strength."""
    coarse = gaussian_filter(rng.normal(size=(shape[0] // 6 + 2, shape[1] // 6 + 2)), 2.0)
    field: NDArray[np.float64] = zoom(coarse, 6.2, order=1)[: shape[0], : shape[1]]
    return np.asarray(field / field.std())


def _mask(scene: Scene, shape: tuple[int, int], transform: Affine) -> NDArray[np.uint8]:
    forms = [(scene.cloud_shadow, CLOUD_SHADOW), (scene.cloud, CLOUD)]
    hidden: NDArray[np.uint8] = rasterize(
        [(form, value) for form, value in forms if form is not None and not form.is_empty],
        shape,
        transform=transform,
        dtype="uint8",
        all_touched=True,
    )
    return hidden


def _veil(
    reflectance: NDArray[np.float64],
    mask: NDArray[np.uint8],
    shape: tuple[int, int],
    rng: np.random.Generator,
) -> None:
    """Lay the cloud and its shadow over the pixels that the mask hides."""
    thick = gaussian_filter((mask == CLOUD).astype(float), 4.0)
    thick = np.clip(2 * thick - 0.6, 0, 1) * (mask == CLOUD)
    bright = 0.55 + 0.03 * _texture(shape, rng)
    for band, tint in enumerate((1.02, 1.0, 0.99, 1.03)):
        reflectance[band] *= np.where(mask == CLOUD_SHADOW, 0.5, 1.0)
        reflectance[band] = reflectance[band] * (1 - thick) + bright * tint * thick


def missing_corner(extent: Polygon, built_up: Polygon, *, share: float, tilt: float) -> Polygon:
    """Return the south-west corner of the image that the scene does not reach.

    Its edge is tilted like a swath's and moved until it hides a share of the built-up area.
    """
    west, south, east, north = extent.bounds
    run = (math.cos(tilt), math.sin(tilt))
    far = 4 * (east - west)

    def corner(reach: float) -> Polygon:
        x, y = west + reach * run[0], south + reach * run[1]
        edge = [(x - far * run[1], y + far * run[0]), (x + far * run[1], y - far * run[0])]
        back = [(px - far * run[0], py - far * run[1]) for px, py in reversed(edge)]
        return Polygon([*edge, *back]).intersection(box(west, south, east, north))

    low, high = 0.0, 2 * (north - south)
    for _ in range(50):
        reach = (low + high) / 2
        hidden = corner(reach).intersection(built_up).area / built_up.area
        low, high = (reach, high) if hidden < share else (low, reach)
    return corner(high)


def fields(extent: Polygon, rng: np.random.Generator) -> Iterable[Painted]:
    """Return farmland for the ground beyond the city: strips of crop, stubble and soil."""
    west, south, east, _ = extent.bounds
    side = (east - west) / 22
    for row in range(-2, 26):
        x = west - side + float(rng.uniform(0, side))
        y = south + row * side
        while x < east:
            wide = side * float(rng.uniform(0.6, 2.2))
            slant = side * 0.16
            form = Polygon(
                [
                    (x, y - 0.12 * (x - west)),
                    (x + wide, y - 0.12 * (x + wide - west)),
                    (x + wide + slant, y + side * 0.95 - 0.12 * (x + wide - west)),
                    (x + slant, y + side * 0.95 - 0.12 * (x - west)),
                ]
            )
            cover = ("crop", "crop", "stubble", "crop", "soil")[int(rng.integers(5))]
            yield cover, form
            x += wide + 3.0
