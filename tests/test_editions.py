"""Standards as tables: every number shown, what differs told, a file of one's own beside them."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

import greenspace as gs
from greenspace.cli.root import app
from greenspace.editions import list_standards
from greenspace.errors import DefinitionError
from greenspace.present.terminal import printable

OWN = """
extends = "CN-2010"
[[criterion]]
indicator = "green_coverage"
level = "basic"
operator = ">"
value = 0.375
source = { document = "文号", page = 1 }
[[criterion]]
indicator = "service_coverage"
level = "basic"
values = []
note = { zh = "本局未录", en = "Not entered" }
tiers = [[3000, 400]]
tiers_source = { document = "文号", page = 2 }
[[criterion]]
indicator = "sewage_treatment"
level = "higher"
operator = ">="
value = 0.9
source = { document = "文号", page = 3 }
"""


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    return path


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_every_profile_of_the_brief_is_listed_with_its_marks():
    table = gs.standards().set_index("id")

    assert set(table.index) >= {
        "CN-1993", "CN-2000", "CN-2004-eco", "CN-2005", "CN-2010", "CN-2016", "CN-2022",
        "GB55014-2021", "GB50180-2018", "WHO-300", "3-30-300", "SDG-11.7.1", "ANGSt-2010",
        "LU-AN", "TUMEN",
    }  # fmt: skip
    assert (table["user"] == 0).all()
    # CN-2005: 18 cells, 5 rows beside them, one tier of two numbers; no share of service
    marks = ["verified", "weak", "provisional", "unknown"]
    assert table.loc["CN-2005", marks].tolist() == [25, 0, 0, 1]
    assert table.loc["GB55014-2021", "weak"] == table.loc["GB55014-2021", "provisional"] == 0
    assert table.loc["LU-AN", "verified"] == 0


def test_a_file_of_ones_own_is_counted_beside_them(own):
    row = list_standards([own]).set_index("id").loc["own"]
    assert row["user"] == 4  # two numbers, a park size and its radius


def test_a_standard_is_shown_number_by_number():
    table = gs.standard("CN-2022:garden").set_index(["indicator", "item"])

    assert table.loc[("green_coverage", "threshold"), "values"] == (0.40, 0.41)
    assert table.loc[("green_space_ratio", "threshold"), "values"] == ()
    assert table.loc[("service_coverage", "tiers"), "values"] == ((5000.0, 500.0), (400.0, 300.0))
    assert table.loc[("tree_lined_road_share", "road_classes"), "values"] == ("secondary", "branch")
    gates = table.groupby("gate", sort=False).size()
    assert list(gates.index) == [True, False]
    assert set(gs.standard("CN-2010")["level"]) == {"basic", "higher"}
    assert gs.standard("CN-2010").attrs["superseded_by"] == "CN-2016"


def test_an_overlay_differs_from_its_base_where_it_says_so_and_nowhere_else(own):
    table = gs.compare_standards("CN-2010", own).set_index(["indicator", "item", "level_first"])

    assert set(table.index) == {
        ("green_coverage", "threshold", "basic"),
        ("service_coverage", "threshold", "basic"),
        ("service_coverage", "tiers", "basic"),
        ("sewage_treatment", "threshold", "higher"),
    }
    cover = table.loc[("green_coverage", "threshold", "basic")]
    assert cover["change"] == "number comparison mark"
    assert (cover["operator_first"], cover["operator_second"]) == (">=", ">")
    assert cover["difference"] == pytest.approx(0.015)
    assert (cover["mark_first"], cover["mark_second"]) == ("verified", "user")
    tiers = table.loc[("service_coverage", "tiers", "basic")]
    assert (tiers["change"], tiers["second"]) == ("tiers mark", ((3000.0, 400.0),))
    assert table.loc[("sewage_treatment", "threshold", "higher"), "change"] == "only_second"


def test_levels_are_compared_as_they_are_named():
    table = gs.compare_standards("CN-2010:basic", "CN-2010:higher").set_index(["indicator", "item"])

    assert table.loc[("green_coverage", "threshold"), "difference"] == pytest.approx(0.04)
    lowest = table.loc[("lowest_district_green_space_ratio", "threshold")]
    assert (lowest["change"], lowest["first"], lowest["second"]) == ("only_first", (0.25,), ())
    assert len(gs.compare_standards("CN-2010", "CN-2010")) == 0


def test_a_standard_without_a_default_level_asks_for_one():
    with pytest.raises(DefinitionError) as refused:
        gs.compare_standards("CN-2000", "CN-2005")
    assert refused.value.expected == ("large", "medium", "small")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "name", ["CN-2000:large", "CN-2005", "CN-2022:eco", "GB50180-2018", "TUMEN:2011", "3-30-300"]
)
def test_every_row_is_shown_with_its_mark_in_words(name, lang):
    shown = run("standards", "show", name, "--lang", lang)
    assert shown.exit_code == 0
    for indicator in set(gs.standard(name)["indicator"]):
        assert indicator[:20] in shown.stdout
    words = {"verified": "已核对", "weak": "弱来源", "provisional": "暂定"}
    for mark in set(gs.standard(name)["mark"]) - {""}:
        assert (words[mark] if lang == "zh" else mark) in shown.stdout
    assert "?" not in printable(shown.stdout, "gbk").replace("?", "", shown.stdout.count("?"))


def test_a_shown_standard_says_since_when_and_what_replaced_it_and_where_it_was_read():
    shown = run("standards", "show", "CN-2010", "--lang", "en").stdout

    assert "in force from 2010-12-01; superseded by CN-2016" in shown
    assert "[25] https://" in shown
    assert "number unknown" in run("standards", "show", "CN-2022", "--lang", "en").stdout


def test_a_difference_is_shown_with_both_marks(own):
    shown = run("standards", "diff", "CN-2010", own, "--lang", "en")

    assert shown.exit_code == 0
    assert "+1.50 points" in shown.stdout
    assert "CN-2010:higher" in shown.stdout
    assert "> 37.5%" in shown.stdout
    assert (
        "Nothing differs." in run("standards", "diff", "CN-2005", "CN-2005", "--lang", "en").stdout
    )


def test_a_listed_file_of_ones_own_stands_below_the_others(own):
    shown = run("standards", "--own", own, "--lang", "en")
    assert shown.exit_code == 0
    assert shown.stdout.index("WHO-300") < shown.stdout.index(" own ")


@pytest.mark.parametrize(
    "words", [("show", "CN-2011"), ("diff", "CN-2010", "CN-2000"), ("--own", "no.toml")]
)
def test_what_is_not_known_is_refused_in_one_sentence(words):
    refused = run("standards", *words, "--lang", "en")
    assert (refused.exit_code, refused.stdout) == (2, "")


def test_hostile_text_of_a_file_of_ones_own_does_not_reach_the_console(tmp_path):
    path = tmp_path / "evil.toml"
    evil = 'title = { zh = "\\u001b[31m坏", en = "\\u001b]0;bad" }\n'
    path.write_text(
        OWN.replace('extends = "CN-2010"\n', f'extends = "CN-2010"\n{evil}'), encoding="utf-8"
    )

    for words in (("show", path), ("--own", path), ("diff", "CN-2010", path)):
        shown = run("standards", *words)
        assert shown.exit_code == 0
        assert "\x1b" not in shown.stdout
