"""Write: the sample city as a folder of files.

Question   How does the made-up city reach the disk, whole or not at all?
Enters     A folder that is empty or not there, a seed and a size.
Leaves     The manifest's path; the folder holds every file or was not touched.
Elsewhere  What the files hold: city, manifest.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pyogrio
import rasterio
from rasterio.enums import ColorInterp

from greenspace.errors import InputError
from greenspace.model.words import Text
from greenspace.sample.city import make_city
from greenspace.sample.earlier import STAGES
from greenspace.sample.frame import EPSG
from greenspace.sample.image import BANDS
from greenspace.sample.manifest import city_toml, earlier_toml, readme, truth_toml
from greenspace.sample.stations import station_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import geopandas as gpd

    from greenspace.sample.city import SampleCity
    from greenspace.sample.image import SampleImage
    from greenspace.sample.plan import Size

MANIFEST, LAYERS, REFERENCE, STATIONS, TRUTH, README, MASK = (
    "city.toml",
    "layers.gpkg",
    "reference.gpkg",
    "stations.csv",
    "truth.toml",
    "README.txt",
    "mask_2026.tif",
)
IMAGES = ("image_2026.tif", "image_2023.tif")
LISTS = ("species.csv", "inspections.csv")
EARLIER = {year: (f"city_{year}.toml", f"layers_{year}.gpkg") for year in STAGES}
FILES = frozenset(
    {
        *(MANIFEST, LAYERS, REFERENCE, STATIONS, TRUTH, README, MASK),
        *IMAGES,
        *LISTS,
        *(name for names in EARLIER.values() for name in names),
    }
)
STAMP = "2026-06-30T00:00:00Z"  # GeoPackages carry a time: always this one, for stable bytes
TIFF = {
    "driver": "GTiff",
    "tiled": True,
    "blockxsize": 256,
    "blockysize": 256,
    "compress": "deflate",
    "zlevel": 9,
}


def write_sample(folder: Path, *, seed: int = 7, size: Size = "full", force: bool = False) -> Path:
    """Write the made-up sample city to a folder and return the path of its manifest.

    Parameters
    ----------
    folder
        A folder that is empty or does not exist yet.
    seed
        Another seed gives another city; the same seed always the same.
    size
        ``full`` is 2.5 km wide, ``small`` 0.6 km with the same layers.
    force
        Replace a folder that holds nothing but files of a sample city.

    Raises
    ------
    InputError
        The folder holds something else, or anything at all without ``force``.
    """
    target = Path(folder).resolve()
    _require_free(target, force=force)
    city = make_city(seed, size)
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".sample-", dir=target.parent) as beside:
        fresh = Path(beside, "new")
        fresh.mkdir()
        _write_all(city, fresh)
        _require_free(target, force=force)
        if target.exists():
            target.rename(Path(beside, "old"))
        try:
            fresh.rename(target)
        except BaseException:
            if Path(beside, "old").exists():
                Path(beside, "old").rename(target)
            raise
    return target / MANIFEST


def _require_free(target: Path, *, force: bool) -> None:
    """Refuse a place that holds what must not be lost."""
    if not target.exists():
        return
    if not target.is_dir():
        raise InputError(
            "目标位置已有同名文件。",
            "There is a file of that name already.",
            remedy=Text("请换一个文件夹名。", "Name another folder."),
            file=target,
            expected="a folder",
            found="a file",
        )
    held = {path.name for path in target.iterdir()}
    foreign = sorted(held - FILES)
    if held and (foreign or not force):
        other = Text("请换一个空文件夹。", "Name an empty folder.")
        again = Text(
            "请换一个空文件夹，或用 force 覆盖旧的样本。",
            "Name an empty folder, or replace the old sample with force.",
        )
        raise InputError(
            "文件夹不是空的。",
            "The folder is not empty.",
            remedy=other if foreign else again,
            file=target,
            expected="an empty folder",
            found=", ".join(foreign or sorted(held)),
        )


def _write_all(city: SampleCity, folder: Path) -> None:
    _write_layers(city.layers, folder / LAYERS)
    _write_layers({"reference": city.reference}, folder / REFERENCE)
    for image in city.images:
        _write_image(image, folder)
    for year, (_, layers) in EARLIER.items():
        _write_layers(city.earlier[year], folder / layers)
    texts = {
        MANIFEST: city_toml(city),
        STATIONS: "\n".join(station_lines(city.seed)) + "\n",
        TRUTH: truth_toml(city),
        README: readme(city),
        **{name: "\n".join(lines) + "\n" for name, lines in city.lists.items()},
        **{toml: earlier_toml(city, year) for year, (toml, _) in EARLIER.items()},
    }
    for name, text in texts.items():
        Path(folder, name).write_text(text, encoding="utf-8", newline="\n")


def _write_layers(layers: Mapping[str, gpd.GeoDataFrame], path: Path) -> None:
    with _stamped():
        for name, layer in layers.items():
            index = (
                "NO" if name == "vegetation" else "YES"
            )  # of small crowns it is a third of the file
            pyogrio.write_dataframe(
                layer, path, layer=name, driver="GPKG", append=path.exists(), SPATIAL_INDEX=index
            )


@contextmanager
def _stamped() -> Iterator[None]:
    """Let GDAL write one fixed time into GeoPackages, and afterwards the true one again."""
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": STAMP})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _write_image(image: SampleImage, folder: Path) -> None:
    count, height, width = image.pixels.shape
    place = {"height": height, "width": width, "transform": image.transform, "crs": EPSG}
    with rasterio.open(
        folder / f"{image.name}.tif",
        "w",
        **TIFF,
        **place,
        count=count,
        dtype="uint16",
        nodata=0,
        predictor=2,
        photometric="minisblack",
    ) as file:
        file.write(image.pixels)
        file.descriptions = BANDS
        nir = getattr(ColorInterp, "nir", ColorInterp.undefined)  # older GDAL has no word for it
        file.colorinterp = (ColorInterp.blue, ColorInterp.green, ColorInterp.red, nir)
        file.update_tags(ACQUISITION=image.date.isoformat(), NOTE="made-up city, made-up image")
    if image.mask is not None:
        with rasterio.open(folder / MASK, "w", **TIFF, **place, count=1, dtype="uint8") as file:
            file.write(image.mask, 1)
            file.descriptions = ("not seen: 1 cloud, 2 cloud shadow",)
