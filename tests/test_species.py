"""Species indices, by hand, by property and by refusal."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import greenspace as gs
from greenspace.errors import ColumnError, InputError

HEAD = "类群,物种,建成区,本地,木本,野生\n"
LISTS = (
    HEAD
    + """植物,樟树,是,是,是,
植物,银杏,是,是,是,
植物,雪松,是,否,是,
植物,芦苇,是,是,否,
植物,水杉,否,是,是,
鸟类,喜鹊,是,,,是
鸟类,白鹭,否,,,是
鸟类,孔雀,是,,,否
鱼类,鲫鱼,是,,,是
鱼类,草鱼,否,,,是
鱼类,鲢鱼,否,,,是
鱼类,锦鲤,是,,,否
"""
)  # plants 4 of 5; birds 1 of 2, one kept; fish 1 of 3, one kept


def written(folder, text=LISTS, encoding="utf-8"):
    path = folder / "species.csv"
    path.write_bytes(text.encode(encoding))
    return path


def frame(*rows):
    return pd.DataFrame(rows, columns=["group", "species", "built_up", "native", "woody", "wild"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_index_is_the_mean_of_three_shares_of_wild_species(tmp_path, encoding):
    ratio = gs.species_index(written(tmp_path, encoding=encoding))

    assert ratio.value == pytest.approx((4 / 5 + 1 / 2 + 1 / 3) / 3)
    assert ratio.denominator == 3
    kept = next(item for item in ratio.findings if item.code == "species_kept")
    assert kept.count == 2
    assert ratio.sources[0].name == "species.csv"
    assert len(ratio.sources[0].sha256) == 64


def test_native_plants_are_counted_in_the_built_up_area_alone(tmp_path):
    path = written(tmp_path)
    every, woody = gs.native_plant_index(path), gs.native_plant_index(path, woody=True)

    assert (every.numerator, every.denominator) == (3, 4)
    assert (woody.numerator, woody.denominator) == (2, 3)
    assert woody.indicator == "native_woody_plant_index"


def test_a_species_named_again_counts_once_whatever_its_blanks_width_and_case():
    rows = frame(
        ("plants", "Acer", "no", "yes", "yes", ""),
        ("植物", " \uff21cer\u200b ", "是", "是", "是", ""),
        ("birds", "Pica", "yes", "", "", "yes"),
        ("fish", "Carassius  auratus", "no", "", "", "yes"),
        ("fish", "Carassius auratus", "yes", "", "", "yes"),
    )
    ratio = gs.species_index(rows)

    assert ratio.value == 1.0  # each of one species, each of them somewhere in the built-up area
    again = next(item for item in ratio.findings if item.code == "species_again")
    assert again.rows == (1, 4)


def test_an_animal_that_is_wild_outside_and_kept_inside_counts_as_outside():
    rows = frame(
        ("plants", "Acer", "yes", "yes", "yes", ""),
        ("birds", "Cygnus", "yes", "", "", "no"),
        ("birds", "Cygnus", "no", "", "", "yes"),
        ("fish", "Carassius", "yes", "", "", "yes"),
    )

    assert gs.species_index(rows).value == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("group", "en"), [("birds", "birds"), ("fish", "fish"), ("plants", "plants")]
)
def test_a_group_without_a_list_leaves_the_index_undefined_and_is_named(group, en):
    rows = frame(
        ("plants", "Acer", "yes", "yes", "yes", ""),
        ("birds", "Pica", "yes", "", "", "yes"),
        ("fish", "Carassius", "yes", "", "", "yes"),
    )
    ratio = gs.species_index(rows[rows["group"] != group])

    assert ratio.denominator == 0
    assert en in ratio.reason.en


def test_a_group_of_which_all_are_kept_has_no_share():
    rows = frame(
        ("plants", "Acer", "yes", "yes", "yes", ""),
        ("birds", "Pica", "yes", "", "", "yes"),
        ("fish", "Koi", "yes", "", "", "no"),
    )

    assert "fish" in gs.species_index(rows).reason.en


def test_lists_that_do_not_say_native_or_woody_have_no_such_index():
    rows = frame(("plants", "Acer", "yes", "yes", "yes", ""))

    assert "native" in gs.native_plant_index(rows.drop(columns="native")).reason.en
    assert "woody" in gs.native_plant_index(rows.drop(columns="woody"), woody=True).reason.en
    assert gs.native_plant_index(rows.drop(columns="woody")).value == 1
    assert gs.native_plant_index(rows.assign(built_up="no")).reason is not None


def test_lists_without_a_column_wild_take_all_as_wild_and_say_so():
    rows = frame(
        ("plants", "Acer", "yes", "yes", "yes", ""),
        ("birds", "Pica", "yes", "", "", ""),
        ("fish", "Koi", "yes", "", "", ""),
    ).drop(columns="wild")
    ratio = gs.species_index(rows)

    assert ratio.value == 1
    assert [item.code for item in ratio.findings] == ["species_all_wild"]


@pytest.mark.parametrize(
    ("rows", "column", "at"),
    [
        (
            [("plants", "Acer", "yes", "yes", "yes", ""), ("mammals", "Vulpes", "yes", "", "", "")],
            "group",
            1,
        ),
        ([("plants", "", "yes", "yes", "yes", "")], "species", 0),
        ([("plants", "Acer", "perhaps", "yes", "yes", "")], "built_up", 0),
        ([("birds", "Pica", "yes", "", "", "seldom")], "wild", 0),
        (
            [
                ("plants", "Acer", "yes", "yes", "yes", ""),
                ("plants", "acer", "yes", "no", "yes", ""),
            ],
            "native",
            1,
        ),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_row(rows, column, at):
    with pytest.raises(ColumnError) as refusal:
        gs.species_index(frame(*rows))
    assert refusal.value.column == column
    assert at in refusal.value.rows


def test_rows_that_do_not_answer_are_told_with_the_index_they_touch():
    rows = frame(
        ("plants", "Acer", "", "", "yes", ""),
        ("plants", "Morus", "yes", "yes", "", ""),
        ("birds", "Pica", "yes", "", "", ""),
        ("birds", "Ardea", "yes", "", "", "yes"),
        ("fish", "Carassius", "yes", "", "", "yes"),
    )

    def told(ratio):
        return [(it.code, it.rows) for it in ratio.findings if it.code == "no_answer"]

    built_up, native, woody, wild = (("no_answer", (row,)) for row in (0, 0, 1, 2))
    assert told(gs.species_index(rows)) == [built_up, wild]
    assert told(gs.native_plant_index(rows)) == [built_up, native]
    assert told(gs.native_plant_index(rows, woody=True)) == [built_up, native, woody]
    kept = next(it for it in gs.species_index(rows).findings if it.code == "species_kept")
    assert "blank" in kept.text.en
    assert kept.rows == (2,)


def test_a_row_that_leaves_it_open_takes_after_one_of_its_species_that_says_it():
    rows = frame(
        ("plants", "Acer", "yes", "", "yes", ""),
        ("plants", "acer", "yes", "yes", "", ""),
    )
    ratio = gs.native_plant_index(rows, woody=True)

    assert (ratio.numerator, ratio.denominator) == (1, 1)
    assert [it.code for it in ratio.findings] == ["species_again"]


@pytest.mark.parametrize("text", [HEAD, HEAD + ",,,,,\n"])
def test_a_list_without_species_is_refused(tmp_path, text):
    with pytest.raises(InputError):
        gs.species_index(written(tmp_path, text))


def test_columns_may_be_named_and_slips_are_refused(tmp_path):
    path = written(tmp_path, LISTS.replace("物种,", "中文名,", 1))
    columns = {"species": "中文名"}

    assert (
        gs.species_index(path, columns=columns).value == gs.species_index(written(tmp_path)).value
    )
    for wrong in ({"speces": "物种"}, {"species": "学名"}):
        with pytest.raises(ColumnError):
            gs.species_index(path, columns=wrong)
    with pytest.raises(InputError):
        gs.species_index(7)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["plants", "birds", "fish"]),
            st.sampled_from("abcdefgh"),
            st.sampled_from(["yes", "no"]),
            st.sampled_from(["yes", "no"]),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_the_index_never_leaves_0_to_1_and_rows_may_come_in_any_order_and_twice(rows):
    table = pd.DataFrame(rows, columns=["group", "species", "built_up", "wild"])
    ratio = gs.species_index(table)
    again = gs.species_index(pd.concat([table[::-1], table]))

    assert ratio.denominator == again.denominator
    assert ratio.numerator == pytest.approx(again.numerator)
    if ratio.denominator:
        assert 0 <= ratio.value <= 1
