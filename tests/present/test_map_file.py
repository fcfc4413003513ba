"""Map file: scale true in the points of the page, words as words, whole or not at all."""

from __future__ import annotations

import re
import struct
from itertools import pairwise
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream

from greenspace.errors import InputError
from greenspace.present.map_file import write_sheet
from tests.mapped import make_theme

SVG = "{http://www.w3.org/2000/svg}"


def drawn_square(path):
    """Return the sides in mm on paper of the first shape filled with the colour of the theme."""
    reader = PdfReader(path)
    filled = False
    corners = []
    for values, operator in ContentStream(reader.pages[0].get_contents(), reader).operations:
        numbers = [float(value) for value in values] if operator in {b"rg", b"m", b"l"} else []
        if operator == b"rg":
            filled = numbers == pytest.approx([0x4C / 255, 0xA6 / 255, 0x4C / 255], abs=1e-6)
        elif filled and numbers:
            corners.append(numbers)
        elif filled and operator == b"h":
            break
    sides = pairwise(corners)
    return [(abs(x1 - x0) + abs(y1 - y0)) / 72 * 25.4 for (x0, y0), (x1, y1) in sides]


@pytest.mark.parametrize(
    ("size", "scale", "side"),
    [("A4", 10_000, 100), ("A3", 5_000, 200), ("A0", 2_000, 500), ("A3", 12_345, 1e6 / 12_345)],
)
def test_a_kilometre_is_as_long_on_paper_as_the_scale_says(tmp_path, size, scale, side):
    path = write_sheet(make_theme(), tmp_path / "map.pdf", size=size, scale=scale)

    assert drawn_square(path) == pytest.approx([side] * 3, rel=1e-5)  # mm; four corners


def test_the_page_is_as_large_as_the_paper(tmp_path):
    path = write_sheet(make_theme(), tmp_path / "map.pdf", size="A4", landscape=False)
    page = PdfReader(path).pages[0].mediabox

    assert float(page.width) / 72 * 25.4 == pytest.approx(210, abs=0.01)
    assert float(page.height) / 72 * 25.4 == pytest.approx(297, abs=0.01)


def test_words_of_a_pdf_are_words(tmp_path):
    path = write_sheet(make_theme(), tmp_path / "map.pdf")
    told = PdfReader(path).pages[0].extract_text()

    for part in ("清河市 绿线规划图", "现状绿线", "审图号", "1:5 000", "3442000"):
        assert part in told
    assert b"/FontFile2" in path.read_bytes()
    assert b"/Type3" not in path.read_bytes()
    assert path.stat().st_size < 100_000  # the glyphs of the sheet, not the font


def test_words_of_an_svg_are_words_in_a_font_that_it_carries(tmp_path):
    path = write_sheet(make_theme(title="<script>$x$</script>"), tmp_path / "map.svg")
    root = ET.parse(path).getroot()  # noqa: S314  - our own
    told = [item.text for item in root.iter(f"{SVG}text")]
    style = "".join(item.text or "" for item in root.iter(f"{SVG}style"))

    assert "清河市 <script>$x$</script>" in told
    assert "现状绿线：1 处，0.00 公顷" in told
    assert "@font-face{font-family:'Noto Sans SC';src:url(data:font/woff;base64," in style
    for item in root.iter(f"{SVG}text"):
        assert "Noto Sans SC" in item.get("style")
    assert not list(root.iter(f"{SVG}script"))
    for item in root.iter():
        assert re.fullmatch(r"[\w.-]*", item.get("id", ""))


def test_a_png_has_the_dots_asked_for(tmp_path):
    path = write_sheet(make_theme(), tmp_path / "map.png", size="A4", landscape=True, dpi=72)

    assert struct.unpack(">II", path.read_bytes()[16:24]) == (841, 595)


@pytest.mark.parametrize("kind", ["pdf", "svg", "png"])
def test_the_same_bytes_twice_whatever_the_settings(tmp_path, kind):
    with mpl.rc_context({"axes.facecolor": "red", "font.size": 30, "svg.fonttype": "path"}):
        before = dict(mpl.rcParams)
        first = write_sheet(make_theme(), tmp_path / f"a.{kind}", size="A4", dpi=50)
        assert dict(mpl.rcParams) == before
    second = write_sheet(make_theme(), tmp_path / f"b.{kind}", size="A4", dpi=50)

    assert first.read_bytes() == second.read_bytes()


def test_a_file_is_replaced_only_when_asked(tmp_path):
    path = tmp_path / "map.png"
    path.write_text("mine")

    with pytest.raises(InputError):
        write_sheet(make_theme(), path, dpi=50)
    assert path.read_text() == "mine"
    write_sheet(make_theme(), path, dpi=50, force=True)
    assert path.read_bytes().startswith(b"\x89PNG")
    assert [item.name for item in tmp_path.iterdir()] == ["map.png"]


def test_nothing_is_left_where_drawing_fails(tmp_path):
    def extra(_):
        raise InputError("坏", "bad")

    with pytest.raises(InputError):
        write_sheet(make_theme(extra=extra), tmp_path / "deep" / "map.pdf")

    assert not list(tmp_path.rglob("*.pdf"))


@pytest.mark.parametrize("name", ["map.jpg", "map", "map.pdf.exe"])
def test_other_kinds_are_refused(tmp_path, name):
    with pytest.raises(InputError) as caught:
        write_sheet(make_theme(), tmp_path / name)

    assert caught.value.expected == (".pdf", ".svg", ".png")


@pytest.mark.parametrize("dpi", [0, 10, 100_000, 72.5, True])
def test_dots_that_no_picture_holds_are_refused(tmp_path, dpi):
    with pytest.raises(InputError):
        write_sheet(make_theme(), tmp_path / "map.png", dpi=dpi)
