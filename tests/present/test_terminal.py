"""Terminal: order, narrow and Chinese consoles, and names that look like markup."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.present.terminal import as_text, printable, text_table


def shown(check, language="zh", width=100, encoding="utf-8"):
    return as_text(text_table(check, language, width), width=width, encoding=encoding)


def test_everything_in_its_order(check):
    page = shown(check)
    order = ["暂定", "门槛指标", "评审将在此终止", "其他指标", "最低", "总评", "GB55014", "发现"]
    places = [page.index(piece) for piece in order]

    assert places == sorted(places)


def test_english_says_the_same(check):
    page = shown(check, "en", 110)

    assert "the review would end here" in page
    assert "Overall: fail" in page
    assert "green-space ratio, lowest: 东城 20.00%" in page
    assert "1 error, 1 warning, 1 note" in page


def test_every_table_of_verdicts_says_since_when_its_standard_holds(check):
    own, law = check.profiles
    own = replace(own, in_force_from=date(2010, 12, 1), superseded_by="CN-2016")
    law = replace(law, in_force_from=date(2022, 1, 1))
    page = shown(replace(check, profiles=(own, law)), "en", 110)

    assert "in force from 2010-12-01; superseded by CN-2016" in page
    assert page.index("in force from 2022-01-01") > page.index("GB55014-2021")


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "cp1252", "cp437", None])
@pytest.mark.parametrize("width", [40, 80, 200])
def test_any_console_can_hold_it(check, encoding, width):
    page = as_text(text_table(check, "zh", width), width=width, encoding=encoding or "ascii")

    assert page.encode(encoding or "ascii")


def test_no_line_is_wider_than_the_console(check):
    def columns(line):
        return sum(2 if ord(char) > 0x2E7F else 1 for char in line)

    for width in (60, 80, 120):
        assert max(columns(line) for line in shown(check, width=width).splitlines()) <= width


@pytest.mark.parametrize(
    ("text", "encoding", "told"),
    [
        ("9 m²", "gbk", "9 m2"),
        ("≥ 3–5", "gbk", "≥ 3–5"),
        ("≥ 3–5…", "ascii", ">= 3-5..."),
        ("café 😀", "gbk", "café ?"),
        ("café", "ascii", "cafe"),
        ("（a）", "ascii", "(a)"),
        ("绿", "no-such-codec", "?"),
        ("绿 m²", "utf-8", "绿 m²"),
    ],
)
def test_characters_give_way_to_their_like(text, encoding, told):
    assert printable(text, encoding) == told


def test_names_are_neither_markup_nor_escape_codes(check):
    evil = replace(check.city, name="[bold]x[/bold] \x1b[31m\x07 \u202eabc")

    page = shown(replace(check, city=evil))

    assert "[bold]x[/bold]" in page
    assert not {"\x1b", "\x07", "\u202e"} & set(page)
    assert "[red]" in page


def test_many_notes_are_counted_not_listed(check):
    notes = tuple(
        Finding(code="n", text=Text(f"提示{i}", f"note {i}"), layer="parks") for i in range(9)
    )
    repeated = replace(check, findings=notes + notes)

    page = shown(repeated)

    assert "9 条提示" in page
    assert "另有 4 条提示" in page


def test_errors_stand_before_warnings_before_notes(check):
    page = shown(check, "en")

    assert page.index("- error") < page.index("- warning") < page.index("- note")


def test_a_check_without_gate_findings_and_zones(check):
    bare = replace(
        check,
        verdicts=(),
        measured=(),
        findings=(),
        overall=replace(check.overall, verdict="not_assessable", review_ends=()),
    )
    page = shown(bare)

    assert "总评：无法评定" in page
    assert "发现：无。" in page


def test_plain_frames_where_asked(check):
    page = as_text(text_table(check, "en", 100, ascii_only=True), width=100)

    assert not {"─", "│", "┌"} & set(page)


def test_rows_without_a_number_are_named_below_by_their_reason(check):
    reason = Text("测不出。", "Not measured.")
    empty = replace(
        check.verdicts[5],
        ratio=None,
        margin=None,
        verdict="not_assessable",
        reason=reason,
    )
    other = replace(empty, name=Text("公众满意度", "satisfaction"))

    page = shown(replace(check, verdicts=(*check.verdicts[:3], empty, other)), "en")

    assert "not assessable: sewage treated ≥ 80%; satisfaction ≥ 80%. Not measured." in page


def test_gate_rows_stay_in_the_table_whatever_they_lack(check):
    empty = replace(
        check.verdicts[0],
        ratio=None,
        margin=None,
        verdict="not_assessable",
        reason=Text("缺影像。", "There is no image."),
    )

    page = shown(replace(check, verdicts=(empty,)), "en")

    assert "green coverage [1]" in page
    assert "[1] There is no image." in page


def test_the_reason_of_the_overall_verdict_follows_it(check):
    overall = replace(check.overall, reason=Text("未达标：甲。", "Not met: a."))

    page = shown(replace(check, overall=overall), "en")

    assert "Overall: fail\nNot met: a.\n" in page
