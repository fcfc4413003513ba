"""The generated pages say what the definitions say: every number with its mark, every name found."""

from __future__ import annotations

import inspect
import re
import sys
import tomllib
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

import greenspace
from greenspace.model.layers import LAYERS
from greenspace.read.definitions import read_indicators

DOCS = Path(__file__).resolve().parents[1] / "docs"
DEFINITIONS = files("greenspace") / "definitions"
PROFILES = sorted(path.name.removesuffix(".toml") for path in (DEFINITIONS / "profiles").iterdir())
ELSEWHERE = {"Path", "Axes", "DataFrame", "GeoDataFrame"}

pytestmark = pytest.mark.skipif(not DOCS.is_dir(), reason="no docs beside these tests")


@pytest.fixture(scope="module", autouse=True)
def extensions():
    sys.path.insert(0, str(DOCS / "_ext"))
    yield
    sys.path.remove(str(DOCS / "_ext"))


@pytest.fixture(scope="module")
def cards():
    from indicator_cards import pages as of_indicators
    from profile_cards import pages as of_profiles

    return {**of_indicators(), **of_profiles()}


def raw(name):
    return tomllib.loads((DEFINITIONS / "profiles" / f"{name}.toml").read_text(encoding="utf-8"))


def marks_of(criterion):
    """Yield the mark of every line that the file gives a criterion; None where it has no number."""
    for number in criterion.get("threshold", [criterion]):
        read = number.get("values", [number.get("value")])
        yield (number.get("mark") or criterion.get("mark")) if read not in ([], [None]) else None
    if "tiers" in criterion:
        yield criterion["tiers_mark"]
    for item in criterion.get("parameter", []):
        yield item["mark"]


def marks_on(page):
    """Count the marks in the third cell of the rows of a page's tables."""
    from writing import MARKS

    tokens = {words: mark for mark, words in MARKS.items()}
    cells = [line.split(" | ") for line in page.splitlines() if line.startswith("| ")]
    return Counter(tokens[row[2]] for row in cells if len(row) > 2 and row[2] in tokens)


@pytest.mark.parametrize("name", PROFILES)
def test_every_number_of_a_standard_stands_on_its_card_with_its_own_mark(name, cards):
    content = raw(name)
    asked = Counter(mark for row in content["criterion"] for mark in marks_of(row))

    assert marks_on(cards[f"profiles/{content['id']}"]) == asked


def test_the_cards_of_indicators_hold_every_number_of_every_standard(cards):
    asked = {}
    for name in PROFILES:
        for row in raw(name)["criterion"]:
            asked.setdefault(row["indicator"], Counter()).update(marks_of(row))

    for key in read_indicators():
        judged = cards[f"indicators/{key}"].partition("## Where it is judged")[2]
        assert marks_on(judged.partition("## Readings")[0]) == asked.get(key, Counter()), key


def test_a_card_of_an_indicator_says_what_its_file_says(cards):
    for card in read_indicators().values():
        page = cards[f"indicators/{card.id}"]
        words = (card.name, card.question, card.numerator, card.denominator, card.undefined)
        assert [text.en for text in words if text.en not in page or text.zh not in page] == []
        assert card.basis == "supplied" or card.formula in page
        assert all(
            f"layers.{need}]" in page
            for part in card.needs
            for need in part.split("|")
            if need in LAYERS
        )


def test_functions_and_pages_that_cards_name_are_there():
    import indicator_links as links

    cards = [card for card in read_indicators().values() if card.basis != "supplied"]
    measured = {links.base_of(card.id) for card in cards}

    assert set(links.FUNCTIONS) | links.CHECK_ONLY == measured
    assert set(links.FUNCTIONS) & links.CHECK_ONLY == set()
    assert {name for names in links.FUNCTIONS.values() for name in names} <= set(greenspace.__all__)
    for card in read_indicators().values():
        pages = [DOCS / f"{page}.md" for page, _ in links.further(card.id, card.basis)]
        assert [page for page in pages if not page.is_file()] == []


def test_every_public_name_stands_in_one_task_of_the_api():
    from api_names import TASKS

    listed = Counter(name for task in TASKS.values() for name in task.names)

    assert set(greenspace.__all__) - {"__version__"} == set(listed)
    assert [name for name, count in listed.items() if count > 1] == []


def test_no_link_to_a_name_is_broken_by_its_cell():
    from api_pages import api, role

    assert all(f"| {role(name)} |" in api() for name in ("check", "Check", "GreenspaceError"))
    assert "&lt;" not in api()


def test_every_class_that_a_function_returns_is_in_the_api():
    from api_names import TASKS

    there = {
        path.rpartition(".")[2] for task in TASKS.values() for path in (*task.names, *task.values)
    }
    returned = {
        kind
        for name in greenspace.__all__
        if inspect.isfunction(function := getattr(greenspace, name))
        for kind in re.findall(r"\b[A-Z]\w+", str(inspect.signature(function).return_annotation))
    }

    assert returned - ELSEWHERE - there == set()


def test_the_glossary_has_every_indicator_and_layer_in_both_languages():
    from glossary_words import glossary

    rows = {tuple(line.strip("| ").split(" | ")[:2]) for line in glossary().splitlines()}
    names = [card.name for card in read_indicators().values()]
    titles = [layer.title for layer in LAYERS.values()]

    assert [text.en for text in (*names, *titles) if (text.zh, text.en) not in rows] == []


def test_cards_that_did_not_change_keep_their_date_and_others_go(tmp_path, monkeypatch):
    import generated

    monkeypatch.setattr(generated, "cards", lambda: {"indicators/a": "same\n"})
    generated.write_cards(tmp_path)
    (tmp_path / "indicators" / "gone.md").write_text("of an older version", encoding="utf-8")
    before = (tmp_path / "indicators" / "a.md").stat().st_mtime_ns
    generated.write_cards(tmp_path)

    assert [path.name for path in tmp_path.rglob("*.md")] == ["a.md"]
    assert (tmp_path / "indicators" / "a.md").stat().st_mtime_ns == before


def test_numbers_on_cards_are_said_as_their_rule_says_them(cards):
    assert "33.33" not in "".join(cards.values())
    assert "| 1/3 |" in cards["profiles/GB50180-2018"]
    assert "`historic_relaxation` | 2 percentage points |" in cards["profiles/CN-2010"]
    assert "≥ 40 km/h" in cards["indicators/main_road_speed"]
    assert ": km/h; higher is better" in cards["indicators/main_road_speed"]
    assert ": a plain number; higher is better" in cards["indicators/species_index"]


def test_every_table_of_readings_has_rows_and_the_bases_of_the_population_keep_their_marks(cards):
    empty = re.compile(r"\| --- \| --- \| --- \| --- \|\n\n")
    assert [name for name, page in cards.items() if empty.search(page)] == []

    people = cards["indicators/park_area_per_capita"].partition("人口口径")[2]
    marks = [line.split(" | ")[2:] for line in people.splitlines() if line.startswith("| ")][2:7]
    assert [mark for mark, _ in marks] == [
        *("verified (V)", "verified (V)", "weak (V⁻)", "verified (V)", "**provisional** (M)")
    ]
    assert "with the value without them beside" in cards["profiles/GB55014-2021"]


def test_every_number_that_a_card_cites_is_among_its_sources(cards):
    for name, page in cards.items():
        body, _, sources = page.partition("## Sources")
        cited = set(re.findall(r"\[(\d{1,3}[a-z]?)\](?!\()", body))
        listed = set(re.findall(r"^- \[(\w+)\]", sources, re.MULTILINE))
        assert cited <= listed, name


def test_an_address_that_is_not_known_stops_the_pages():
    from writing import addresses

    with pytest.raises(LookupError, match="96x"):
        addresses(["read in [96x]"], {"96a": "there"})


def test_what_is_written_by_hand_names_things_as_the_software_does():
    from glossary_words import glossary

    page = (DOCS / "reference" / "glossary.md").read_text(encoding="utf-8")
    rows = [
        [line.strip("| ").split(" | ")[:2] for line in text.splitlines() if line.startswith("| ")]
        for text in (page, glossary())
    ]
    named: dict[str, set[str]] = {}
    for chinese, english in rows[1]:
        named.setdefault(chinese, set()).add(english)

    assert [
        (chinese, english)
        for chinese, english in rows[0]
        if chinese != "中文" and english not in named.get(chinese, {english})
    ] == []
