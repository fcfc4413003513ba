"""The interactive map as a file: its numbers, its policy, its bytes, and what it refuses."""

from __future__ import annotations

import re
import sys
from dataclasses import replace

import pytest

import greenspace as gs
from greenspace.errors import InputError, MissingExtraError
from greenspace.present.record import check_record
from tests.present.interactive_town import CITY, HOSTILE, data_of, hostile_check


@pytest.fixture(scope="module")
def town_check(tmp_path_factory):
    return hostile_check(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def page(town_check, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "map.html"
    return gs.interactive_map(town_check, path).read_text(encoding="utf-8")


def facts_of(page, key):
    layer = next(layer for layer in data_of(page)["layers"] if layer["key"] == key)
    return {label: (shown, exact) for label, shown, exact, *_ in layer["facts"]}


def test_numbers_of_districts_are_those_of_check_json(page, town_check):
    facts = facts_of(page, "districts")
    record = check_record(town_check)
    zoned = [item for item in record["ratios"] if item["zones"]]

    written = [
        [None if text == "" else float(text) for text in exact]
        for label, (_, exact) in facts.items()
        if label not in {"建成区内面积", "人口"}
    ]

    assert sorted(written, key=str) == sorted(
        ([zone["value"] for zone in item["zones"] if not zone["outside"]] for item in zoned),
        key=str,
    )
    assert len(zoned) > 1


def test_numbers_of_the_city_are_those_of_check_json(page, town_check):
    facts = facts_of(page, "built_up")
    values = [item["value"] for item in check_record(town_check)["ratios"]]

    assert sorted(float(exact[0]) for _, exact in list(facts.values())[1:]) == sorted(values)
    assert facts["建成区绿地率"][0] == [
        "18.00%"
    ]  # 10 + 5 ha, and of 10 ha other green the cap, 3 ha, of 100


def test_areas_are_those_of_the_shapes_before_they_are_simplified(page):
    shown, exact = facts_of(page, "parks")["全部面积"]

    assert shown[0] == "3,600 m²"
    assert float(exact[0].removesuffix(" m²")) == pytest.approx(3600, abs=1e-6)
    assert float(exact[4].removesuffix(" m²")) == pytest.approx(1e-4, rel=1e-4)  # 1 cm x 1 cm


def test_hostile_names_stay_text(page):
    scripts = re.findall(r"<script(?![^>]*application/json)[^>]*>", page)
    names = next(item for item in data_of(page)["layers"] if item["key"] == "parks")["names"]

    assert len(scripts) == 2  # Bokeh and the page's own
    assert page.count("<title>") == 1
    assert "<img" not in page
    assert CITY not in page
    assert names[0] == HOSTILE[0]
    assert "\u2028" not in page
    assert "\x1b" not in page


def test_nothing_is_asked_of_the_network(page):
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]

    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert re.search(r"script-src 'sha256-[^ ;]+' 'sha256-[^ ;]+';", policy)
    own = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.findall(r"(?:src|href)=[\"'](?!data:|#)[^\"']*", own)
    assert "@import" not in own


def test_the_same_check_gives_the_same_bytes(page, town_check, tmp_path):
    again = gs.interactive_map(town_check, tmp_path / "again.html")

    assert again.read_text(encoding="utf-8") == page


def test_what_is_not_in_the_check_is_not_on_the_map(town_check, tmp_path):
    bare = replace(town_check, layers={"built_up": town_check.layers["built_up"]}, picture=None)
    bare = replace(bare, city=replace(bare.city, layers={}))
    path = gs.interactive_map(bare, tmp_path / "bare.html", language="en")

    assert [layer["key"] for layer in data_of(path.read_text("utf-8"))["layers"]] == ["built_up"]


def test_green_lines_of_each_status_have_a_layer_of_their_own(page):
    titles = {layer["title"]: layer["names"] for layer in data_of(page)["layers"]}

    assert titles["现状绿线"] == ["L001 甲"]
    assert titles["批准的绿线 · 规划"] == ["L002"]


def test_a_file_that_is_there_is_left_unless_forced(town_check, tmp_path):
    path = tmp_path / "map.html"
    path.write_text("mine", encoding="utf-8")

    with pytest.raises(InputError):
        gs.interactive_map(town_check, path)
    assert path.read_text(encoding="utf-8") == "mine"
    assert gs.interactive_map(town_check, path, force=True).stat().st_size > 1_000_000


def test_a_page_is_not_called_pdf(town_check, tmp_path):
    with pytest.raises(InputError) as refusal:
        gs.interactive_map(town_check, tmp_path / "map.pdf")

    assert refusal.value.found == ".pdf"
    assert not list(tmp_path.iterdir())


def test_an_input_is_never_replaced(town_check):
    manifest = town_check.city.manifest
    page = manifest.with_suffix(".html")
    page.write_text("[city]", encoding="utf-8")
    strange = replace(town_check, city=replace(town_check.city, manifest=page))

    with pytest.raises(InputError):
        gs.interactive_map(strange, page, force=True)
    assert page.read_text(encoding="utf-8") == "[city]"


def test_without_bokeh_the_extra_is_named(town_check, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "bokeh.resources", None)

    with pytest.raises(MissingExtraError) as refusal:
        gs.interactive_map(town_check, tmp_path / "map.html")

    assert "greenspace[interactive]" in refusal.value.remedy.en
    assert not list(tmp_path.iterdir())


def test_a_check_shows_itself_in_a_notebook(town_check, page, tmp_path):
    shown = town_check.explore()

    assert shown.html == page
    assert shown._repr_html_().startswith("<iframe srcdoc=")
    assert "<script>document.title" not in shown._repr_html_()
    assert shown.save(tmp_path / "a.html").read_text(encoding="utf-8") == page
