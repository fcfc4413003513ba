"""Error matrix: points counted by what the map says and what is so, and checked.

Question   How many points are in each cell, and is this a table of counts at all?
Enters     Labels of points, or a table that somebody counted.
Leaves     Counts with labels of rows and columns; a refusal of what is no error matrix.
Elsewhere  What the counts say: measure/accuracy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenspace.errors import InputError
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Labels = Sequence[Any]


def error_matrix(mapped: ArrayLike, reference: ArrayLike, classes: Labels) -> pd.DataFrame:
    """Count points by what the map says (rows) and what is so (columns).

    Examples
    --------
    >>> error_matrix(["g", "g", "n"], ["g", "n", "n"], ["g", "n"]).to_numpy().tolist()
    [[1, 1], [0, 1]]
    """
    rows = codes_of(mapped, classes, "map")
    columns = codes_of(reference, classes, "reference")
    require_alike(rows, columns)
    counts = np.zeros((len(classes), len(classes)), dtype=np.int64)
    np.add.at(counts, (rows, columns), 1)
    return pd.DataFrame(
        counts, index=pd.Index(classes, name="map"), columns=pd.Index(classes, name="reference")
    )


def table_of(matrix: pd.DataFrame | ArrayLike) -> tuple[Floats, list[Any], list[Any]]:
    """Return the counts with the labels of rows and columns.

    Raises
    ------
    InputError
        It is no table of counts, repeats a label, holds sums beside the counts, or writes one
        label in two ways.
    """
    frame = _frame(matrix)
    rows, columns = list(frame.index), list(frame.columns)
    for labels in (rows, columns):
        if not labels or len(set(labels)) < len(labels):
            raise InputError(
                "误差矩阵为空或标签重复。",
                "The error matrix is empty or repeats a label.",
                expected="one row a stratum, one column a class",
                found=labels,
            )
    try:
        counts = frame.to_numpy(dtype=float)
    except (TypeError, ValueError):
        counts = np.full(frame.shape, np.nan)
    bad = ~np.isfinite(counts) | (counts < 0) | (counts != np.floor(counts))
    if bad.any():
        raise InputError(
            "误差矩阵中应为点数：非负整数。",
            "An error matrix holds numbers of points: whole and not negative.",
            rows=[rows[i] for i in np.flatnonzero(bad.any(axis=1))],
            expected="whole numbers >= 0",
            found=frame.to_numpy()[bad].tolist(),
        )
    _require_no_sums(counts, rows, columns)
    _require_one_spelling(rows, columns)
    return counts, rows, columns


def _frame(matrix: pd.DataFrame | ArrayLike) -> pd.DataFrame:
    if isinstance(matrix, pd.DataFrame):
        return matrix
    try:
        return pd.DataFrame(np.asarray(matrix, dtype=object))
    except (TypeError, ValueError) as error:
        raise InputError(
            "误差矩阵应是行列整齐的点数表。",
            "An error matrix is a table of numbers of points, as many in every row.",
            expected="one row a stratum, one column a class",
            found=str(matrix)[:80],
        ) from error


def _require_no_sums(counts: Floats, rows: Labels, columns: Labels) -> None:
    """Refuse a column or row of sums, which would be taken for a class or a stratum."""
    sums = []
    for table, labels, others in ((counts.T, columns, rows), (counts, rows, columns)):
        total = table.sum(axis=0)
        for place, line in enumerate(table):
            adds_up = len(table) > 2 and line.any() and np.array_equal(2 * line, total)  # noqa: PLR2004
            if adds_up and (labels[place] not in others or len(rows) == len(columns)):
                sums.append(labels[place])
    alone = set(rows) == set(columns)
    sums = [label for label in sums if not alone or sums.count(label) > 1]
    if sums:
        raise InputError(
            f"误差矩阵的 {sums[0]} 是其余各行（列）之和，不是类别。",
            f"{sums[0]} in the error matrix is the sum of the others and no class.",
            remedy=Text(zh="请去掉合计的行和列。", en="Leave out rows and columns of sums."),
            rows=list(dict.fromkeys(sums)),
            expected="classes alone",
            found=sums[0],
        )


def _require_one_spelling(rows: Labels, columns: Labels) -> None:
    """Refuse labels of rows and columns that differ in blanks, capitals or kind alone."""
    written = {str(label).strip().casefold(): label for label in rows}
    apart = [
        (written[str(label).strip().casefold()], label)
        for label in columns
        if label not in rows and str(label).strip().casefold() in written
    ]
    if apart:
        raise InputError(
            f"行标签 {apart[0][0]!r} 与列标签 {apart[0][1]!r} 写法不同，不知是否同一类。",
            f"The row {apart[0][0]!r} and the column {apart[0][1]!r} are written in two ways: "
            "whether they are one class is not known.",
            remedy=Text(
                zh="同一类请在行和列写得一样。", en="Write a class alike in rows and columns."
            ),
            rows=[row for row, _ in apart],
            expected=[row for row, _ in apart],
            found=[column for _, column in apart],
        )


def is_missing(label: object) -> bool:
    """Return whether a label is none, whatever its kind says for that."""
    return label is None or label is pd.NA or label != label  # noqa: PLR0124  NaN alone is not itself


def codes_of(labels: ArrayLike, classes: Labels, name: str) -> NDArray[np.intp]:
    """Return the position of each label among the classes, or refuse those that have none."""
    places = {label: place for place, label in enumerate(classes)}
    given = np.asarray(labels, dtype=object).ravel().tolist()
    strange = [row for row, label in enumerate(given) if is_missing(label) or label not in places]
    if strange:
        raise InputError(
            f"{name} 中有缺失或未知的类别。",
            f"A class in {name} is missing or unknown.",
            column=name,
            rows=strange,
            expected=list(classes),
            found=sorted({str(given[row]) for row in strange}),
        )
    return np.array([places[label] for label in given], dtype=np.intp)


def require_alike(one: NDArray[np.intp], other: NDArray[np.intp]) -> None:
    """Refuse columns of different length."""
    if len(one) != len(other):
        raise InputError(
            "各列的点数不同。",
            "The columns do not have the same number of points.",
            expected=len(one),
            found=len(other),
        )
