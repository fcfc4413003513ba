"""Writing, by faults and by what is there already: nothing of anyone's is lost, nothing is half done."""

from __future__ import annotations

import os
import shutil

import numpy as np
import pytest

from greenspace.errors import InputError
from greenspace.exchange import write_layer
from greenspace.read.vector import list_layers, read_layer
from tests.written import KINDS, SQUARE, files, layer, values

# Nothing of anyone's is lost


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_there_stays_without_force_and_goes_with_it(tmp_path, kind):
    path = write_layer(layer(), tmp_path / f"x{kind}").path
    before = files(tmp_path)
    with pytest.raises(InputError):
        write_layer(layer({"新": [7, 8]}), path)
    assert files(tmp_path) == before
    write_layer(layer({"新": [7, 8]}), path, force=True)
    assert values(read_layer(path)) == [(7,), (8,)]


@pytest.mark.parametrize("stale", ["x.dbf", "x.CPG", "x.sbn", "x.qix", "x.shp.xml", "x.names.csv"])
def test_one_part_that_is_left_of_a_shapefile_counts_as_there(tmp_path, stale):
    (tmp_path / stale).write_bytes(b"old")
    (tmp_path / "x.txt").write_bytes(b"mine")
    with pytest.raises(InputError) as caught:
        write_layer(layer({"名": ["东", "西"]}), tmp_path / "x.shp")
    assert stale in caught.value.found
    write_layer(layer({"名": ["东", "西"]}), tmp_path / "x.shp", force=True)
    left = files(tmp_path)
    assert left.get(stale) != b"old"
    assert left["x.txt"] == b"mine"
    assert values(read_layer(tmp_path / "x.shp")) == [("东",), ("西",)]


def test_a_second_layer_leaves_the_first(tmp_path):
    path = tmp_path / "city.gpkg"
    write_layer(layer(), path, layer="公园")
    write_layer(layer({"k": [1, 2]}), path, layer='O\'Neill "green"; --')
    assert [info.name for info in list_layers(path)] == ["公园", 'O\'Neill "green"; --']
    with pytest.raises(InputError):
        write_layer(layer({"k": [3, 4]}), path, layer="公园")
    write_layer(layer({"k": [3, 4]}), path, layer="公园", force=True)
    assert values(read_layer(path, layer="公园")) == [(3,), (4,)]
    assert values(read_layer(path, layer='O\'Neill "green"; --')) == [(1,), (2,)]


@pytest.mark.parametrize("tail", ["-wal", "-journal"])
def test_a_geopackage_that_is_open_elsewhere_is_left_alone(tmp_path, tail):
    path = write_layer(layer(), tmp_path / "x.gpkg").path
    (tmp_path / f"x.gpkg{tail}").write_bytes(b"")
    with pytest.raises(InputError):
        write_layer(layer(), path, layer="other", force=True)


@pytest.mark.parametrize("path", ["x.dwg", "x.shp.zip", "folder.gpkg"])
def test_a_place_that_cannot_be_written_is_refused(tmp_path, path):
    (tmp_path / "folder.gpkg").mkdir()
    with pytest.raises(InputError):
        write_layer(layer(), tmp_path / path, force=True)


@pytest.mark.parametrize("options", [{"layer": "other"}, {"encoding": "latin-1"}, {"layer": " "}])
def test_what_a_shapefile_cannot_be_asked_is_refused(tmp_path, options):
    with pytest.raises(InputError):
        write_layer(layer(), tmp_path / "x.shp", **options)
    with pytest.raises(InputError):
        write_layer(layer(), tmp_path / "x.gpkg", encoding="gbk")


# Faults


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("step", ["mkdir", "write", "read", "place"])
def test_a_fault_at_any_step_leaves_everything_as_it_was(tmp_path, monkeypatch, kind, step):
    path = write_layer(layer(), tmp_path / f"x{kind}").path
    before = files(tmp_path)

    def full(*_args, **_words):
        raise OSError(28, "No space left on device")

    real, moves = os.rename, []

    def third(source, place):
        moves.append(source)
        if len(moves) == 3:
            full()
        real(source, place)

    if step == "place":
        monkeypatch.setattr("greenspace.present.parts.os.rename", third)
        monkeypatch.setattr("pathlib.Path.replace", full)
    else:
        where = {
            "mkdir": "pathlib.Path.mkdir",
            "write": "greenspace.exchange.write_vector",
            "read": "greenspace.exchange.reader_of",
        }[step]
        monkeypatch.setattr(where, full)
    with pytest.raises(InputError) as caught:
        write_layer(layer({"新": [7, 8]}), path, force=True)
    assert "No space left" in str(caught.value)
    assert caught.value.file == str(path)
    assert files(tmp_path) == before


def test_a_file_cut_short_on_a_full_disk_is_not_taken_for_whole(tmp_path, monkeypatch):
    from greenspace import exchange

    def cut_short(frame, columns, path, **words):
        write(frame, columns, path, **words)
        os.truncate(path, path.stat().st_size // 2)

    write = exchange.write_vector
    monkeypatch.setattr(exchange, "write_vector", cut_short)
    for kind in KINDS:
        with pytest.raises(InputError):
            write_layer(layer(), tmp_path / f"x{kind}")
    assert files(tmp_path) == {}


def test_a_name_map_of_another_table_is_told_and_left_alone(tmp_path):
    path = write_layer(layer({"名": ["东", "西"]}), tmp_path / "x.shp").path
    for content in ("field,name\n无,有\n", "field,name\n名,geometry\n", "rubbish", "\xff"):
        path.with_suffix(".names.csv").write_text(content, encoding="utf-16-le")
        path.with_suffix(".names.csv").write_bytes(content.encode())
        back = read_layer(path)
        assert list(back.columns) == ["名", "geometry"]
        assert "name_map_unfit" in {finding.code for finding in back.attrs["findings"]}


def test_a_name_that_a_spreadsheet_would_run_is_kept_as_text_in_the_name_map(tmp_path):
    before = layer({"=HYPERLINK(1)": [1, 2], "'quoted name": [3, 4]})
    path = write_layer(before, tmp_path / "x.shp").path
    assert list(read_layer(path).columns) == list(before.columns)
    lines = path.with_suffix(".names.csv").read_text(encoding="utf-8-sig").splitlines()
    assert not any(cell.startswith("=") for line in lines for cell in line.split(","))


def test_series_are_written_too(tmp_path):
    path = write_layer(layer().geometry, tmp_path / "x.gpkg").path
    assert np.isclose(read_layer(path).area.sum(), 2 * SQUARE.area)
    shutil.rmtree(tmp_path)
