"""The interactive map in a real browser with the network off, driven by pointer and keys."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import geopandas as gpd
import pytest
from shapely import MultiPoint, box

import greenspace as gs
from greenspace.model.quantity import RatioTable
from greenspace.present.record import check_record
from tests.chrome import Chrome
from tests.present.interactive_town import HOSTILE, hostile_check
from tests.town import CRS, X, Y

pytestmark = pytest.mark.chromium
PLACE = """(() => {
  const plot = Bokeh.documents.at(-1).get_model_by_name("map");
  const view = Bokeh.index.get_by_id(plot.id);
  const box = view.canvas_view.el.getBoundingClientRect();
  return [box.left + view.frame.x_scale.compute(%f), box.top + view.frame.y_scale.compute(%f)];
})()"""


@pytest.fixture(scope="module")
def town_check(tmp_path_factory):
    return hostile_check(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def page(town_check, tmp_path_factory):
    return gs.interactive_map(town_check, tmp_path_factory.mktemp("page") / "map.html")


@pytest.fixture(scope="module")
def browser(chromium, tmp_path_factory):
    profile = tmp_path_factory.mktemp("browser") / "profile"
    with Chrome(chromium, profile) as found:
        yield found
    shutil.rmtree(profile, ignore_errors=True)


@pytest.fixture
def chrome(browser, page):
    browser.open(page.as_uri())
    browser.settle()
    return browser


def point_at(chrome, x, y):
    left, top = chrome.run(PLACE % (X + x, Y + y))
    chrome.move(left, top)
    return left, top


def told(chrome):
    """Return the lines of the panel: what is named, then label, shown and exact text."""
    return chrome.run(
        """[...document.querySelectorAll(".thing")].map((thing) => [
          thing.querySelector("h3").firstChild.textContent,
          [...thing.querySelectorAll("tr")].map((row) => [
            row.querySelector("th").textContent, row.querySelector("td").firstChild.textContent,
            row.querySelector("td small")?.textContent ?? ""])])"""
    )


def test_pointer_shows_the_number_of_check_json(chrome, town_check):
    point_at(chrome, 700, 250)  # in B, on no parcel

    rows = {label: (shown, exact) for label, shown, exact in dict(told(chrome))["乙区"]}
    green = next(
        item
        for item in check_record(town_check)["ratios"]
        if item["indicator"] == "green_space_ratio"
    )
    zone = next(zone for zone in green["zones"] if zone["name"] == "乙区")
    assert rows["建成区绿地率"][1] == json.dumps(zone["value"])
    assert rows["建成区绿地率"][0] == f"{zone['value'] * 100:.2f}%"


def test_what_is_smaller_is_told_first(chrome):
    point_at(chrome, 140, 630)

    names = [name for name, _ in told(chrome)]
    assert names[0] == HOSTILE[0]
    assert names.index("甲区") < names.index("建成区")


def test_a_layer_that_is_switched_off_is_neither_drawn_nor_told(chrome):
    point_at(chrome, 700, 250)
    assert "乙区" in dict(told(chrome))

    x, y = chrome.run(
        """(() => { const box = document.querySelector('[data-key="districts"]');
        box.scrollIntoView({block: "center"});
        const place = box.getBoundingClientRect(); return [place.x + 5, place.y + 5]; })()"""
    )
    chrome.click(x, y)
    point_at(chrome, 690, 240)

    drawn = 'Bokeh.documents.at(-1).get_model_by_name("districts").visible'
    assert chrome.run(drawn) is False
    assert "乙区" not in dict(told(chrome))


def test_a_click_pins_what_is_told(chrome):
    chrome.click(*point_at(chrome, 700, 250))
    point_at(chrome, 140, 630)

    assert "乙区" in dict(told(chrome))


def test_a_name_is_searched_shown_and_marked(chrome):
    chrome.run('document.getElementById("search").focus()')
    chrome.send("Input.insertText", text="老槐")
    x, y = chrome.run(
        """(() => { const place = document.querySelector("#found button").getBoundingClientRect();
        return [place.x + 9, place.y + 9]; })()"""
    )
    chrome.click(x, y)

    plot = 'Bokeh.documents.at(-1).get_model_by_name("map")'
    west, east = chrome.run(f"[{plot}.x_range.start, {plot}.x_range.end]")
    assert west < X + 450 < east
    assert east - west < 300
    assert [name for name, _ in told(chrome)] == ["老槐"]
    mark = 'Bokeh.documents.at(-1).get_model_by_name("highlight_point").data_source.data.x[0]'
    assert chrome.run(mark) == pytest.approx(X + 450, abs=0.1)


@pytest.mark.parametrize("name", HOSTILE[:3])
def test_hostile_names_are_shown_and_nothing_more(chrome, name):
    chrome.run(
        f"""(() => {{ const input = document.getElementById("search");
        input.value = {json.dumps(name)}; input.dispatchEvent(new Event("input")); }})()"""
    )
    chrome.run('document.querySelector("#found button").click()')
    chrome.settle()

    assert told(chrome)[0][0] == name
    assert chrome.run('document.title !== "broken"')
    assert chrome.run('document.querySelectorAll("#panel img, #panel script").length') == 0


@pytest.fixture
def many(browser, town_check, tmp_path):
    """Thirty parks of one name and a tree of two spots."""
    at_x = [X + 20 + 30 * n for n in range(30)]
    parks = gpd.GeoDataFrame(
        {"name": ["游园"] * 30}, geometry=[box(x, Y + 10, x + 15, Y + 25) for x in at_x], crs=CRS
    )
    spots = MultiPoint([(X + 450, Y + 850), (X + 750, Y + 450)])
    layers = {
        "parks": parks,
        "old_trees": gpd.GeoDataFrame({"name": ["丛"]}, geometry=[spots], crs=CRS),
        "districts": town_check.layers["districts"],
    }
    city = replace(town_check.city, layers={})
    page = gs.interactive_map(replace(town_check, layers=layers, city=city), tmp_path / "a.html")
    browser.open(page.as_uri())
    browser.settle()
    return browser


def ask(chrome, text):
    chrome.run('document.getElementById("search").focus()')
    chrome.send("Input.insertText", text=text)


def press(chrome, key):
    chrome.send("Input.dispatchKeyEvent", type="keyDown", key=key)
    chrome.send("Input.dispatchKeyEvent", type="keyUp", key=key)


def test_search_says_how_many_there_are_and_walks_by_keys(many):
    ask(many, "游园")

    assert many.run('document.getElementById("count").textContent').startswith("20 / 30")
    offered = many.run('[...document.querySelectorAll("#found small")].map((s) => s.textContent)')
    assert len(offered) == 20
    assert {text.rpartition(" · ")[2] for text in offered} == {"甲区", "乙区"}
    press(many, "ArrowDown")
    press(many, "ArrowDown")
    second = 'document.activeElement === document.querySelectorAll("#found button")[1]'
    assert many.run(second)
    many.run("document.activeElement.click()")
    assert many.run("document.activeElement.id") == "search"
    assert [name for name, _ in told(many)] == ["游园"]
    press(many, "Escape")
    assert told(many) == []


def test_every_spot_of_a_tree_is_drawn_and_told(many):
    drawn = 'Bokeh.documents.at(-1).get_model_by_name("%s").data_source.data'

    assert many.run(drawn % "old_trees" + ".x.length") == 2
    point_at(many, 750, 450)
    assert told(many)[0][0] == "丛"


def test_a_zone_without_a_shape_is_told_and_leaves_the_view(browser, tmp_path):
    zones = gpd.GeoDataFrame(
        {"name": ["甲", "空"]}, geometry=[box(X, Y, X + 100, Y + 100), None], crs=CRS
    )
    table = RatioTable("green_space_ratio", zones, [1, 2], [4, 4], "1", zones.crs)
    browser.open(table.explore().save(tmp_path / "zones.html").as_uri())
    browser.settle()
    view = 'Bokeh.documents.at(-1).get_model_by_name("map").x_range'
    before = browser.run(f"[{view}.start, {view}.end]")

    ask(browser, "空")
    browser.run('document.querySelector("#found button").click()')

    assert browser.run(f"[{view}.start, {view}.end]") == before
    assert [name for name, _ in told(browser)] == ["空"]


def test_nothing_leaves_the_page_and_nothing_goes_wrong(browser):
    browser.settle()
    asked = [event["request"]["url"] for event in browser.of("Network.requestWillBeSent")]

    assert asked
    assert {url.partition(":")[0] for url in asked} <= {"file", "data"}
    assert browser.of("Runtime.exceptionThrown") == []
    assert browser.of("Log.entryAdded") == []  # the policy was never broken
