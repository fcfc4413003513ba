"""Reference: what somebody saw on the ground, read from the words of a column.

Question   Which of these points are green, by whoever stood there?
Enters     A layer of points and the name of its column.
Leaves     True for green and false for not green, point by point.
Elsewhere  Thresholds from points: prepare/calibration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from greenspace.errors import ColumnError
from greenspace.model.words import Text

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

GREEN = frozenset({"green", "1", "绿", "true"})
NOT_GREEN = frozenset({"not_green", "0", "非绿", "false"})
WORDS = ("green / not_green", "1 / 0", "绿 / 非绿", "true / false")


def reference_classes(
    points: pd.DataFrame, column: str = "reference", *, layer: str = "samples"
) -> NDArray[np.bool_]:
    """Return which rows are green by a column of reference classes.

    ``green``, ``1``, ``绿`` and ``true`` are green; ``not_green``, ``0``, ``非绿`` and ``false``
    are not; capitals make no difference.

    Raises
    ------
    ColumnError
        There is no such column, or it holds something else; names the rows.

    Examples
    --------
    >>> import pandas as pd
    >>> reference_classes(pd.DataFrame({"reference": ["Green", 0, "绿", False]})).tolist()
    [True, False, True, False]
    """
    if column not in points.columns:
        raise ColumnError(
            f"图层 {layer} 没有字段 {column}。",
            f"The layer {layer} has no column {column}.",
            remedy=Text(
                zh="该字段应写明每点是绿还是非绿；字段另有名称时请用 column 指定。",
                en="It says of each point whether it is green; name another one with column.",
            ),
            layer=layer,
            column=column,
            found=tuple(str(name) for name in points.columns),
        )
    words = [_word(value) for value in points[column]]
    known = GREEN | NOT_GREEN
    strange = [place for place, word in enumerate(words) if word not in known]
    if strange:
        rows = [points.index[place] for place in strange]
        found = points[column].iloc[strange[0]]
        raise ColumnError(
            f"有 {len(rows)} 行的类别认不出，例如 {found!r}。",
            f"The class of {len(rows)} rows is not known, such as {found!r}.",
            remedy=Text(
                zh=f"请写其一：{'、'.join(WORDS)}。", en=f"Write one of: {', '.join(WORDS)}."
            ),
            layer=layer,
            column=column,
            rows=rows,
            expected=WORDS,
            found=found,
        )
    return np.array([word in GREEN for word in words], dtype=bool)


def _word(value: object) -> str:
    if isinstance(value, float | np.floating) and float(value).is_integer():
        value = int(value)
    return str(value).strip().casefold()
