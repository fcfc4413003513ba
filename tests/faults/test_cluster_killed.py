"""Workers that die in the middle: the results are those of a run that nothing disturbed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

import greenspace as gs
from tests.faults.mishaps import Dies, cluster, digests, names, write_cities

pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),  # of distributed
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),  # the same
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no process kills itself here"),
]
PART_PIXELS = 512 * 1024
PATIENCE_S = 240


@pytest.fixture
def marks(tmp_path):
    (tmp_path / "marks").mkdir()
    return tmp_path / "marks"


def disturbed(listed, output, mishap, scratch, **how):
    with cluster(scratch, **how) as client:
        client.register_plugin(mishap)
        return gs.check_all(listed, output, client=client)


def states(league):
    return {row.id: row.state for row in league.rows}


def test_a_worker_killed_while_it_writes_a_city_changes_no_byte(town, tmp_path, marks):
    listed = write_cities(town, tmp_path / "cities", "abc")
    gs.check_all(listed, tmp_path / "calm")
    league = disturbed(listed, tmp_path / "out", Dies(marks, city="b"), tmp_path / "dask")

    assert names(marks) == ["0"]
    assert states(league) == dict.fromkeys("abc", "checked")
    assert digests(tmp_path / "out") == digests(tmp_path / "calm")
    assert names(tmp_path / "out") == ["a", "b", "c", "league"]

    again = gs.check_all(listed, tmp_path / "out")
    assert states(again) == dict.fromkeys("abc", "kept")
    assert names(tmp_path / "out") == ["a", "b", "c", "league"]


def test_a_worker_killed_in_a_strip_of_a_large_image_changes_no_byte(town, tmp_path, marks):
    listed = write_cities(town, tmp_path / "cities", "ab", image="b")
    gs.check_all(listed, tmp_path / "calm")
    mishap = Dies(marks, part=1, part_pixels=PART_PIXELS)
    league = disturbed(listed, tmp_path / "out", mishap, tmp_path / "dask")

    assert names(marks) == ["0"]
    assert states(league) == dict.fromkeys("ab", "checked")
    assert digests(tmp_path / "out") == digests(tmp_path / "calm")


def test_a_city_that_kills_every_worker_is_a_row_and_the_others_are_done(town, tmp_path, marks):
    listed = write_cities(town, tmp_path / "cities", "abcd")
    mishap = Dies(marks, city="b", most=99)
    league = disturbed(listed, tmp_path / "out", mishap, tmp_path / "dask", deaths=1)

    assert states(league) == {**dict.fromkeys("acd", "checked"), "b": "failed"}
    row = league.rows[1]
    assert "died 2 times" in row.why[0].en
    assert "--workers" in row.why[0].zh
    assert len(names(marks)) == 4  # twice among others, and twice alone
    assert not (tmp_path / "out" / "b").exists()

    mended = gs.check_all(listed, tmp_path / "out")
    assert states(mended) == {**dict.fromkeys("acd", "kept"), "b": "checked"}
    assert names(tmp_path / "out") == ["a", "b", "c", "d", "league"]


def test_an_interrupted_run_keeps_finished_cities_and_leaves_nothing_else(town, tmp_path):
    listed = write_cities(town, tmp_path / "cities", "abcd")
    out = tmp_path / "out"
    words = ("check-all", str(listed), "-o", str(out), "--cluster", "local", "--workers", "2")
    running = subprocess.Popen(
        [sys.executable, "-m", "greenspace", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    limit = time.monotonic() + PATIENCE_S
    while not list(out.glob("?/check.json")) and time.monotonic() < limit:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    assert running.wait(PATIENCE_S) != 0

    done = {path.parent.name for path in out.glob("?/check.json")}
    assert done
    assert not list(out.glob(".*"))
    league = gs.check_all(listed, out)
    assert all(states(league)[name] == "kept" for name in done)
    assert names(out) == ["a", "b", "c", "d", "league"]
