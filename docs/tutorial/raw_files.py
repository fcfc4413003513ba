"""Make the folder ``raw`` of the tutorial from the sample city in ``qinghe``."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import rasterio
from rasterio.warp import Resampling, calculate_default_transform, reproject
from shapely import Polygon

CITY = Path("qinghe")
RAW = Path("raw")


def layer(name: str, columns: dict[str, str]) -> gpd.GeoDataFrame:
    """Return a layer of the sample city with the columns that an office would have."""
    frame = gpd.read_file(CITY / "layers.gpkg", layer=name).rename(columns=columns)
    return frame[[*columns.values(), "geometry"]]


def shapefile(frame: gpd.GeoDataFrame, name: str) -> None:
    """Write it in GBK, and lose the parts that people forget to copy."""
    frame.to_file(RAW / f"{name}.shp", encoding="gb18030")
    for ending in (".prj", ".cpg"):
        (RAW / f"{name}{ending}").unlink(missing_ok=True)


def crossed(block: Polygon) -> Polygon:
    """Swap two corners, so that the outline crosses itself."""
    first, second, third, *others = block.exterior.coords
    return Polygon([first, third, second, *others])


def in_utm(source: Path, target: Path) -> None:
    """Put an image into UTM: it lies askew then, and its corners are black."""
    with rasterio.open(source) as image:
        crs = "EPSG:32650"
        transform, width, height = calculate_default_transform(
            image.crs, crs, image.width, image.height, *image.bounds
        )
        place = {"crs": crs, "transform": transform, "width": width, "height": height}
        with rasterio.open(target, "w", **{**image.profile, **place, "nodata": None}) as out:
            for band in image.indexes:
                reproject(
                    rasterio.band(image, band),
                    rasterio.band(out, band),
                    resampling=Resampling.nearest,
                )


def main() -> None:
    """Write everything."""
    RAW.mkdir()
    shapefile(layer("built_up", {}), "建成区")
    shapefile(layer("districts", {"DISTRICT": "区名"}), "城区")
    green = layer("green", {"绿地类型": "绿地类型", "名称": "名称"})
    shapefile(green.loc[[*green.index, 0]], "绿地")
    homes = layer("residential", {"NAME": "小区名", "STATUS": "新旧"})
    homes.loc[5, "geometry"] = crossed(homes.geometry[5])
    shapefile(homes, "居住用地")
    people = layer("districts", {"DISTRICT": "区名", "POP": "人口"}).drop(columns="geometry")
    people.to_csv(RAW / "人口.csv", index=False, encoding="gb18030")
    gpd.read_file(CITY / "reference.gpkg").to_file(RAW / "核查点.gpkg")
    in_utm(CITY / "image_2026.tif", RAW / "GF_20260612.tif")
    in_utm(CITY / "mask_2026.tif", RAW / "GF_20260612_mask.tif")


if __name__ == "__main__":
    main()
