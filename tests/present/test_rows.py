"""Rows: order, sentences and remarks."""

from __future__ import annotations

from dataclasses import replace

from greenspace.model.quantity import Ratio
from greenspace.present.rows import (
    banner,
    overall_sentence,
    review_sentence,
    sections,
    shown_value,
    shown_zone,
)


def test_the_gate_comes_first_and_the_law_last_on_its_own(check):
    found = sections(check, "zh")

    assert [section.kind for section in found] == ["gate", "rows", "law"]
    assert [len(section.rows) for section in found] == [3, 3, 1]
    assert "GB55014-2021" in found[2].title


def test_a_level_of_the_standard_is_still_the_standard(check):
    rows = tuple(replace(item, standard="CN-2010:higher") for item in check.verdicts[:3])
    higher = replace(check, standard="CN-2010:higher", verdicts=rows)

    assert [section.kind for section in sections(higher, "en")] == ["gate"]


def test_the_review_ends_only_where_a_gate_item_fails(check):
    through = replace(check, overall=replace(check.overall, review_ends=()))

    assert "评审将在此终止" in review_sentence(check, "zh")
    assert "would end here" in review_sentence(check, "en")
    assert review_sentence(through, "zh") == ""


def test_provisional_numbers_are_announced_and_never_called_law(check):
    sure = replace(check, verdicts=tuple(replace(v, mark="verified") for v in check.verdicts))
    rows = tuple(replace(v, mark="provisional") for v in check.verdicts)
    law = sections(replace(check, verdicts=rows), "en")[-1]

    assert "暂定" in banner(check, "zh")
    assert banner(sure, "zh") == ""
    assert "in law" in sections(check, "en")[-1].note
    assert "law" not in law.note.lower()


def test_a_provisional_verdict_says_so(check):
    shaky = replace(check, overall=replace(check.overall, provisional=True))

    assert overall_sentence(check, "en") == "Overall: fail"
    assert overall_sentence(shaky, "en").startswith("Overall: fail (decided by a provisional")


def test_remarks_name_the_place_the_reason_and_the_other_level(check, nasty):
    gate, rows, _ = sections(check, "zh")

    assert gate.rows[0].remarks == (
        "判定用制图值；误差校正估计 35.50%，区间 33.00%–38.00%（95%）",
        "另一口径不参与判定：由植被面 35.00%（按此不达标）",
        "其他等级：提升项 40%",
    )
    assert rows.rows[0].remarks == (nasty,)
    assert rows.rows[1].remarks == ("来源不一致。",)
    assert rows.rows[1].threshold == "≥ 70% / 80%"
    assert rows.rows[2].remarks == ("城市填报",)


def test_a_row_without_a_number_shows_a_dash(check):
    bare = replace(
        check.verdicts[0], ratio=None, margin=None, threshold=None, readings=(), mark=None
    )
    row = sections(replace(check, verdicts=(bare,)), "en")[0].rows[0]

    assert (row.value, row.threshold, row.margin, row.mark_word) == ("—", "—", "—", "—")


def test_pictures_write_the_number_as_the_table_does(check):
    assert shown_value(check, "green_coverage", "zh") == "35.996%"
    assert shown_value(check, "no_such", "zh") == "—"


def test_a_zone_that_a_row_judges_is_written_as_in_that_row(check):
    close = Ratio("green_space_ratio", 24.996, 100.0, "1", None, place="东城")
    row = replace(check.verdicts[3], ratio=close)
    judged = replace(check, verdicts=(row,))

    assert shown_zone(judged, close, "en") == "24.996%"
    assert shown_zone(judged, replace(close, place="西城"), "en") == "25.00%"


def test_a_law_row_on_another_number_does_not_speak_for_the_judged_one(check):
    # the judged row has no threshold; the law judges a number of its own, by other tiers
    other = Ratio("service_coverage", 9.0, 10.0, "1", None)
    law = replace(check.verdicts[4], standard="GB55014-2021", ratio=other, threshold=0.8)

    both = replace(check, verdicts=(*check.verdicts, law))

    assert shown_value(both, "service_coverage", "en") == "44.44%"
