"""The page on one's own paths and gates: every command on it runs, and says what the page shows."""

from __future__ import annotations

import csv
import re
import shlex
import shutil
from pathlib import Path

import numpy as np
import pytest

import greenspace as gs
from tests.test_cli import run

PAGE = Path(__file__).resolve().parents[1] / "docs" / "how_to" / "walking.md"
REFERENCE = PAGE.parents[1] / "reference" / "cli.md"
BLOCK = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)

pytestmark = pytest.mark.skipif(not PAGE.is_file(), reason="no docs beside these tests")


def plain(text):
    return re.sub(r"[\s─]+", " ", text)


@pytest.mark.slow
def test_every_command_on_the_page_runs_and_says_what_it_shows(sample_city, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    done = 0
    for body in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        command, *shown = body.splitlines()
        _, program, *words = shlex.split(command)
        assert program == "greenspace"
        if words[0] == "sample":
            shutil.copytree(Path(sample_city).parent, tmp_path / words[1])
            continue
        result = run(*words)
        assert result.exit_code == 0, (words, result.stderr)
        said = plain(result.stdout)
        assert [line for line in shown if plain(line).strip() not in said] == []
        done += 1

    assert done == 4
    section = (
        REFERENCE.read_text(encoding="utf-8").partition("## `service`")[2].partition("\n## ")[0]
    )
    rows = re.findall(r"^\| (`[^|-]*`, `?[^|]*|`[^|-]*`) \|", section, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([a-z]+\.[a-z]+)`", row)}
    written = {path.name for path in (tmp_path / "served").iterdir()}
    assert named == {name for name in written if not name.endswith(".pdf")}
    columns = {
        name
        for table in ("service", "blocks", "parks")
        for name in (tmp_path / "served" / f"{table}.csv")
        .read_text(encoding="utf-8-sig")
        .partition("\n")[0]
        .strip()
        .split(",")
    }
    told = section.partition("| column | of |")[2]
    assert columns <= set(re.findall(r"`([a-z_0-9]+)`", told))


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
