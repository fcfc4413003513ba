"""Answers: yes, no, nothing, and what is neither."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from greenspace.errors import ColumnError
from greenspace.prepare.answers import NO, YES, yes_no


@pytest.mark.parametrize(
    "word", [*YES, "\uff39\uff25\uff33", " 是 ", True, 1, 1.0, np.int64(1), np.True_]
)
def test_every_word_of_yes_is_a_yes(word):
    answers, findings = yes_no(pd.Series([word], name="garden", dtype=object), "units")

    assert answers.tolist() == [True]
    assert findings == ()


@pytest.mark.parametrize("word", [*NO, "\uff2e\uff4f", False, 0, 0.0])
def test_every_word_of_no_is_a_no(word):
    answers, findings = yes_no(pd.Series([word], name="garden", dtype=object), "units")

    assert answers.tolist() == [False]
    assert findings == ()


@pytest.mark.parametrize("word", [None, float("nan"), pd.NA, "", "  "])
def test_nothing_is_a_no_and_told(word):
    column = pd.Series(["是", word], index=[4, 9], name="garden", dtype=object)

    answers, (finding,) = yes_no(column, "units")

    assert answers.tolist() == [True, False]
    assert (finding.code, finding.layer, finding.rows, finding.count) == (
        "no_answer",
        "units",
        (9,),
        1,
    )


@pytest.mark.parametrize("word", ["申报中", "maybe", 2, -1, 0.5, "创建"])
def test_what_is_neither_is_refused_with_its_rows(word):
    column = pd.Series(["是", word, word], index=[4, 7, 9], name="garden", dtype=object)

    with pytest.raises(ColumnError) as refusal:
        yes_no(column, "units")

    assert refusal.value.rows == (7, 9)
    assert refusal.value.column == "garden"
    assert refusal.value.found == (str(word),)


@pytest.mark.parametrize(
    ("values", "dtype"), [([1, 0], "Int64"), ([1.0, 0.0], "float64"), ([True, False], "boolean")]
)
def test_columns_of_numbers_and_truths_are_read(values, dtype):
    assert yes_no(pd.Series(values, dtype=dtype, name="x"), "units")[0].tolist() == [True, False]


def test_an_empty_column_has_no_answers():
    answers, findings = yes_no(pd.Series([], name="x", dtype=object), "units")

    assert (len(answers), answers.dtype, findings) == (0, np.dtype(bool), ())


def test_ticks_and_crosses_are_answers_and_a_dash_is_none():
    answers, findings = yes_no(pd.Series(["✔", "✗", "—", "-"], name="garden"), "units")

    assert answers.tolist() == [True, False, False, False]
    assert findings[0].rows == (2, 3)
