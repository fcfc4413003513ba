"""The page on green lines: its blocks of Python run in their order, on the sample city."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[1] / "docs" / "how_to" / "green_lines.md"
BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)

pytestmark = pytest.mark.skipif(not PAGE.is_file(), reason="no docs beside these tests")


@pytest.mark.slow
def test_the_page_runs_from_top_to_bottom(repository, tmp_path, monkeypatch):
    (tmp_path / "data").symlink_to(repository / "data")
    monkeypatch.chdir(tmp_path)
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    names = {}
    for block in blocks:
        names["revised"] = names.get("lines")
        exec(compile(block, PAGE.name, "exec"), names)  # noqa: S102  - our own page

    assert len(blocks) == 6
    assert (tmp_path / "tables" / "control_points.docx").is_file()
    assert (tmp_path / "out" / "lines.gpkg").is_file()
    assert names["approved"].lines["number"].is_unique
