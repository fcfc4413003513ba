"""Cities on the workers of a cluster: the same bytes, and what is wrong with a worker is told."""

from __future__ import annotations

import socket
import sys
from functools import partial
from importlib import metadata
from types import SimpleNamespace

import pytest
from distributed import Client, KilledWorker

import greenspace as gs
from greenspace import province_client, province_cluster, province_tasks
from greenspace.errors import InputError, MissingExtraError, RasterError
from greenspace.image_strips import measure_part, plan_strips
from greenspace.model.province import Outcome
from greenspace.model.words import Text
from greenspace.present.record import check_json
from greenspace.province import check_all, check_listed
from greenspace.province_client import opened, require_client, require_workers
from greenspace.province_cluster import memory_of, require_alike
from greenspace.province_tasks import begin, seen_here
from greenspace.read.results import CHECK
from tests.province import job_of, write_city, write_province
from tests.test_image_strips import PIXELS, city  # noqa: F401  - an image of seven parts

HERE = {"processes": False, "host": "127.0.0.1", "protocol": "tcp"} | {
    "dashboard_address": "127.0.0.1:0"
}


@pytest.fixture(scope="module", autouse=True)
def no_maps():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("greenspace.present.write.draw_sheets", lambda *_: ())
        yield


@pytest.fixture(scope="module")
def client():
    """Two workers that are threads of this process, and yet speak TCP to each other."""
    with Client(n_workers=2, threads_per_worker=1, **HERE) as client:
        yield client


def record(folder, name):
    return (folder / name / CHECK).read_bytes()


def test_workers_write_what_one_process_writes_and_keep_it(client, tmp_path):
    write_city(tmp_path / "a")
    cities = write_province(tmp_path, "a", "absent")
    check_all(cities, tmp_path / "alone")

    first = check_all(cities, tmp_path / "spread", client=client)
    second = check_all(cities, tmp_path / "spread", client=client)

    assert record(tmp_path / "spread", "a") == record(tmp_path / "alone", "a")
    assert [row.state for row in first.rows] == ["checked", "failed"]
    assert [row.state for row in second.rows] == ["kept", "failed"]


def test_an_image_measured_in_parts_gives_the_same_bytes(client, city, tmp_path, monkeypatch):  # noqa: F811
    measured = []

    def noted(plan, settled, part, **how):
        measured.append(part)
        return measure_part(plan, settled, part, **how)

    monkeypatch.setattr(province_tasks, "plan_strips", partial(plan_strips, part_pixels=PIXELS))
    monkeypatch.setattr(province_tasks, "measure_part", noted)
    (row,) = check_all([city], tmp_path / "parts", client=client).rows

    assert row.state == "checked"
    assert sorted(measured) == list(range(7))
    alone = check_json(gs.check(city))
    assert record(tmp_path / "parts", row.id).decode() == alone


def test_a_part_that_is_refused_is_that_citys_row(client, city, tmp_path, monkeypatch):  # noqa: F811
    def broken(*_, **__):
        raise RasterError("坏图块", "a bad tile", file=tmp_path / "image.tif")

    monkeypatch.setattr(province_tasks, "plan_strips", partial(plan_strips, part_pixels=PIXELS))
    monkeypatch.setattr(province_tasks, "measure_part", broken)
    (row,) = check_all([city], tmp_path / "out", client=client).rows

    assert row.state == "failed"
    assert "a bad tile (file image.tif)" in row.why[0].en


def test_a_city_whose_worker_dies_again_and_again_is_told_to_want_memory(
    client, tmp_path, monkeypatch
):
    def deadly(_):
        raise KilledWorker("begin-1", SimpleNamespace(address="tcp://10.0.0.7:4000"), 3)

    monkeypatch.setattr(province_cluster, "begin", deadly)
    (row,) = check_all([write_city(tmp_path / "a")], tmp_path / "out", client=client).rows

    assert row.state == "failed"
    assert "died 4 times, last tcp://10.0.0.7:4000" in row.why[0].en
    assert "memory" in row.why[0].en


def test_workers_with_other_versions_are_refused_by_address(client, monkeypatch):
    require_alike(client)
    told = client.run

    def other(task, *args, **how):
        found = told(task, *args, **how)
        if task is metadata.version and args == ("greenspace",):
            first, second = sorted(found)
            found |= {first: "9.9", second: metadata.PackageNotFoundError("greenspace")}
        return found

    monkeypatch.setattr(client, "run", other)
    with pytest.raises(InputError) as refused:
        require_alike(client)

    assert refused.value.rows[0] in client.nthreads()
    assert refused.value.found["greenspace"] in {"9.9", "unknown"}
    assert set(refused.value.expected) == {"greenspace"}


def test_a_worker_that_came_late_with_another_version_refuses_its_task(tmp_path):
    job = job_of(write_city(tmp_path / "a"), tmp_path / "out", version="9.9")

    outcome = begin(job).outcome

    assert outcome.state == "failed"
    assert "9.9" in outcome.why[0].en
    assert not (tmp_path / "out").exists()


def test_a_file_that_only_a_worker_lacks_is_told_with_its_address(tmp_path):
    (tmp_path / "here").touch()
    why = (Text(zh="没有", en="no"),)
    lacks = Outcome(id="a", state="failed", why=why, absent=(str(tmp_path / "here"), "tcp://w:1"))
    both = Outcome(id="a", state="failed", why=why, absent=(str(tmp_path / "no"), "tcp://w:1"))

    assert "tcp://w:1" in seen_here(lacks).why[1].en
    assert seen_here(both).why == why


def test_results_that_another_machine_kept_are_no_results(client, tmp_path, monkeypatch):
    def elsewhere(job):
        return province_tasks.Begun(outcome=Outcome(id=job.entry.id, state="checked"))

    monkeypatch.setattr(province_cluster, "begin", elsewhere)
    (row,) = check_all([write_city(tmp_path / "a")], tmp_path / "out", client=client).rows

    assert row.state == "failed"
    assert "another machine" in row.why[0].en


def test_memory_of_each_worker_is_told(client):
    assert memory_of(client).en.startswith("workers: 2; memory of each at most ")


def test_a_cluster_without_workers_is_refused(monkeypatch):
    monkeypatch.setattr(province_client, "JOIN_S", 0.1)
    with (
        Client(n_workers=0, **HERE) as empty,
        pytest.raises(InputError) as refused,
    ):
        require_workers(empty, 3)
    assert (refused.value.expected, refused.value.found) == (3, 0)


def test_a_scheduler_that_does_not_answer_is_refused_with_its_address(monkeypatch):
    monkeypatch.setattr(province_client, "CONNECT_S", 0.2)
    with pytest.raises(InputError) as refused, opened(scheduler="tcp://127.0.0.1:1"):
        pass
    assert refused.value.found == "tcp://127.0.0.1:1"
    assert "dask scheduler" in refused.value.remedy.en


def test_a_port_where_something_else_listens_is_no_scheduler(monkeypatch):
    monkeypatch.setattr(province_client, "CONNECT_S", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"TCP://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(InputError) as refused, opened(scheduler=address):
            pass
    assert refused.value.found == address.lower()


@pytest.mark.parametrize("given", ["tcp://127.0.0.1:1", 7, "closed"])
def test_what_is_no_connected_client_is_refused(given):
    if given == "closed":
        with Client(n_workers=0, **HERE) as closed:
            pass
    with pytest.raises(InputError) as refused:
        require_client(closed if given == "closed" else given)
    assert refused.value.expected == "distributed.Client"


@pytest.mark.parametrize(
    "asked",
    [
        {"scheduler": "10.0.0.1:8786"},
        {"scheduler": "tcp://10.0.0.1"},
        {"scheduler": "tcp://10.0.0.1:99999"},
        {"scheduler": "file:///etc:1"},
        {"scheduler": "ucx://10.0.0.1:1"},
        {"scheduler": "tls://127.0.0.1:1"},
        {"scheduler": "tcp://127.0.0.1:1", "workers": 0},
        {"cluster": "local", "workers": -1},
        {"workers": 2},
        {"cluster": "local", "scheduler": "tcp://127.0.0.1:1"},
    ],
)
def test_words_that_name_no_cluster_are_refused(asked):
    with pytest.raises(InputError) as refused, opened(**asked):
        pass
    assert refused.value.expected


def test_a_list_is_read_before_a_cluster_is_begun(tmp_path):
    with pytest.raises(InputError) as refused:
        check_listed(
            tmp_path / "none.toml",
            tmp_path / "out",
            cluster=None,
            scheduler="not an address",
            workers=None,
            tell=lambda _: None,
        )
    assert refused.value.file is not None


def test_without_dask_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtraError) as refused, opened(cluster="local"):
        pass
    assert '"greenspace[scale]"' in refused.value.remedy.en
