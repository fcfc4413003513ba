"""The pages say what is so: none is lost, and what they list is whole."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from greenspace.present import record
from greenspace.read.definitions import read_profile

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGES = sorted(page for page in DOCS.rglob("*.md") if "cards" not in page.parts)
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)

pytestmark = pytest.mark.skipif(not DOCS.is_dir(), reason="no docs beside these tests")


def test_the_standard_of_ones_own_is_read_as_the_page_says(tmp_path):
    page = (DOCS / "how_to" / "own_standard.md").read_text(encoding="utf-8")
    (tmp_path / "our.toml").write_text(
        "\n".join(body for kind, body in BLOCK.findall(page) if kind == "toml"), encoding="utf-8"
    )

    rows = {row.indicator: row for row in read_profile(tmp_path / "our.toml").at("garden")}

    assert rows["green_space_ratio"].thresholds[0].values == (0.40,)
    assert {number.mark for number in rows["green_space_ratio"].thresholds} == {"user"}
    assert [number.values for number in rows["park_area_per_capita"].thresholds] == [(7.5,), (9.0,)]


def test_every_key_of_check_json_stands_on_its_page():
    page = (DOCS / "reference" / "check_json.md").read_text(encoding="utf-8")
    source = Path(record.__file__).read_text(encoding="utf-8")
    keys = {
        key.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    }

    assert [key for key in sorted(keys - {"zh", "en"}) if f"`{key}`" not in page] == []


@pytest.mark.parametrize("page", sorted((DOCS / "decisions").glob("0*.md")), ids=lambda p: p.stem)
def test_a_decision_says_what_would_change_our_mind(page):
    text = page.read_text(encoding="utf-8")

    assert [part for part in ("## Context", "## Choice", "## What would") if part not in text] == []


def test_every_page_is_listed_somewhere():
    listed = "\n".join(page.read_text(encoding="utf-8") for page in PAGES if page.stem == "index")
    lost = [page.stem for page in PAGES if page.stem not in {"index", "0000-template"}]

    assert [stem for stem in lost if stem not in listed] == []
