"""What a page takes for granted: the setups that its hidden ``% run:`` comments name.

``small city as NAME``, ``whole small city as NAME``, ``sample city as NAME`` put a city into a folder
(``.`` is the page's own); ``shapefiles of the small city as NAME`` writes it as an office keeps it;
``greenspace sample gives the small city``; ``copy A B``; ``layer FILE NAME as FILE`` writes one layer
anew; ``a window of 110 columns``; ``greenspace …`` and ``python …`` do what the reader did before;
and the scenes of scenes.py have names of their own.
"""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd

from greenspace.sample import write_sample
from tests.pages import scenes
from tests.pages.shell import Typed, run_line

CORE = {
    *("built_up", "districts", "green", "parks", "residential", "water", "paths", "entrances"),
    *("roads", "old_trees"),
}
LEFT_OUT = {"accuracy", "heat", "species", "inspections", "targets"}


@dataclass
class Cities:
    """The folders of the sample city, and of a small one with few layers, to be copied."""

    full: Path
    whole: Path  # as small, with all layers and both images
    small: Path
    asked: Path  # what `greenspace sample` gives on this page


def make(words: str, cities: Cities, names: dict[str, Any]) -> None:
    """Do what a comment asks for, in the folder we are in."""
    if city := re.fullmatch(r"(small|whole small|sample) city as (\S+)", words):
        kinds = {"small": cities.small, "whole small": cities.whole, "sample": cities.full}
        _put(kinds[city[1]], Path(city[2]))
    elif words == "greenspace sample gives the small city":
        cities.asked = cities.small
    elif copied := re.fullmatch(r"copy (\S+) (\S+)", words):
        copy = shutil.copytree if Path(copied[1]).is_dir() else shutil.copy
        copy(copied[1], copied[2])
    elif layer := re.fullmatch(r"layer (\S+) (\S+) as (\S+)", words):
        gpd.read_file(layer[1], layer=layer[2])[["geometry"]].to_file(
            layer[3], layer=Path(layer[2]).stem
        )
    elif columns := re.fullmatch(r"a window of (\d+) columns", words):
        os.environ["COLUMNS"] = columns[1]  # the test that runs the page puts it back
    elif words.startswith("greenspace "):
        run_line(Typed(words), cities.asked)
    elif words.startswith("python "):
        exec(words.removeprefix("python "), names)  # noqa: S102  - our own page
    elif files := re.fullmatch(r"shapefiles of the small city as (\S+)", words):
        scenes.write_shapefiles(cities.small, Path(files[1]))
    elif words in scenes.NAMED:
        scenes.NAMED[words]()
    else:
        raise AssertionError(f"no such setup: {words}")


def _put(city: Path, target: Path) -> None:
    above = Path(target.parts[0]) if target.parts else target
    if above.is_symlink():
        above.unlink()
    shutil.copytree(city, target, dirs_exist_ok=True)


def write_small(folder: Path) -> tuple[Path, Path]:
    """Write a city of 600 m whole, and with the layers and the image alone that most pages need."""
    manifest = write_sample(folder / "whole", size="small")
    few = folder / "few"
    few.mkdir()
    parts = re.split(r"(?m)^(?=\[)", manifest.read_text(encoding="utf-8"))
    (few / "city.toml").write_text("".join(filter(_kept, parts)), encoding="utf-8")
    for layer in sorted(CORE):
        frame = gpd.read_file(manifest.with_name("layers.gpkg"), layer=layer)
        frame.to_file(few / "layers.gpkg", layer=layer)
    for name in ("image_2026.tif", "mask_2026.tif"):
        shutil.copy(manifest.with_name(name), few)
    return manifest.parent, few


def _kept(part: str) -> bool:
    table = re.match(r"\[+(\w+)(?:\.(\w+))?", part)
    if not table:
        return True
    if table[1] == "image":
        return "2026" in part
    return table[1] not in LEFT_OUT and (table[1] != "layers" or table[2] in CORE)
