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
