"""Fonts: glyphs on a machine without any Chinese font, and nothing global changed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib import font_manager

from greenspace.errors import MissingExtraError
from greenspace.present import fonts


def test_without_system_fonts_the_carried_one_is_taken(monkeypatch):
    monkeypatch.setattr(fonts, "system_fonts", tuple)

    assert fonts.font_file().name == "NotoSansSC-Regular.ttf"


def test_with_no_font_at_all_the_refusal_names_the_package(monkeypatch):
    monkeypatch.setattr(fonts, "system_fonts", tuple)
    monkeypatch.setattr(fonts, "carried_fonts", tuple)

    with pytest.raises(MissingExtraError) as caught:
        fonts.chinese_font()

    assert "zhplot" in caught.value.remedy.en


def test_a_font_that_claims_but_lacks_the_glyphs_is_passed_over(monkeypatch):
    latin = Path(font_manager.findfont("DejaVu Sans"))
    monkeypatch.setattr(fonts, "system_fonts", lambda: (latin, Path("/no/such.ttf")))

    assert fonts.font_file() != latin


def test_a_file_that_is_no_truetype_is_passed_over(monkeypatch, tmp_path):
    odd = tmp_path / "odd.ttc"
    odd.write_bytes(b"ttcf" + bytes(100))
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"\x00\x01\x00\x00" + bytes(100))
    monkeypatch.setattr(fonts, "system_fonts", lambda: (odd, broken))

    assert fonts.font_file().name == fonts.CARRIED


def test_what_the_font_lacks_becomes_a_question_mark():
    assert fonts.drawable("绿😀\n园") == "绿?\n园"


def test_settings_stay_and_neither_zhplot_nor_pyplot_is_imported():
    code = (
        "import sys, matplotlib; before = dict(matplotlib.rcParams);"
        "from greenspace.present import fonts, maps, charts, sheets; fonts.chinese_font(9);"
        "assert dict(matplotlib.rcParams) == before;"
        "assert 'zhplot' not in sys.modules and 'matplotlib.pyplot' not in sys.modules"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert mpl.rcParams["font.family"] == ["sans-serif"]
