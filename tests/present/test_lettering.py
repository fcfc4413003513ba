"""Lettering: no line is wider than its room, and no word is lost before it is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenspace.present.lettering import fitted, literal, width_mm, wrapped

TEXTS = st.text(alphabet="绿线规划，。（）《》Green line-1234567890$_ \n\x1b😀é", max_size=80)


@given(TEXTS, st.floats(4, 20), st.floats(12, 120))
def test_lines_hold_every_character_and_fit(text, size, width):
    lines = wrapped(text, size, width)

    assert "".join(lines).replace(" ", "") == literal(text).replace(" ", "")
    for line in lines:
        assert width_mm(line, size) <= width


@given(TEXTS, st.floats(5, 20), st.floats(12, 60), st.integers(1, 3))
def test_no_more_lines_than_asked_and_dots_tell_of_the_rest(text, size, width, most):
    lines, all_of_them = wrapped(text, size, width, most=most), wrapped(text, size, width)

    assert len(lines) == min(most, len(all_of_them))
    assert (lines == all_of_them) == (len(all_of_them) <= most)
    for line in lines:
        assert width_mm(line, size) <= width + 1e-9


def test_a_full_stop_does_not_begin_a_line():
    lines = wrapped("绿线规划。绿地", 72 / 25.4 * 10, 41)

    assert lines == ["绿线规", "划。绿地"]


@given(TEXTS, st.floats(12, 120))
def test_a_text_is_made_smaller_before_it_is_cut(text, width):
    line, size = fitted(text, 10, width, least=6)

    assert width_mm(line, size) <= width + 1e-9
    assert size == 6 or line == literal(text)


def test_a_character_of_ten_millimetres_is_ten_wide_and_a_little():
    assert width_mm("绿", 72 / 25.4 * 10) == pytest.approx(10.2, abs=1e-3)
