"""The gallery shows the code that drew its pictures, and small pictures only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

DOCS = Path(__file__).resolve().parents[1] / "docs"
PICTURES = sorted((DOCS / "images" / "gallery").glob("*.png"))
CELL = re.compile(r"^# %% ([^\n]+)\n(.*?)(?=^# %%|\Z)", re.DOTALL | re.MULTILINE)
BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
MOST_BYTES, MOST_BYTES_TOGETHER = 150_000, 1_200_000

pytestmark = pytest.mark.skipif(not DOCS.is_dir(), reason="no docs beside these tests")


def test_the_code_on_the_page_is_the_code_of_the_script():
    script = (DOCS / "gallery" / "draw.py").read_text(encoding="utf-8")
    page = (DOCS / "gallery" / "index.md").read_text(encoding="utf-8")
    cells = {name: code.strip() for name, code in CELL.findall(script)}
    cells.pop("not on the page")

    assert [block.strip() for block in BLOCK.findall(page)] == list(cells.values())


def test_every_picture_stands_on_the_page_and_every_cell_has_one():
    page = (DOCS / "gallery" / "index.md").read_text(encoding="utf-8")
    script = (DOCS / "gallery" / "draw.py").read_text(encoding="utf-8")
    shown = re.findall(r"images/gallery/(\w+)\.png", page)
    names = [name for name, _ in CELL.findall(script) if name not in {"setup", "not on the page"}]

    assert shown == names
    chinese = {"service_zh"}  # stands on the Chinese landing page
    assert sorted({*shown, *chinese}) == [path.stem for path in PICTURES]


def test_pictures_are_small_and_whole():
    sizes = {path.name: path.stat().st_size for path in PICTURES}

    assert [name for name, size in sizes.items() if size > MOST_BYTES] == []
    assert sum(sizes.values()) < MOST_BYTES_TOGETHER
    for path in PICTURES:
        with Image.open(path) as picture:
            picture.verify()
