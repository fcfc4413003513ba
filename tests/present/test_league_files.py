"""A league in its folder: three files, hostile names, and what may be replaced."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import geopandas as gpd
import pytest
from openpyxl import load_workbook
from shapely import box

from greenspace.errors import InputError
from greenspace.model.league import CityRow, League
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.present import league_files
from tests.cities import COVERAGE, LAW, PARKS, SERVICE, made_city

NASTY = '=1+1 <script>alert("x")</script>\x1b[31m\u202e'
WHY = Text("影像第 3 行损坏。", "Tile row 3 of image.tif is broken. Repair it.")


def of_law(city, verdict):
    row = replace(city.rows[0], standard=LAW, indicator=SERVICE, verdict=verdict)
    return replace(city, rows=(*city.rows, row))


@pytest.fixture
def league():
    first = made_city("a", {COVERAGE: "f", PARKS: "p"}, year=2024, outline=box(114, 30, 115, 31))
    close = replace(first.rows[0], value=0.359999, mark="provisional")
    return League(
        rows=(
            of_law(replace(first, rows=(close, first.rows[1]), name=NASTY), "pass"),
            made_city("b", {COVERAGE: "n", PARKS: "f"}, year=2026, no_outline=Text("无", "none")),
            made_city("c", {PARKS: "f"}, state="stale", why=(Text("变了", "changed"),)),
            CityRow(id="d=", manifest="d/city.toml", state="failed", why=(WHY,)),
            made_city("e", {PARKS: "p"}, standard="CN-2010", verdict="pass"),
        ),
        findings=(Finding(code="x", text=Text("提示", NASTY), severity="note"),),
    )


@pytest.fixture
def folder(league, tmp_path):
    league.write(tmp_path / "league", language="en")
    return tmp_path / "league"


class Seen(HTMLParser):
    """Tags and text of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.text, self.links = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in {"src", "href", "srcset"}]

    def handle_data(self, data):
        self.text.append(data)


def page_of(folder):
    return Seen((folder / "league.html").read_text(encoding="utf-8"))


def test_the_folder_holds_what_run_json_lists(folder):
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))

    assert [item["path"] for item in run["files"]] == [
        "league.html",
        "league.parquet",
        "league.xlsx",
    ]
    assert run["cities"][3] == {"id": "d=", "state": "failed"}


def test_the_page_asks_nothing_of_any_network_and_runs_nothing(folder):
    page = page_of(folder)

    assert "script" not in page.tags
    assert page.links == []
    text = (folder / "league.html").read_text(encoding="utf-8")
    assert not re.search(r"https?://", text)
    assert "\x1b" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ["未通过", "无法评定", "不计入的城市", "变了", "影像第 3 行损坏。", "暂定"]),
        ("en", ["fail", "not assessable", "Cities not counted", "changed", WHY.en, "Provisional"]),
    ],
)
def test_the_page_says_verdicts_in_words(league, tmp_path, language, words):
    league.write(tmp_path / "league", language=language)
    text = " ".join(page_of(tmp_path / "league").text)

    assert [word for word in words if word not in text] == []


def test_a_number_beside_its_threshold_is_never_rounded_across_it(folder):
    assert "35.9999%" in " ".join(page_of(folder).text)  # of 36 %, failed


def test_each_standard_has_a_section_of_its_own(folder):
    text = " ".join(page_of(folder).text)

    assert "Cities counted: 1; 1 pass, 0 fail" in text  # CN-2010
    assert "Cities counted: 2; 0 pass, 2 fail" in text  # CN-2022: the stale one is not counted
    assert f"The law, apart from the overall verdict: {LAW}" in text


def test_columns_of_the_matrix_begin_with_the_row_that_most_fail(league):
    frame = league.table

    verdicts = [name for name in frame.columns if name.endswith("_verdict")]
    assert verdicts[-1] == f"{LAW}:{SERVICE}_verdict"
    assert league.failures["failed"].tolist() == [1, 1, 0, 0]  # CN-2022 twice; CN-2010 and the law
    assert frame.loc[3, "state"] == "failed"
    assert frame[verdicts].loc[3].isna().all()


def test_geoparquet_has_one_row_a_city_and_no_place_where_none_is_known(folder):
    frame = gpd.read_parquet(folder / "league.parquet")

    assert frame["id"].tolist() == ["a", "b", "c", "d=", "e"]
    assert frame.crs == "EPSG:4326"
    assert frame.geometry.isna().tolist() == [False, True, True, True, True]
    assert frame.geometry[0].equals(box(114, 30, 115, 31))
    assert frame[COVERAGE][0] == 0.359999
    assert frame[f"{COVERAGE}_verdict"].tolist()[:2] == ["fail", "not_assessable"]
    assert frame["counted"].tolist() == [True, True, False, False, True]
    assert "\x1b" not in frame["name"][0]


def test_the_workbook_counts_with_numbers_and_runs_no_text(folder):
    book = load_workbook(folder / "league.xlsx")

    assert book.sheetnames == ["failures", "failures by year", "cities", "rows", "findings"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    nasty = next(c for c in cells if isinstance(c.value, str) and c.value.startswith("=1+1"))
    assert nasty.quotePrefix
    shares = [c for c in cells if c.number_format == "0.00%" and c.value == 0.359999]
    assert len(shares) == 4  # of the standard and of the law, in cities and in rows
    assert any(str(c.value).startswith("暂定") for c in book["cities"]["A"])


def test_the_same_league_is_the_same_bytes(league, tmp_path, folder):
    league.write(tmp_path / "again", language="en")

    for name in ("league.html", "league.xlsx", "league.parquet"):
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_an_earlier_league_is_replaced_without_force(league, folder):
    League(rows=league.rows[:1]).write(folder)

    assert len(gpd.read_parquet(folder / "league.parquet")) == 1
    assert [path.name for path in folder.parent.iterdir()] == ["league"]


def test_an_edited_league_is_refused_and_force_replaces_it(league, folder):
    (folder / "league.xlsx").write_bytes(b"notes of a whole week")
    with pytest.raises(InputError) as refused:
        league.write(folder)

    assert refused.value.rows == ("league.xlsx",)
    assert (folder / "league.xlsx").read_bytes() == b"notes of a whole week"
    league.write(folder, force=True)
    assert load_workbook(folder / "league.xlsx")


@pytest.mark.parametrize("force", [True, False])
def test_files_of_others_are_never_replaced(league, folder, force):
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        league.write(folder, force=force)

    assert refused.value.rows == ("notes.txt",)
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_results_of_a_check_are_no_league_to_replace(league, folder):
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    del run["kind"]
    (folder / "run.json").write_text(json.dumps(run), encoding="utf-8")

    with pytest.raises(InputError):
        league.write(folder)


@pytest.mark.parametrize("content", ["", "[]", '{"kind": "league", "files": [{"path": 3}]}'])
def test_a_spoilt_run_file_is_refused(league, folder, content):
    (folder / "run.json").write_text(content, encoding="utf-8")

    with pytest.raises(InputError):
        league.write(folder)


def test_without_pyarrow_the_rest_is_written_and_the_finding_says_what_is_not(
    league, tmp_path, monkeypatch
):
    monkeypatch.setattr(league_files, "find_spec", lambda _: None)
    told = league.write(tmp_path / "league", language="en")

    assert not (tmp_path / "league" / "league.parquet").exists()
    assert '"greenspace[parquet]"' in told.findings[-1].text.en
    assert '"greenspace[parquet]"' in " ".join(page_of(tmp_path / "league").text)


def test_no_city_at_all_is_a_page_that_says_so(tmp_path):
    League(rows=()).write(tmp_path / "league", language="en")

    assert "There are no cities." in " ".join(page_of(tmp_path / "league").text)
    assert len(gpd.read_parquet(tmp_path / "league" / "league.parquet")) == 0


def test_a_league_shows_itself_in_both_languages(league):
    shown = league._repr_html_()

    assert "未通过" in shown
    assert "Assessed" in shown
    assert "<script>" not in shown
