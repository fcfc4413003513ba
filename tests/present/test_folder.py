"""Folder: whole or not at all, and nothing of anyone else's."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from greenspace.errors import InputError
from greenspace.present import folder as rooms
from greenspace.present.folder import foreign_files, replace_folder, write_text_atomically


def fill(text="new"):
    def write(place):
        (place / "sub").mkdir()
        (place / "sub" / "a.txt").write_text(text, encoding="utf-8")
        listed = {"software": {"name": "greenspace"}, "files": [{"path": "sub/a.txt"}]}
        (place / "run.json").write_text(json.dumps(listed), encoding="utf-8")

    return write


def content(place):
    return {
        path.relative_to(place).as_posix(): path.read_bytes() if path.is_file() else None
        for path in place.rglob("*")
    }


def broken(error):
    def write(place):
        (place / "half.txt").write_text("half", encoding="utf-8")
        raise error

    return write


def test_a_new_folder_and_its_parents_are_made(tmp_path):
    made = replace_folder(tmp_path / "x" / "y" / "out", fill())

    assert made == tmp_path / "x" / "y" / "out"
    assert (made / "sub" / "a.txt").read_text(encoding="utf-8") == "new"
    assert [path.name for path in made.parent.iterdir()] == ["out"]


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "out").mkdir()

    replace_folder(tmp_path / "out", fill())

    assert (tmp_path / "out" / "run.json").exists()


@pytest.mark.parametrize("error", [RuntimeError("x"), KeyboardInterrupt(), OSError("disk full")])
@pytest.mark.parametrize("before", ["nothing", "empty", "results"])
def test_a_failure_leaves_everything_as_it_was(tmp_path, error, before):
    out = tmp_path / "deep" / "out"
    if before == "empty":
        out.mkdir(parents=True)
    if before == "results":
        replace_folder(out, fill("old"))
    was = content(tmp_path)

    with pytest.raises(InputError if isinstance(error, OSError) else type(error)):
        replace_folder(out, broken(error), force=True)

    assert content(tmp_path) == was


def test_a_full_folder_is_refused_without_force(tmp_path):
    replace_folder(tmp_path / "out", fill("old"))

    with pytest.raises(InputError) as caught:
        replace_folder(tmp_path / "out", fill())

    assert "--force" in caught.value.remedy.zh
    assert (tmp_path / "out" / "sub" / "a.txt").read_text(encoding="utf-8") == "old"


def test_force_replaces_results_of_ours(tmp_path):
    replace_folder(tmp_path / "out", fill("old"))
    replace_folder(tmp_path / "out", fill("new"), force=True)

    assert (tmp_path / "out" / "sub" / "a.txt").read_text(encoding="utf-8") == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    ("name", "foreign"),
    [("thesis.docx", ["thesis.docx"]), ("sub/b.txt", ["sub/b.txt"]), ("mine/", ["mine"])],
)
def test_force_never_takes_what_is_not_ours(tmp_path, name, foreign):
    out = replace_folder(tmp_path / "out", fill("old"))
    if name.endswith("/"):
        (out / name).mkdir()
    else:
        (out / name).write_text("mine", encoding="utf-8")

    with pytest.raises(InputError) as caught:
        replace_folder(out, fill(), force=True)

    assert list(caught.value.rows) == foreign
    assert (out / name).exists()


@pytest.mark.parametrize(
    "run", ["", "[]", "{}", '{"software": {"name": "other"}, "files": [{"path": "a"}]}', "\xff"]
)
def test_a_folder_without_a_run_file_of_ours_is_foreign(tmp_path, run):
    (tmp_path / "a").write_text("mine", encoding="utf-8")
    (tmp_path / "run.json").write_text(run, encoding="latin-1")

    assert "a" in foreign_files(tmp_path)


def test_the_old_results_come_back_when_the_last_step_fails(tmp_path, monkeypatch):
    out = replace_folder(tmp_path / "out", fill("old"))
    was = content(tmp_path)
    rename = rooms.os.rename

    def stubborn(source, target):
        if str(source).endswith(".tmp"):
            raise PermissionError(13, "in use")
        rename(source, target)

    monkeypatch.setattr(rooms.os, "rename", stubborn)

    with pytest.raises(InputError):
        replace_folder(out, fill(), force=True)

    assert content(tmp_path) == was


@pytest.mark.parametrize("force", [True, False])
@pytest.mark.parametrize("where", [".", "..", "data"])
def test_a_folder_that_holds_inputs_is_refused(tmp_path, force, where):
    home = tmp_path / "city"
    (home / "data").mkdir(parents=True)
    inputs = [home / "city.toml", home / "data" / "a.shp"]
    for path in inputs:
        path.write_text("x", encoding="utf-8")
    was = content(tmp_path)

    with pytest.raises(InputError):
        replace_folder(home / where, fill(), force=force, protected=inputs)

    assert content(tmp_path) == was


def test_a_folder_beside_the_inputs_is_fine(tmp_path):
    (tmp_path / "city.toml").write_text("x", encoding="utf-8")

    assert replace_folder(tmp_path / "out", fill(), protected=[tmp_path / "city.toml"]).is_dir()


@pytest.mark.parametrize("place", ["file", "file/out"])
def test_a_file_in_the_way_is_refused(tmp_path, place):
    (tmp_path / "file").write_text("mine", encoding="utf-8")

    with pytest.raises(InputError):
        replace_folder(tmp_path / place, fill(), force=True)

    assert content(tmp_path) == {"file": b"mine"}


def test_a_link_is_followed_and_kept(tmp_path):
    (tmp_path / "real").mkdir()
    try:
        (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    except OSError:
        pytest.skip("links are not allowed here")

    replace_folder(tmp_path / "link", fill())

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "run.json").exists()


def test_one_file_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "new" / "city.toml"
    write_text_atomically(path, "清河\n")

    with pytest.raises(InputError):
        write_text_atomically(path, "other")
    write_text_atomically(path, "again\n", force=True)

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_text_atomically(path, "half", force=True)

    assert content(tmp_path / "new") == {"city.toml": b"again\n"}


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path):
    with pytest.raises(InputError):
        write_text_atomically(tmp_path, "x", force=True)


def test_old_results_are_gone_even_if_interrupted_while_deleting(tmp_path, monkeypatch):
    out = replace_folder(tmp_path / "out", fill("old"))
    remove, calls = shutil.rmtree, []

    def once(place, **options):
        calls.append(place)
        if len(calls) == 1:
            raise KeyboardInterrupt
        remove(place, **options)

    monkeypatch.setattr(rooms.shutil, "rmtree", once)
    with pytest.raises(KeyboardInterrupt):
        replace_folder(out, fill("new"), force=True)

    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (out / "sub" / "a.txt").read_text(encoding="utf-8") == "new"
