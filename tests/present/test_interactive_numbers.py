"""Numbers of an interactive map reach their shapes, whatever columns and plots there are."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from shapely import MultiPoint, Point

import greenspace as gs
from greenspace.model.ledger import Column, Ledger
from greenspace.model.words import Text
from greenspace.present.interactive_layers import check_layers
from greenspace.present.interactive_numbers import numbers_of_ledger
from greenspace.present.rows import sections
from tests.present.interactive_town import data_of
from tests.town import X, Y, at, layer, write_town

NAME = Column("name", Text("名称", "name"))


@pytest.fixture(scope="module")
def town_check(tmp_path_factory):
    return gs.check(write_town(tmp_path_factory.mktemp("town")) / "polygons.toml")


def only(check, **layers):
    return replace(check, layers=layers, city=replace(check.city, layers={}))


def layer_of(check, key, language="zh"):
    return next(each for each in check_layers(check, language) if each.key == key)


def test_a_column_number_takes_no_measured_number_away(town_check):
    numbered = town_check.layers["districts"].assign(number=["01", "02"])
    before = layer_of(town_check, "districts")

    after = layer_of(
        replace(town_check, layers={**town_check.layers, "districts": numbered}), "districts"
    )

    assert list(after.names) == [f"0{n} {name}" for n, name in enumerate(before.names, 1)]
    assert after.facts == before.facts
    assert len(after.facts) > 3


def test_two_plots_of_an_estate_share_its_row():
    ratio = Column("ratio", Text("绿地率", "green ratio"), "1")
    rows = pd.DataFrame({"name": ["甲苑", "乙苑", "", ""], "ratio": [0.3, 0.4, 0.5, 0.6]})
    ledger = Ledger("estates", Text("名录", "list"), (NAME, ratio), rows)

    (fact,) = numbers_of_ledger(ledger, ["甲苑", "乙苑", "甲苑", "", "丙苑"], {"name"}, "zh")

    # rows without a name are told apart by their order alone, which is not that of the shapes
    assert list(fact.exact) == ["0.3", "0.4", "0.3", "", ""]


def test_names_that_are_shared_are_joined_only_row_by_row():
    ratio = Column("ratio", Text("绿地率", "green ratio"), "1")
    rows = pd.DataFrame({"name": ["游园", "游园", "甲"], "ratio": [0.1, 0.2, 0.3]})
    ledger = Ledger("parks", Text("名录", "list"), (NAME, ratio), rows)

    (whole,) = numbers_of_ledger(ledger, ["游园", "游园", "甲"], {"name"}, "zh")
    (part,) = numbers_of_ledger(ledger, ["游园", "甲"], {"name"}, "zh")

    assert list(whole.exact) == ["0.1", "0.2", "0.3"]
    assert list(part.exact) == ["", "0.3"]


def test_judged_numbers_come_first_with_threshold_and_verdict(town_check):
    facts = [fact for fact in layer_of(town_check, "built_up").facts if fact.exact][1:]
    judged = [fact for fact in facts if not fact.folded]
    rows = [row for section in sections(town_check, "zh") for row in section.rows]
    known = {item.ratio.indicator for item in town_check.measured if item.judged}
    asked = dict.fromkeys(r.source.indicator for r in rows if r.source.indicator in known)

    assert [fact.folded for fact in facts] == sorted(fact.folded for fact in facts)
    assert len(judged) == len(asked)
    first = next(row for row in rows if row.source.indicator == next(iter(asked)))
    assert judged[0].shown == [first.value]
    assert first.verdict_word in judged[0].notes[0]
    park = next(r for r in rows if r.source.indicator == "park_area_per_capita" and r.threshold)
    assert any(park.threshold in fact.notes[0] for fact in judged)


def test_an_area_says_whether_it_is_cut_to_the_built_up_area(town_check):
    def labels(key):
        return {fact.label for fact in layer_of(town_check, key).facts}

    assert "建成区内面积" in labels("districts") & labels("unserved")
    assert "全部面积" in labels("parks")
    assert "面积" in labels("built_up")
    bare = only(town_check, parks=town_check.layers["parks"])
    assert "面积" in {fact.label for fact in layer_of(bare, "parks").facts}


def test_shapes_of_one_name_are_told_apart_by_district(town_check):
    assert set(layer_of(town_check, "parks").places) <= {"甲区", "乙区", ""}
    assert "甲区" in layer_of(town_check, "parks").places


def test_old_trees_are_drawn_whatever_shape_they_have(town_check):
    spots = MultiPoint([(X, Y), (X + 50, Y + 50)])
    trees = layer([spots, Point(X + 20, Y), at(5, 5, 9, 9)], name=["丛", "单", "林"])

    layers = data_of(only(town_check, old_trees=trees).explore().html)["layers"]

    assert [(each["kind"], each["names"]) for each in layers] == [
        ("polygon", ["林"]),
        ("point", ["丛", "单"]),
    ]
    assert [len(shape) for shape in layers[1]["shapes"]] == [2, 1]


def test_an_english_page_names_the_status_of_a_line_in_english(town_check):
    lines = layer([at(0, 0, 9, 9)], name=["甲"], status=["规划"])
    city = replace(town_check.city, layers={"green_lines": lines})

    found = [each.title for each in check_layers(replace(town_check, city=city), "en")]

    assert any(title.endswith("planned green line") for title in found)


def test_another_language_is_refused(town_check, tmp_path):
    with pytest.raises(gs.errors.InputError) as refusal:
        gs.interactive_map(town_check, tmp_path / "map.html", language="fr")

    assert refusal.value.found == "fr"


def test_the_commands_of_the_how_to_run(tmp_path, monkeypatch, repository):
    text = (repository / "docs/how_to/interactive_map.md").read_text("utf-8")
    block = text.partition("## In Jupyter")[2].partition("```python")[2].partition("```")[0]
    folder = write_town(tmp_path)
    monkeypatch.chdir(folder)

    said: dict[str, object] = {"gs": gs}
    exec(block.replace("qinghe/city.toml", "polygons.toml"), said)  # noqa: S102

    assert len(said["table"]) == 2
