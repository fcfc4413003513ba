"""Statuses: years that are one year are read, phrases that hold one are refused."""

from __future__ import annotations

import pandas as pd
import pytest

from greenspace.errors import ColumnError, InputError
from greenspace.prepare.statuses import statuses


def of(word, new_since=2000):
    return statuses(pd.DataFrame({"built": [word]}), "residential", new_since=new_since).tolist()


@pytest.mark.parametrize(
    "word",
    [
        2000,
        2000.0,
        "2000年",
        "2000年建成",
        "2000建",
        "2000年6月",
        "2000年6月30日竣工",
        "2000-06",
        "2000/6/30",
        pd.Timestamp("2000-06-01"),
        "２０００年",
    ],
)
def test_a_plain_year_or_day_is_read(word):
    assert of(word) == ["new"]
    assert of(word, 2001) == ["old"]


@pytest.mark.parametrize(
    "word",
    [
        "2000年以前",
        "2000年前",
        "2000年之前建成",
        "2000年代以前",
        "2000年代",
        "1999年后",
        "1998-2015",
        "1998~2015",
        "1998-2015年",
        "1998年-2015年",
        "2015-13",
        "约2000年",
    ],
)
def test_a_phrase_that_holds_a_year_is_refused_with_its_row(word):
    with pytest.raises(ColumnError) as refusal:
        of(word)

    assert (refusal.value.rows, refusal.value.found) == ((0,), (word,))


@pytest.mark.parametrize("year", ["2000", True, 20000, 2000.0])
def test_a_year_of_the_caller_that_is_none_is_refused(year):
    with pytest.raises(InputError, match="new_since"):
        of(1999, year)
