"""A city whose image has a broken tile, among others that have none."""

from __future__ import annotations

import json

import pytest

import greenspace as gs
from tests.faults.mishaps import Dies, cluster, digests, spoil_tile, write_cities

pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),  # of distributed
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),  # the same
]
PART_PIXELS = 512 * 1024


@pytest.fixture
def listed(town, tmp_path):
    return write_cities(town, tmp_path / "cities", "abc", image="b")


def coverage_of(output, city):
    record = json.loads((output / city / "check.json").read_text(encoding="utf-8"))
    found = {item["indicator"]: item for item in record["ratios"] if item["judged"]}
    return record, found["green_coverage"]


@pytest.mark.parametrize("workers", [0, 2])
def test_its_row_names_file_and_rows_and_the_others_are_untouched(listed, tmp_path, workers):
    gs.check_all(listed, tmp_path / "calm")
    spoil_tile(listed.parent / "b" / "image.tif", 2, 1)
    if workers:
        (tmp_path / "marks").mkdir()
        with cluster(tmp_path / "dask", workers=workers) as client:
            client.register_plugin(Dies(tmp_path / "marks", part_pixels=PART_PIXELS))
            league = gs.check_all(listed, tmp_path / "out", client=client)
    else:
        league = gs.check_all(listed, tmp_path / "out")

    assert [row.state for row in league.rows] == ["checked", "failed", "checked"]
    for language in ("zh", "en"):
        told = league.rows[1].why[0].of(language)
        assert "image.tif" in told
        assert "512" in told  # the third row of tiles
        assert 'on_bad_tile = "unseen"' in told or "--on-bad-tile" in told
        assert str(tmp_path) not in told
    calm, out = (digests(tmp_path / name, but=("b", "league")) for name in ("calm", "out"))
    assert out == calm
    assert not (tmp_path / "out" / "b").exists()


def test_with_bad_tiles_unseen_its_numbers_say_how_much_is_unseen(listed, tmp_path):
    image = listed.parent / "b" / "image.tif"
    spoil_tile(image, 2, 1)
    (tmp_path / "marks").mkdir()
    with cluster(tmp_path / "dask") as client:
        client.register_plugin(Dies(tmp_path / "marks", part_pixels=PART_PIXELS))
        league = gs.check_all(listed, tmp_path / "out", client=client, on_bad_tile="unseen")
    gs.check_all(listed, tmp_path / "one", on_bad_tile="unseen")

    assert [row.state for row in league.rows] == ["checked"] * 3
    record, coverage = coverage_of(tmp_path / "out", "b")
    # one tile of 256 pixels of 1200 / 1024 m, all of it inside the built-up area
    assert coverage["unseen"] == pytest.approx(300.0**2, rel=1e-9)
    assert coverage["bounds"][1] - coverage["bounds"][0] == pytest.approx(300.0**2 / 1e6)
    assert "bad_tiles" in {item["code"] for item in record["findings"]}
    of_a = coverage_of(tmp_path / "out", "a")[1]
    assert of_a["unseen"] == pytest.approx(50_000.0)  # its own nodata, 50 m of 1 km
    assert digests(tmp_path / "out") == digests(tmp_path / "one")
