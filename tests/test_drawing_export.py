"""gs.write_drawing: one DXF, whole or not at all, and refused with the next step."""

from __future__ import annotations

from dataclasses import replace

import ezdxf
import pytest

import greenspace as gs
from greenspace.errors import CrsError, GeometryError, InputError
from tests.green_plan import lines, points


def test_a_drawing_is_written_and_reads_back(tmp_path):
    drawn = lines()
    path = gs.write_drawing(drawn, tmp_path / "图.dxf", points=points(drawn), title="清河")
    assert path == tmp_path / "图.dxf"
    assert len(ezdxf.readfile(path).modelspace().query("LWPOLYLINE")) == 4
    assert [item.name for item in tmp_path.iterdir()] == ["图.dxf"]


def test_nothing_is_overwritten_without_force(tmp_path):
    path = tmp_path / "lines.dxf"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        gs.write_drawing(lines(), path)
    assert refused.value.remedy is not None
    assert path.read_text(encoding="utf-8") == "mine"
    gs.write_drawing(lines(), path, force=True)
    assert ezdxf.readfile(path)


def test_a_dwg_and_a_scale_of_nothing_are_refused(tmp_path):
    with pytest.raises(InputError) as refused:
        gs.write_drawing(lines(), tmp_path / "lines.dwg")
    assert refused.value.found == ".dwg"
    with pytest.raises(InputError) as refused:
        gs.write_drawing(lines(), tmp_path / "lines.dxf", scale=0)
    assert refused.value.found == 0
    assert not list(tmp_path.iterdir())


def test_no_line_and_points_of_another_plane_are_refused(tmp_path):
    drawn = lines()
    with pytest.raises(GeometryError):
        gs.write_drawing(replace(drawn, lines=drawn.lines.head(0)), tmp_path / "a.dxf")
    with pytest.raises(CrsError):
        gs.write_drawing(drawn, tmp_path / "a.dxf", points=points(lines(crs=4548)))


def test_a_city_s_own_grid_is_drawn_and_said(tmp_path):
    own = gs.write_drawing(lines(crs=None), tmp_path / "own.dxf")
    text = own.read_text(encoding="utf-8")
    assert "坐标系：无代码的坐标系" in text


def test_lines_with_the_zone_before_y_are_drawn_without_it(tmp_path):
    plain = lines()
    there = plain.lines.translate(38e6).set_crs(4526, allow_override=True)
    drawn = replace(plain, lines=plain.lines.set_geometry(there, crs=4526))
    path = gs.write_drawing(drawn, tmp_path / "a.dxf", points=gs.control_points(drawn))
    rings = list(ezdxf.readfile(path).modelspace().query("LWPOLYLINE"))
    assert rings
    assert all(0 < x < 1e6 for ring in rings for x, *_ in ring.get_points())


def test_points_of_other_lines_are_refused(tmp_path):
    drawn = lines()
    moved = drawn.lines.set_geometry(drawn.lines.translate(1.0))
    with pytest.raises(InputError) as refused:
        gs.write_drawing(drawn, tmp_path / "a.dxf", points=points(replace(drawn, lines=moved)))
    assert len(refused.value.rows) == len(drawn.lines)


@pytest.mark.parametrize("wrong", [{"scale": "2000"}, {"scale": float("inf")}, {"language": "fr"}])
def test_what_is_no_scale_or_language_is_refused(tmp_path, wrong):
    with pytest.raises(InputError) as refused:
        gs.write_drawing(lines(), tmp_path / "a.dxf", **wrong)
    assert refused.value.found in wrong.values()


def test_a_frame_and_a_folder_are_refused(tmp_path):
    with pytest.raises(InputError) as refused:
        gs.write_drawing(lines().lines, tmp_path / "a.dxf")
    assert refused.value.expected == "GreenLines"
    (tmp_path / "f.dxf").mkdir()
    with pytest.raises(InputError):
        gs.write_drawing(lines(), tmp_path / "f.dxf", force=True)


def test_a_name_as_long_as_a_page_is_cut_and_the_drawing_reads_back(tmp_path):
    drawn = lines()
    named = drawn.lines.assign(
        name="园" * 400, number=[f"{'长' * 300}{i}" for i in range(len(drawn.lines))]
    )
    long = replace(drawn, lines=named)
    path = gs.write_drawing(long, tmp_path / "a.dxf", points=points(long), title="题" * 300)
    assert len(gs.read_layer(path, crs="EPSG:4547")) > 0
