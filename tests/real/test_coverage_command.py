"""``greenspace coverage`` on Olinda, beside figures computed without this package."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import greenspace as gs
from tests.test_cli import run

pytestmark = pytest.mark.real_data
PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "imagery.md"


def total(real_data, threshold):
    tracts = gs.read_layer(real_data / "olinda" / "olinda1.shp")
    image = gs.vegetation(
        real_data / "olinda" / "L7_ETMs.tif", bands={"red": 3, "nir": 4}, threshold=threshold
    )
    return gs.green_coverage(image, tracts).total()


@pytest.mark.parametrize(("threshold", "centres"), [("0.2", 0.229938), ("0.3", 0.130196)])  # (C)
def test_olinda_is_shown_beside_what_cell_centres_say(real_data, threshold, centres):
    folder = real_data / "olinda"
    words = ("--bands", "red=3,nir=4", "--threshold", threshold, "--zone-name", "CD_GEOCODI")
    result = run("coverage", folder / "L7_ETMs.tif", folder / "olinda1.shp", *words)
    line = next(line for line in result.stdout.splitlines() if line.split()[:1] == ["合计"])
    shown = float(line.split()[1].rstrip("%")) / 100

    assert result.exit_code == 0
    assert shown == pytest.approx(centres, abs=2e-4)
    assert shown == round(total(real_data, float(threshold)).value, 4)


def test_the_page_gives_both_figures(real_data):
    rows = re.findall(
        r"^\| (0\.\d) \| (0\.\d+) \| (0\.\d+) \|", PAGE.read_text("utf-8"), re.MULTILINE
    )

    assert [row[:2] for row in rows] == [("0.2", "0.229938"), ("0.3", "0.130196")]
    for threshold, _, exact in rows:
        assert f"{total(real_data, float(threshold)).value:.6f}" == exact
