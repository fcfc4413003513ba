"""Files that go away, or may not be read, between two looks at them."""

from __future__ import annotations

import shutil

import pytest

import greenspace as gs
from greenspace.errors import GreenspaceError, InputError, RasterError
from greenspace.read import ogr
from tests.faults.test_killed import checksums
from tests.town import LAYERS


@pytest.fixture
def copy(town, tmp_path):
    return shutil.copytree(town, tmp_path / "town")


def test_an_image_that_vanishes_before_it_is_measured(copy):
    seen = gs.vegetation(copy / "image.tif", bands={"red": 1, "nir": 2}, threshold=0.3)
    (copy / "image.tif").unlink()

    with pytest.raises(RasterError) as caught:
        gs.green_coverage(seen, LAYERS["districts"])

    assert str(copy / "image.tif") in str(caught.value.file)


def test_an_image_that_is_cut_off_while_it_is_read(copy):
    seen = gs.vegetation(copy / "image.tif", bands={"red": 1, "nir": 2}, threshold=0.3)
    whole = (copy / "image.tif").read_bytes()
    (copy / "image.tif").write_bytes(whole[: len(whole) // 2])

    with pytest.raises(RasterError):
        gs.green_coverage(seen, LAYERS["districts"])


def test_a_layer_that_vanishes_between_its_listing_and_its_reading(copy, monkeypatch):
    names = ogr.OgrReader.names

    def list_then_lose(reader):
        found = names(reader)
        reader.path.unlink(missing_ok=True)
        return found

    monkeypatch.setattr(ogr.OgrReader, "names", list_then_lose)
    with pytest.raises(InputError) as caught:
        gs.read_layer(copy / "city.gpkg", layer="parks")

    assert caught.value.file == str(copy / "city.gpkg")


def test_a_city_whose_image_is_gone_is_refused_and_nothing_else_is_touched(copy):
    (copy / "image.tif").unlink()
    before = checksums(copy)

    with pytest.raises(GreenspaceError):
        gs.check(copy / "city.toml")

    assert checksums(copy) == before
