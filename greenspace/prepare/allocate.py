"""Allocate: how many persons live in each zone.

Question   Which number of residents belongs to this place?
Enters     A number, or a column of the zones.
Leaves     Persons, one finite number of zero or more a zone.
Elsewhere  Per head: measure/per_capita.
"""

from __future__ import annotations

from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenspace.errors import ColumnError, InputError
from greenspace.model.words import Text

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

NUMBERS = (str, int, float, np.integer, np.floating, Decimal)


def persons(population: object) -> float:
    """Return a number of persons.

    Raises
    ------
    InputError
        It is not a finite number of zero or more.

    Examples
    --------
    >>> persons(1200)
    1200.0
    """
    number = isinstance(population, int | float | np.number) and not isinstance(population, bool)
    value = float(population) if number else -1.0  # type: ignore[arg-type]
    if not isfinite(value) or value < 0:
        raise InputError(
            f"人口应为不小于零的数，而不是 {population!r}。",
            f"The population should be a number of zero or more, not {population!r}.",
            remedy=Text(
                zh="分区计算时可给字段名，并给出 zones。",
                en="With zones it may be the name of their column.",
            ),
            found=population,
        )
    return value


def persons_of_zones(
    zones: gpd.GeoDataFrame, column: object, *, layer: str = "zones"
) -> NDArray[np.float64]:
    """Return the persons of each row of a layer.

    Raises
    ------
    ColumnError
        The column is missing, or holds missing, negative or non-numeric populations. Dates,
        spans of time, complex and truth values are no numbers of persons.
    """
    columns = [str(name) for name in zones.columns]
    if not isinstance(column, str) or columns.count(column) != 1:
        raise ColumnError(
            f"图层 {layer} 没有唯一的人口字段 {column!r}。",
            f"The layer {layer} has no single population column {column!r}.",
            remedy=Text(
                zh=f"现有字段：{'、'.join(columns)}。", en=f"There are: {', '.join(columns)}."
            ),
            layer=layer,
            column=str(column),
            found=tuple(columns),
        )
    values: NDArray[Any] = pd.to_numeric(_counts(zones[column]), errors="coerce").to_numpy(
        dtype=float, na_value=np.nan
    )
    bad = ~np.isfinite(values) | (values < 0)
    if bad.any():
        raise ColumnError(
            f"图层 {layer} 有 {int(bad.sum())} 行的人口缺失、为负或不是数字。",
            f"The population of {int(bad.sum())} rows of {layer} is missing, negative or not a"
            " number.",
            remedy=Text(zh="请补全人口。", en="Fill in the populations."),
            layer=layer,
            column=str(column),
            rows=zones.index[bad],
        )
    return values


def _counts(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return what can be a number of persons: numbers, or words that spell one."""
    if pd.api.types.is_float_dtype(column) or pd.api.types.is_integer_dtype(column):
        return column
    cells = column.astype(object)
    fit = cells.map(lambda cell: isinstance(cell, NUMBERS) and not isinstance(cell, bool))
    return cells.where(fit.astype(bool), None)
