"""Workers that are processes of their own: another version is refused, an interruption is clean."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from distributed import Client, LocalCluster

from greenspace.errors import InputError
from greenspace.province import check_all
from tests.province import write_city, write_province

PATIENCE_S = 240
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}

pytestmark = pytest.mark.slow


def test_a_worker_where_another_version_is_installed_is_refused_by_its_address(tmp_path):
    installed = tmp_path / "site" / "greenspace-9.9.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text("Name: greenspace\nVersion: 9.9\n", encoding="utf-8")
    write_city(tmp_path / "a")
    with (
        LocalCluster(
            n_workers=0,
            processes=False,
            host="127.0.0.1",
            protocol="tcp",
            dashboard_address="127.0.0.1:0",
        ) as cluster,
        Client(cluster) as client,
    ):
        command = [sys.executable, "-m", "distributed.cli.dask_worker", cluster.scheduler_address]
        worker = subprocess.Popen(
            [*command, "--nthreads", "1", "--no-dashboard"],
            env={**os.environ, "PYTHONPATH": str(installed.parent)},
            **QUIET,
        )
        try:
            client.wait_for_workers(1, timeout=PATIENCE_S)
            (address,) = client.nthreads()
            with pytest.raises(InputError) as refused:
                check_all([tmp_path / "a"], tmp_path / "out", client=client)
        finally:
            worker.terminate()
            worker.wait(PATIENCE_S)

    assert refused.value.rows == (address,)
    assert refused.value.found == {"greenspace": "9.9"}
    assert not (tmp_path / "out").exists()


def lives(group):
    """Return whether any process of a group is there."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interruption_keeps_finished_cities_ends_the_workers_and_leaves_nothing_half(tmp_path):
    ids = [f"c{number}" for number in range(6)]
    for number, name in enumerate(ids):
        write_city(tmp_path / name, 100 + number)
    out = tmp_path / "out"
    command = [sys.executable, "-m", "greenspace", "check-all"]
    command += [str(write_province(tmp_path, *ids)), "-o", str(out)]
    running = subprocess.Popen(
        [*command, "--cluster", "local", "--workers", "2"], start_new_session=True, **QUIET
    )
    limit = time.monotonic() + PATIENCE_S
    while not any((out / name).exists() for name in ids) and time.monotonic() < limit:
        time.sleep(0.1)
    os.killpg(running.pid, signal.SIGINT)

    assert running.wait(PATIENCE_S) == 130
    left = {path.name for path in out.iterdir()}
    assert left
    assert left < set(ids)  # whole folders alone, and no league yet
    while lives(running.pid) and time.monotonic() < limit:
        time.sleep(0.1)
    assert not lives(running.pid)  # no worker goes on
