"""Parts, by killing: whenever a run ends, the next one finds the old parts whole or the new ones."""

from __future__ import annotations

import os
import shutil

import pytest

from greenspace.errors import InputError
from greenspace.present.parts import replace_files, settle_leftovers

OLD = {"x.shp": "old", "x.dbf": "old", "x.sbn": "old"}
NEW = {"x.shp": "new", "x.dbf": "new", "x.names.csv": "new"}


def fill_with(content):
    def fill(folder):
        for name, text in content.items():
            (folder / name).write_text(text, encoding="utf-8")

    return fill


def texts(folder):
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir()
    fill_with(OLD)(folder)
    return folder


def test_old_parts_go_and_new_ones_come(home):
    replace_files(home / "x.shp", fill_with(NEW), old=[home / name for name in OLD])
    assert texts(home) == NEW


def test_whenever_a_run_is_killed_the_next_finds_one_set_whole(home, tmp_path, monkeypatch):
    moments = []
    rename = os.rename

    def seen(source, place):
        moments.append(shutil.copytree(home, tmp_path / f"killed {len(moments)}"))
        rename(source, place)

    monkeypatch.setattr("greenspace.present.parts.os.rename", seen)
    replace_files(home / "x.shp", fill_with(NEW), old=[home / name for name in OLD])
    monkeypatch.undo()
    assert len(moments) == 8  # three go, the rest is ready, three come, the three are done with
    found = []
    for moment in moments:
        left = {path.name for path in moment.glob("x.*")}
        assert "x.shp" not in left or left in (set(OLD), set(NEW))  # never a layer made of both
        settle_leftovers(moment / "x.shp")
        found.append(texts(moment))
    assert found == [OLD] * 4 + [NEW] * 4


def test_a_move_that_fails_is_undone(home, monkeypatch):
    rename = os.rename
    for last in range(1, 8):
        calls = []

        def failing(source, place, last=last, calls=calls):
            calls.append(source)
            if len(calls) == last:
                raise PermissionError(13, "in use")
            rename(source, place)

        monkeypatch.setattr("greenspace.present.parts.os.rename", failing)
        with pytest.raises(InputError):
            replace_files(home / "x.shp", fill_with(NEW), old=[home / name for name in OLD])
        assert texts(home) == OLD


def test_what_cannot_be_put_back_is_kept_for_the_next_run(home, monkeypatch):
    rename, calls = os.rename, []

    def broken_after_two(source, place):
        calls.append(source)
        if len(calls) > 2:
            raise OSError(5, "the disk is gone")
        rename(source, place)

    monkeypatch.setattr("greenspace.present.parts.os.rename", broken_after_two)
    with pytest.raises(InputError):
        replace_files(home / "x.shp", fill_with(NEW), old=[home / name for name in OLD])
    monkeypatch.undo()
    assert not (home / "x.shp").exists()
    settle_leftovers(home / "x.shp")
    assert texts(home) == OLD
