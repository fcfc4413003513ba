"""Chinese lines of a page are joined without a space; English ones keep theirs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

EXTENSIONS = Path(__file__).resolve().parents[1] / "docs" / "_ext"

pytestmark = pytest.mark.skipif(not EXTENSIONS.is_dir(), reason="no docs beside these tests")


def test_a_line_break_between_chinese_signs_goes_and_others_stay(monkeypatch):
    nodes = pytest.importorskip("docutils.nodes")
    utils = pytest.importorskip("docutils.utils")
    monkeypatch.setattr(sys, "path", [str(EXTENSIONS), *sys.path])
    from chinese_lines import join_lines

    page = utils.new_document("page")
    parts = ["一行，", "\n", "二行", "\n", "English", "\n", "more"]
    bold = nodes.strong("", "粗。")
    texts = [nodes.Text(part) for part in parts]
    page += nodes.paragraph("", "", *texts, nodes.Text("\n"), bold, nodes.Text(""))
    page[0] += [nodes.Text("\n"), nodes.Text("末行")]
    join_lines(None, page)
    assert page.astext() == "一行，二行\nEnglish\nmore\n粗。末行"
