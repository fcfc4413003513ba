"""Small GeoTIFFs for tests."""

from __future__ import annotations

import rasterio


def write_raster(path, values, *, transform, crs="EPSG:4547", said=None, **profile):
    """Write one or more bands; `said` sets what the dataset says of itself, such as masks."""
    values = values if values.ndim > 2 else values[None]
    count, height, width = values.shape
    shape = {"count": count, "height": height, "width": width, "dtype": values.dtype}
    with rasterio.open(
        path, "w", crs=crs, transform=transform, **{"driver": "GTiff", **shape, **profile}
    ) as dataset:
        dataset.write(values)
        for key, value in (said or {}).items():
            setattr(dataset, key, value)
    return path
