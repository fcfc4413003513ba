"""The page on one's own paths and gates: its script gives the numbers of the command."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

import greenspace as gs
from tests.test_cli import run

PAGE = Path(__file__).resolve().parents[1] / "docs" / "how_to" / "walking.md"

pytestmark = pytest.mark.skipif(not PAGE.is_file(), reason="no docs beside these tests")


@pytest.mark.slow
def test_the_script_on_the_page_gives_the_numbers_of_the_command(sample_city, tmp_path):
    layers = Path(sample_city).parent / "layers.gpkg"
    names = [f"{layers}|layername={name}" for name in ("parks", "residential", "paths")]
    words = (*names[:2], "--paths", names[2], "-o", tmp_path / "out")
    assert run("service", *words).exit_code == 0
    with (tmp_path / "out" / "blocks.csv").open(encoding="utf-8-sig", newline="") as file:
        told = [row["foot_m"] for row in csv.DictReader(file)]
    parks, homes, paths = (
        gs.read_layer(layers, layer=name) for name in ("parks", "residential", "paths")
    )
    large = parks[parks.area >= 2000]
    walked = gs.walking_distance(large, homes, paths)["distance_m"]

    assert [float(metres) if metres else None for metres in told] == [
        pytest.approx(metres, abs=1e-6) if np.isfinite(metres) else None for metres in walked
    ]
