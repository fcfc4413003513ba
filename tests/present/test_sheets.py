"""Sheets: a picture of the promised size, a page that prints, the same bytes twice."""

from __future__ import annotations

import struct
from dataclasses import replace

import matplotlib as mpl
import pytest

from greenspace.present.sheets import draw_sheets


@pytest.fixture(scope="module")
def sheets(builder):
    return draw_sheets(builder(), "zh")


def test_every_sheet_that_can_be_drawn_at_200_dpi(sheets):
    names = [sheet.name for sheet in sheets]
    assert names == ["vegetation", "green_space", "parks", "service", "nature"]
    for sheet in sheets:
        width, height = struct.unpack(">II", sheet.png[16:24])
        assert (width, height) == (2338, 1654)  # 11.69 x 8.27 inches


def test_fonts_are_embedded_as_truetype(sheets):
    for sheet in sheets:
        assert sheet.pdf.startswith(b"%PDF")
        assert b"/FontFile2" in sheet.pdf
        assert len(sheet.pdf) < 200_000  # the glyphs of the sheets, not the font
        assert b"/Type3" not in sheet.pdf


def test_no_time_stamps_and_no_trace_in_the_settings(check):
    alone = replace(check, picture=None, layers={"green": check.layers["green"]})
    with mpl.rc_context({"axes.facecolor": "red", "font.size": 30}):
        before = dict(mpl.rcParams)
        (first,) = draw_sheets(alone, "en")
        assert dict(mpl.rcParams) == before
    (second,) = draw_sheets(alone, "en")

    assert (first.png, first.pdf) == (second.png, second.pdf)
    assert b"CreationDate" not in first.pdf
