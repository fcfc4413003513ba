"""Cities that a dead worker had are tried again alone, and only who kills alone has failed."""

from __future__ import annotations

from types import SimpleNamespace

from greenspace import province_cluster
from greenspace.model.province import Outcome
from greenspace.model.words import Text

DIED = Text("停止", "died")


class Flight:
    """Cities in flight without a cluster: in company b kills what flies with it, too."""

    def __init__(self, client):
        del client
        self.air, self.flown = [], []

    def begin(self, job, rank):
        del rank
        self.air.append(job)

    def landed(self):
        while self.air:
            together = [job.entry.id for job in self.air]
            self.flown.append(together)
            job = self.air.pop()
            dies = "b" in together
            state = None if dies else "checked"
            yield job, Outcome(id=job.entry.id, state=state, why=(DIED,) if dies else ())

    def cancel(self):
        assert not self.air


def test_who_shared_a_worker_with_the_culprit_is_checked(monkeypatch):
    made = []
    monkeypatch.setattr(province_cluster, "require_workers", lambda *_: None)
    monkeypatch.setattr(province_cluster, "require_alike", lambda *_: None)
    monkeypatch.setattr(
        province_cluster, "_Flight", lambda client: made.append(Flight(client)) or made[-1]
    )
    jobs = [SimpleNamespace(entry=SimpleNamespace(id=name)) for name in "abcd"]
    client = SimpleNamespace(nthreads=lambda: {"one": 1})
    told = []
    found = province_cluster.spread(client, jobs, lambda job, _: told.append(job.entry.id))

    assert {name: outcome.state for name, outcome in found.items()} == {
        "a": "checked",
        "b": "failed",
        "c": "checked",
        "d": "checked",
    }
    assert found["b"].why == (DIED,)
    assert sorted(told) == ["a", "b", "c", "d"]  # each once
    assert ["b"] in made[0].flown
