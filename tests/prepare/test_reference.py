"""Reference classes: the words people write for green and not green."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from greenspace.errors import ColumnError
from greenspace.prepare.reference import reference_classes


@pytest.mark.parametrize(
    ("green", "bare"),
    [("green", "not_green"), (" GREEN ", "Not_Green"), (1, 0), (1.0, 0.0), (True, False),
     ("1", "0"), ("绿", "非绿"), ("true", "FALSE"), (np.int8(1), np.bool_(0))],
)  # fmt: skip
def test_every_known_word_is_read(green, bare):
    frame = pd.DataFrame({"reference": pd.Series([green, bare, green], dtype=object)})
    found = reference_classes(frame)
    assert found.dtype == bool
    assert found.tolist() == [True, False, True]


def test_another_column_may_be_named():
    assert reference_classes(pd.DataFrame({"类别": ["非绿"]}), "类别").tolist() == [False]


def test_a_missing_column_is_refused_with_those_there_are():
    with pytest.raises(ColumnError) as caught:
        reference_classes(pd.DataFrame({"class": ["green"]}))
    error = caught.value
    assert (error.column, error.found, error.layer) == ("reference", ("class",), "samples")


@pytest.mark.parametrize("strange", ["grün", "", None, np.nan, 2, 0.5, "no", "yes"])
def test_unknown_words_are_refused_with_their_rows(strange):
    values = pd.Series(["green", strange, "not_green", strange], dtype=object, index=[7, 8, 9, 10])
    with pytest.raises(ColumnError) as caught:
        reference_classes(pd.DataFrame({"reference": values}), layer="points")
    error = caught.value
    assert (error.rows, error.layer, error.column) == ((8, 10), "points", "reference")
    assert "green / not_green" in error.expected
