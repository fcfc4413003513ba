"""A city whose image has a broken tile: refused by default, unseen where the user says so."""

from __future__ import annotations

import shutil

import pytest
import rasterio

import greenspace as gs
from greenspace.errors import RasterError
from greenspace.pipeline import check
from tests.test_cli import run


@pytest.fixture
def broken(town, tmp_path):
    """A copy of the town whose image is broken in its last strip."""
    home = shutil.copytree(town, tmp_path / "town")
    with rasterio.open(home / "image.tif") as image:
        values, profile = image.read(), image.profile
    profile.update(compress="deflate", tiled=True, blockxsize=16, blockysize=16)
    with rasterio.open(home / "image.tif", "w", **profile) as image:
        image.write(values)
    with rasterio.open(home / "image.tif") as image:
        start = int(image.get_tag_item("BLOCK_OFFSET_0_0", "TIFF", bidx=1))
    content = bytearray((home / "image.tif").read_bytes())
    content[start : start + 8] = b"\xff" * 8
    (home / "image.tif").write_bytes(content)
    return home / "city.toml"


def codes(result):
    return {finding.code for finding in result.findings}


def test_a_broken_tile_is_refused_unless_the_command_says_otherwise(broken):
    refused = run("check", str(broken), "--lang", "en")
    assert refused.exit_code == 2
    assert "cannot be decoded in rows 0-16" in " ".join(refused.output.split())
    allowed = run("check", str(broken), "--lang", "en", "--on-bad-tile", "unseen")
    assert allowed.exit_code == 0


def test_a_broken_tile_is_refused_unless_the_manifest_says_otherwise(broken):
    with pytest.raises(RasterError, match="rows 0-16"):
        gs.check(broken)
    words = broken.read_text(encoding="utf-8")
    broken.write_text(
        words.replace("[[image]]", '[[image]]\non_bad_tile = "unseen"'), encoding="utf-8"
    )
    assert "bad_tiles" in codes(gs.check(broken))
    with pytest.raises(RasterError, match="rows 0-16"):
        check(broken, on_bad_tile="refuse")
