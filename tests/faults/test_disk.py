"""A full disk or a read-only folder: one sentence, exit code 2, no half file, inputs untouched."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from textwrap import dedent

import pytest

from tests.faults.test_killed import checksums

TMPFS = """
mount -t tmpfs -o size={size} tmpfs "$1" && mkdir "$1/there" && {then}
"$2" -m greenspace check "$3" -o "$1/there/out" --lang en; code=$?
echo "left: $(ls -A "$1/there" | tr '\\n' ' ')"
exit $code
"""


def can_mount():
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("unshare") is None:
        return False
    probe = ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


needs_mount = pytest.mark.skipif(not can_mount(), reason="no right to mount a small disk")


def check_on(disk, town, tmp_path):
    place = tmp_path / "disk"
    place.mkdir()
    command = ["unshare", "--mount", "bash", "-c", dedent(disk), "-", place, sys.executable]
    return subprocess.run(
        [*command, town / "polygons.toml"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@needs_mount
@pytest.mark.parametrize(
    "size",
    [
        "400k",
        pytest.param("16k", marks=pytest.mark.slow),
        pytest.param("900k", marks=pytest.mark.slow),
    ],
)
def test_a_full_disk_is_said_in_one_sentence_and_leaves_nothing(town, tmp_path, size):
    before = checksums(town)
    done = check_on(TMPFS.format(size=size, then="true"), town, tmp_path)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "out" in done.stderr
    assert "left: \n" in done.stdout
    assert checksums(town) == before


@needs_mount
def test_a_read_only_disk_is_said_in_one_sentence(town, tmp_path):
    then = 'mount -o remount,ro "$1"'
    done = check_on(TMPFS.format(size="9m", then=then), town, tmp_path)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "left: \n" in done.stdout


@needs_mount
@pytest.mark.slow
def test_a_disk_that_is_large_enough_is_no_fault(town, tmp_path):
    done = check_on(TMPFS.format(size="40m", then="true"), town, tmp_path)

    assert done.returncode == 0
    assert "left: out \n" in done.stdout
