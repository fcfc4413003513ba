"""A check that is killed leaves no half results, and the next one starts clean.

``pytest -m slow tests/faults`` kills a check at many moments of its life.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from uuid import uuid4

import pytest
from filelock import FileLock

from greenspace.errors import InputError
from greenspace.present.folder import replace_folder

PATIENCE_S = 120


def checksums(folder):
    return {
        path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def start(manifest, out, *options):
    command = [sys.executable, "-m", "greenspace", "check", str(manifest), "-o", str(out), *options]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def kill_when(running, ready):
    """Kill a run as soon as something is true; return whether it was still alive."""
    limit = time.monotonic() + PATIENCE_S
    while running.poll() is None and not ready() and time.monotonic() < limit:
        time.sleep(0.005)
    running.kill()
    return running.wait() != 0


def writing(out):
    return lambda: any((folder / "maps").is_dir() for folder in out.parent.glob(".out.*.tmp"))


def test_a_killed_check_leaves_nothing_and_the_next_one_starts_clean(town, tmp_path):
    out = tmp_path / "out"
    before = checksums(town)
    assert kill_when(start(town / "polygons.toml", out), writing(out))

    assert not out.exists()
    assert start(town / "polygons.toml", out).wait(PATIENCE_S) == 0
    assert (out / "check.json").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert checksums(town) == before


@pytest.mark.slow
@pytest.mark.parametrize("moment_s", [0.2, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0])
def test_whenever_it_is_killed_there_are_the_old_results_or_the_new(town, tmp_path, moment_s):
    out = tmp_path / "out"
    assert start(town / "polygons.toml", out).wait(PATIENCE_S) == 0
    old = checksums(out)
    began = time.monotonic()
    running = start(town / "polygons.toml", out, "--force")
    kill_when(running, lambda: time.monotonic() - began > moment_s)

    left = checksums(out) if out.exists() else old
    stable = {path for path in old if path.suffix == ".json" and path.name != "run.json"}
    assert {path: left[path] for path in stable} == {path: old[path] for path in stable}
    assert start(town / "polygons.toml", out, "--force").wait(PATIENCE_S) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def fill(folder):
    (folder / "a.txt").write_text("new", encoding="utf-8")


def test_results_that_a_killed_run_had_set_aside_come_back(tmp_path):
    aside = tmp_path / f".out.{uuid4().hex[:8]}.old"
    aside.mkdir()
    (aside / "a.txt").write_text("old", encoding="utf-8")

    with pytest.raises(InputError):  # they are there again, and not ours to replace
        replace_folder(tmp_path / "out", fill, force=True)
    with pytest.raises(InputError):
        replace_folder(tmp_path / "out", fill)

    assert (tmp_path / "out" / "a.txt").read_text(encoding="utf-8") == "old"


def test_the_folder_of_a_run_at_work_is_left_alone(tmp_path):
    working = tmp_path / ".out.0123abcd.tmp"
    working.mkdir()
    with FileLock(f"{working}.lock"):
        replace_folder(tmp_path / "out", fill)

        assert working.is_dir()
    replace_folder(tmp_path / "other", fill)
    assert working.is_dir()


def test_of_two_runs_the_slower_one_takes_nothing_from_the_quicker(tmp_path):
    def slow(folder):
        replace_folder(tmp_path / "out", fill)
        (folder / "a.txt").write_text("slow", encoding="utf-8")

    with pytest.raises(InputError):
        replace_folder(tmp_path / "out", slow)

    assert (tmp_path / "out" / "a.txt").read_text(encoding="utf-8") == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
