"""Words: every word in two languages, and text that is safe on one line."""

from __future__ import annotations

import pytest

from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.present import words
from greenspace.present.words import clean, layer_name, severity_counts, worst_first


def test_every_word_has_both_languages():
    tables = (words.WORDS, words.VERDICTS, words.MARKS, words.MARKS_EXPLAINED, words.SEVERITIES)
    for table in tables:
        assert all(text.zh and text.en for text in table.values())


def test_placeholders_are_the_same_in_both_languages():
    for text in words.WORDS.values():
        assert text.zh.count("{") == text.en.count("{")


@pytest.mark.parametrize(
    ("text", "told"),
    [("a\x00b\tc\r\nd", "a b c d"), ("\u202eabc\u200b", "abc"), ("\ud800", ""), (7, "7")],
)
def test_control_characters_become_blanks(text, told):
    assert clean(text) == told


def test_unknown_layers_keep_their_name():
    assert layer_name("no\nsuch", "en") == "no such"


def test_findings_worst_first_and_once():
    def finding(severity, code):
        return Finding(code=code, text=Text(code, code), severity=severity)

    found = (finding("note", "a"), finding("error", "b"), finding("note", "a"))

    assert [item.code for item in worst_first(found)] == ["b", "a"]
    assert severity_counts(worst_first(found), "zh") == "1 条错误，1 条提示"
    assert severity_counts((), "en") == "None."
