"""Many cities: a city's failure is its row, and what is current is not done again."""

from __future__ import annotations

import json
import shutil

import pytest

import greenspace as gs
from greenspace import province_tasks
from greenspace.errors import InputError
from greenspace.model.province import LEAGUE
from greenspace.pipeline import check_from
from greenspace.present.folder import alone_in
from greenspace.present.record import check_json
from greenspace.province import check_all
from greenspace.province_tasks import check_city
from greenspace.read.results import CHECK
from tests.province import job_of, write_city, write_parks, write_province

CITIES = ("a", "乙", "unparsed", "absent")


@pytest.fixture(scope="module", autouse=True)
def no_maps():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("greenspace.present.write.draw_sheets", lambda *_: ())
        yield


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A folder after its first run, and the league of that."""
    home = tmp_path_factory.mktemp("province")
    write_city(home / "a")
    write_city(home / "乙", 120)
    (home / "unparsed").mkdir()
    (home / "unparsed" / "city.toml").write_text("[city\n", encoding="utf-8")
    steps = []
    league = check_all(
        write_province(home, *CITIES),
        home / "out",
        progress=lambda done, cities, words: steps.append((done, cities, words.en)),
    )
    return home, league, steps


@pytest.fixture
def again(first, tmp_path):
    """A copy of that folder, and a function that runs once more in it."""
    shutil.copytree(first[0], tmp_path / "p")

    def run(**how):
        rows = check_all(tmp_path / "p" / "province.toml", tmp_path / "p" / "out", **how).rows
        return {row.id: row for row in rows}

    return tmp_path / "p", run


def states(rows):
    return {row.id: row.state for row in rows}


def test_a_city_that_fails_is_a_row_and_the_others_are_checked(first):
    home, league, _ = first

    assert states(league.rows) == {
        "a": "checked",
        "乙": "checked",
        "unparsed": "failed",
        "absent": "failed",
    }
    why = {row.id: row.why[0].en for row in league.rows if row.why}
    assert "line 1, column 6" in why["unparsed"]
    assert "does not exist" in why["absent"]
    assert {path.name for path in (home / "out").iterdir()} == {"a", "乙", LEAGUE}


def test_a_row_has_the_numbers_of_its_city(first):
    _, league, _ = first
    per_head = {
        row.id: verdict.value
        for row in league.rows
        for verdict in row.rows
        if verdict.indicator == "park_area_per_capita" and verdict.standard == row.standard
    }

    assert per_head == {"a": pytest.approx(10.0), "乙": pytest.approx(14.4)}  # m2 of 1000 persons


def test_check_json_is_that_of_a_check_alone(first):
    home, _, _ = first

    alone = check_json(gs.check(home / "a" / "city.toml"))

    assert (home / "out" / "a" / CHECK).read_text(encoding="utf-8") == alone


def test_progress_counts_cities(first):
    _, _, steps = first

    assert steps[0] == (0, 4, "checking cities")
    assert [done for done, _, words in steps if words.endswith(": checked")] == [1, 2]
    assert steps[-1][:2] == (4, 4)


def test_a_second_run_keeps_what_is_there_and_tries_again_what_failed(again, monkeypatch):
    home, run = again
    done = []

    def noted(_city, **how):
        done.append(how)
        raise InputError("无", "none")

    monkeypatch.setattr(province_tasks, "check_from", noted)
    before = {path: path.read_bytes() for path in (home / "out" / "a").rglob("*") if path.is_file()}

    rows = run()

    assert states(rows.values()) == {
        "a": "kept",
        "乙": "kept",
        "unparsed": "failed",
        "absent": "failed",
    }
    assert len(done) == 2  # those two alone
    assert rows["a"].counted
    assert {path: path.read_bytes() for path in before} == before


def test_a_changed_input_makes_a_city_stale_until_it_is_forced(again):
    home, run = again
    write_parks(home / "a", 130)

    stale = run()["a"]
    forced = run(force=True)

    assert (stale.state, stale.counted) == ("stale", False)
    assert "parks.geojson" in stale.why[0].en
    assert stale.rows  # shown all the same
    assert states(forced.values())["a"] == "checked"
    assert states(forced.values())["乙"] == "kept"  # nothing to do again
    assert states(run().values())["a"] == "kept"


def test_any_exception_is_that_citys_row(again, monkeypatch):
    home, run = again
    shutil.rmtree(home / "out" / "a")

    def broken(*_, **__):
        raise MemoryError("\x1b[2Jno room")

    monkeypatch.setattr(province_tasks, "check_from", broken)
    rows = run()

    assert states(rows.values())["乙"] == "kept"
    assert rows["a"].state == "failed"
    assert "MemoryError" in rows["a"].why[0].en
    assert "\x1b" not in rows["a"].why[0].en


def test_a_folder_of_somebody_else_is_left_alone(again):
    home, run = again
    shutil.rmtree(home / "out" / "a")
    (home / "out" / "a").mkdir()
    (home / "out" / "a" / "letter.txt").write_text("mine", encoding="utf-8")

    for force in (False, True):
        rows = run(force=force)
        assert rows["a"].state == "failed"
        assert (home / "out" / "a" / "letter.txt").read_text(encoding="utf-8") == "mine"


def test_results_never_go_where_the_city_lies(first):
    home, _, _ = first

    (row,) = check_all([home / "a"], home).rows

    assert row.state == "failed"
    assert (home / "a" / "city.toml").is_file()


def test_a_check_that_is_interrupted_leaves_finished_cities_and_nothing_half(again, monkeypatch):
    home, run = again
    shutil.rmtree(home / "out" / "乙")

    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("greenspace.present.write.write_workbook", stopped)
    with pytest.raises(KeyboardInterrupt):
        run()

    assert {path.name for path in (home / "out").iterdir()} == {"a", LEAGUE}


def test_what_a_killed_run_left_is_swept(again):
    home, run = again
    left = home / "out" / ".a.0123abcd.tmp"
    left.mkdir()
    (left / "check.json").write_text("{}", encoding="utf-8")

    run()

    assert not left.exists()


def test_an_unknown_standard_and_a_strange_league_end_the_run_first(again):
    home, run = again
    with pytest.raises(gs.GreenspaceError):
        run(standard="CN-1066")
    shutil.rmtree(home / "out" / LEAGUE)
    (home / "out" / LEAGUE).mkdir()
    (home / "out" / LEAGUE / "letter.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(InputError):
        run()


def test_run_json_says_how_it_was_asked(first):
    home, _, _ = first
    run = json.loads((home / "out" / "a" / "run.json").read_text(encoding="utf-8"))

    assert run["standard"].startswith("CN-2022:")
    assert run["lang"] == "zh"


def test_a_run_beside_another_is_refused_at_once(again):
    home, _ = again
    with alone_in(home / "out"), pytest.raises(InputError) as refused:
        check_all(home / "province.toml", home / "out")
    assert "Another run" in refused.value.problem.en
    assert not list((home / "out").glob(".greenspace*"))


def test_whoever_comes_second_finds_the_city_done(again, monkeypatch):
    home, _ = again
    job = job_of(home / "a" / "city.toml", home / "out" / "new")

    def late(city, **asked):
        gs.check(job.entry.manifest).write(job.folder)
        return check_from(city, **asked)

    monkeypatch.setattr("greenspace.province_tasks.check_from", late)
    assert check_city(job).state == "kept"


def test_what_a_folder_holds_beside_cities_is_passed_over_and_told(again):
    old, _ = again
    home = old / "cities"
    (home / "a").mkdir(parents=True)
    (home / "x" / ".hidden").mkdir(parents=True)
    for place in (home / "a", home / "x" / ".hidden"):
        for file in (old / "a").iterdir():
            shutil.copy(file, place)
    (home / "linked").symlink_to(old / "乙", target_is_directory=True)
    (home / "a" / "loop").symlink_to(home, target_is_directory=True)
    repaired = home / "found" / "repaired"
    repaired.mkdir(parents=True)
    (home / "found" / "run.json").write_text("{}", encoding="utf-8")
    shutil.copy(old / "a" / "city.toml", repaired)

    league = check_all(home, old / "elsewhere")

    assert [row.id for row in league.rows] == ["a", "linked"]
    (note,) = [item for item in league.findings if item.code == "manifests_passed_over"]
    assert note.count == 2
    assert "found" in note.text.en
    assert "x/.hidden" in note.text.en
