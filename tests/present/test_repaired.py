"""The manifest beside repaired copies names the same images as the one it comes from."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from greenspace.model.city import ImageSpec, SamplesSpec, Variable
from greenspace.present.repaired import _image, _table, _threshold

HOME = Path("city").absolute()
PATHS = {
    "one": (HOME / "a.tif", "../a.tif"),
    "many": ((HOME / "1.tif", HOME / "2.tif"), ["../1.tif", "../2.tif"]),
    "one a band": (
        {"red": HOME / "B4.tif", "nir": (HOME / "1.tif", HOME / "2.tif")},
        {"red": "../B4.tif", "nir": ["../1.tif", "../2.tif"]},
    ),
    "a variable": (Variable(HOME / "s2.nc", "B04"), 'NETCDF:"../s2.nc":B04'),
}


@pytest.mark.parametrize(("path", "written"), PATHS.values(), ids=PATHS.keys())
def test_images_are_named_from_the_new_folder(path, written):
    spec = ImageSpec(path=path, name="i", crs="EPSG:4547", on_bad_tile="unseen", allow_outside=True)
    text = "\n".join(_table("image", _image(spec, HOME / "repaired"), many=True))
    (table,) = tomllib.loads(text)["image"]
    assert table == {
        "path": written,
        "crs": "EPSG:4547",
        "on_bad_tile": "unseen",
        "allow_outside": True,
    }


def test_points_are_named_from_the_new_folder():
    spec = SamplesSpec(samples=HOME / "p.gpkg", layer="field", objective="area")
    assert _threshold(spec, HOME / "repaired") == {
        "samples": "../p.gpkg", "layer": "field", "column": "reference", "objective": "area",
    }  # fmt: skip
    assert _threshold(0.3, HOME) == 0.3
