"""A drawing of green lines, read back by ezdxf and by GDAL: the same rings, areas and words."""

from __future__ import annotations

import os
import subprocess
import sys
from io import StringIO

import ezdxf
import numpy as np
import pytest
import shapely

from greenspace.present.drawing import drawing_dxf, fitting_scale
from greenspace.read.vector import read_layer
from tests.green_plan import EAST, NORTH, lines, points

OUTLINE = "绿线-"
WIDE = {ord(sign): ord(sign) + 0xFEE0 for sign in "\\{}^%"}  # U+FF01 is the wide form of U+0021


@pytest.fixture(scope="module")
def drawn():
    return lines()


@pytest.fixture(scope="module")
def path(drawn, tmp_path_factory):
    path = tmp_path_factory.mktemp("drawing") / "lines.dxf"
    text = drawing_dxf(drawn, points(drawn), title="清河绿线图{\\P}")
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


@pytest.fixture(scope="module")
def doc(path):
    return ezdxf.readfile(path)


def rings(doc):
    return list(doc.modelspace().query("LWPOLYLINE"))


def area(polyline):
    return shapely.Polygon(polyline.get_points("xy")).area


def words(doc):
    texts = [item.dxf.text for item in doc.modelspace().query("TEXT")]
    return texts + [item.plain_text() for item in doc.modelspace().query("MTEXT")]


def test_ezdxf_s_auditor_finds_no_error(doc):
    auditor = doc.audit()
    assert not auditor.errors
    assert not auditor.fixes


def test_each_ring_is_one_closed_polyline_of_the_same_area(doc):
    found = rings(doc)
    assert [item.closed for item in found] == [True] * 4  # three lines, one with a hole
    # 400 x 300, its hole 100 x 100, 60 x 300, 460 x 80
    assert [area(item) for item in found] == pytest.approx([120_000, 10_000, 18_000, 36_800])


def test_corners_are_the_lines_own_to_the_millimetre(doc, drawn):
    shape = drawn.lines.geometry[0]
    edge = rings(doc)[0].get_points("xy")
    assert edge == [tuple(at) for at in shapely.get_coordinates(shape.exterior)[:-1]]
    assert (EAST, NORTH) in edge  # x is east, y is north


def test_hatches_have_the_holes_and_are_bound_to_the_rings(doc):
    hatches = [item for item in doc.modelspace().query("HATCH") if "填充" in item.dxf.layer]
    assert [len(item.paths) for item in hatches] == [2, 1, 1]
    bound = [path.source_boundary_objects for item in hatches for path in item.paths]
    assert bound == [[ring.dxf.handle] for ring in rings(doc)]


def test_line_types_tell_existing_planned_and_control_apart(doc):
    kinds = {
        name: doc.layers.get(name).dxf.linetype for name in (ring.dxf.layer for ring in rings(doc))
    }
    assert kinds == {
        "绿线-现状-公园绿地": "CONTINUOUS",
        "绿线-规划-防护绿地": "GL_DASHED",
        "绿线-生态控制-河湖岸线绿地": "GL_DASHDOT",
    }
    dashes = doc.linetypes.get("GL_DASHED").pattern_tags.tags
    # 460 m x 400 m fit an A1 at 1:1000 and not at 1:500, so a dash of 4 mm is 4 m
    assert [value for code, value in dashes if code == 49] == [4.0, -2.0]
    assert all(ring.dxf.flags & 128 for ring in rings(doc))  # dashes run round corners


def test_units_are_metres_and_text_is_of_a_version_in_utf_8(doc):
    assert doc.units == ezdxf.units.M
    assert doc.dxfversion >= "AC1021"
    assert doc.styles.get("GREENSPACE").dxf.font == "simsun.ttc"


def test_names_of_data_are_words_and_never_codes(doc):
    label = next(item for item in doc.modelspace().query("MTEXT") if "L002" in item.text)
    said = "防护{\\fArial;林}\\P%%c^J [31m 带\\U+0041".translate(WIDE)
    assert label.text.split("\\P") == ["L002", said, "1.80 公顷"]
    assert "清河绿线图{\\P}".translate(WIDE) in words(doc)
    for item in doc.modelspace().query("TEXT"):
        assert not set("\\{}^") & set(item.dxf.text)


def test_control_points_stand_where_the_table_says(doc, drawn):
    table = points(drawn)
    found = {
        (round(item.dxf.location.x, 3), round(item.dxf.location.y, 3))
        for item in doc.modelspace().query("POINT")
    }
    assert found == {(row.y, row.x) for row in table.points.round(3).itertuples()}
    said = words(doc)
    columns = [text.split("\n") for text in said if text.count("\n") == 15]  # 8 + 4 + 4 corners
    assert columns == [
        table.courses["line"].tolist(),
        table.courses["point"].astype(str).tolist(),
        *([f"{value:.3f}" for value in table.courses[name]] for name in ("x", "y", "edge_m")),
    ]
    assert {"X（北）", "Y（东）"} <= set(said)
    assert any("CGCS2000" in text and "EPSG:4547" in text for text in said)


def test_a_zone_before_y_stays_out_of_the_drawing(drawn):
    text = drawing_dxf(drawn, points(drawn, prefix=38))
    assert f"38{EAST:.3f}" in text  # in the table
    doc = ezdxf.read(StringIO(text))
    east = [item.dxf.location.x for item in doc.modelspace().query("POINT")]
    assert min(east) == EAST


def test_gdal_reads_the_same_areas_and_words(path, drawn):
    found = read_layer(path, crs="EPSG:4547")  # which hears of UTF-8
    edges = found[found["Layer"].str.startswith(OUTLINE)]
    assert len(edges) == 4
    areas = shapely.area(shapely.polygons([shapely.get_coordinates(e) for e in edges.geometry]))
    assert areas == pytest.approx([120_000, 10_000, 18_000, 36_800], rel=1e-6)
    fills = found[found["Layer"].str.startswith("填充-")]
    assert shapely.area(fills.geometry.to_numpy()) == pytest.approx(
        drawn.lines["area_m2"], rel=1e-6
    )
    assert any("城南公园" in str(text) for text in found["Text"])


def test_english_layers_are_ascii_and_carry_the_chinese_name(drawn):
    doc = ezdxf.read(StringIO(drawing_dxf(drawn, language="en")))
    names = [layer.dxf.name for layer in doc.layers]
    assert "GREENLINE-EXISTING-PARK" in names
    assert all(name.isascii() for name in names)
    assert doc.layers.get("FILL-PLANNED-PROTECTIVE").description == "填充-规划-防护绿地"
    assert not doc.modelspace().query("POINT")  # none were given


def test_the_same_lines_are_the_same_bytes_in_another_process(path):
    code = (
        "import sys; from tests.green_plan import lines, points; d = lines();"
        "from greenspace.present.drawing import drawing_dxf;"
        "sys.stdout.buffer.write("
        "drawing_dxf(d, points(d), title='清河绿线图{\\\\P}').encode())"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=True,
    )
    assert run.stdout == path.read_bytes()


def test_a_plan_as_wide_as_a_province_still_has_a_scale():
    assert fitting_scale((0, 0, 5e6, 1)) == 500_000


def test_a_label_is_no_larger_than_its_line(drawn):
    small = drawn.lines.copy()
    small.geometry = [shapely.affinity.scale(s, 0.01, 0.01) for s in small.geometry]
    doc = ezdxf.read(StringIO(drawing_dxf(type(drawn)(
        lines=small.round(3), changes=drawn.changes, limits=None), scale=1000)))  # fmt: skip
    heights = [item.dxf.char_height for item in doc.modelspace().query("MTEXT")]
    assert max(heights) <= 3.0
    assert np.isclose(min(heights), 0.6)  # a fifth of 3 mm at 1:1000
