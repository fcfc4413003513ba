"""Statuses: which residential areas are new, and which are old ones rebuilt.

Question   Is this estate held to the ratio of new areas, or to that of rebuilt ones?
Enters     Estates with a column ``status``, or ``built`` beside the year from which they are new.
Leaves     "new" or "old" a row; words and years that are not understood are refused.
Elsewhere  Measuring: estates. Their green: measure/parcels.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import numpy as np

from greenspace.errors import ColumnError, InputError
from greenspace.model.words import Text

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

NEW, OLD = "new", "old"
WORDS = {
    NEW: ("new", "新", "新建", "新区", "新建区", "新建小区", "新建居住区", "新建住宅区"),
    OLD: (
        *(
            "old",
            "rebuilt",
            "旧",
            "老",
            "旧区",
            "旧城",
            "旧改",
            "改造",
            "旧城改造",
            "旧区改造",
            "改建",
        ),
        *("老旧", "老旧小区", "老小区", "旧居住区", "旧居住区改造", "旧城改造区"),
    ),
}
MONTH, DAY = r"(?:1[0-2]|0?[1-9])", r"(?:3[01]|[12]\d|0?[1-9])"
YEAR = re.compile(  # a year or a day in one; 2000年以前, 1998-2015 and 2000年代 are no year
    rf"([12]\d{{3}})(?:\.0|(?:年(?:{MONTH}月(?:{DAY}日)?)?)?(?:建|建成|竣工|交付)?"
    rf"|([-/.]){MONTH}(?:\2{DAY}(?:[ t]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?)?)"
)
YEARS = range(1000, 3000)
MOST_LISTED = 5


def statuses(frame: pd.DataFrame, layer: str, *, new_since: int | None = None) -> NDArray[Any]:
    """Return "new" or "old" for each row.

    Parameters
    ----------
    frame
        With a column ``status`` (new or old, 新 or 旧); without one, with the year ``built``.
    new_since
        The year of building from which an estate is new.

    Raises
    ------
    ColumnError
        There is neither column, or a row says nothing, or something that is not known.
    InputError
        `new_since` is no year.

    Examples
    --------
    >>> import pandas as pd
    >>> statuses(pd.DataFrame({"status": ["新建", "Old"]}), "residential").tolist()
    ['new', 'old']
    >>> statuses(pd.DataFrame({"built": [1998, "2015年"]}), "residential", new_since=2000).tolist()
    ['old', 'new']
    """
    if "status" in frame.columns:
        known = {word: kind for kind, words in WORDS.items() for word in words}
        found = [known.get(_spelt(word)) for word in frame["status"]]
        expected: tuple[object, ...] = tuple(known)
        return _all_known(found, frame["status"], layer, expected)
    if "built" in frame.columns and new_since is not None:
        _require_year(new_since, layer)
        years = [YEAR.fullmatch(_spelt(year)) for year in frame["built"]]
        found = [None if y is None else NEW if int(y[1]) >= new_since else OLD for y in years]
        return _all_known(found, frame["built"], layer, ("a year",))
    raise ColumnError(
        "居住用地没有说明哪些是新建、哪些是旧区：没有 status 字段，也没有 built 字段和 new_since。",
        "Which residential areas are new and which are old is not said: there is no column status, "
        "and no column built with new_since.",
        remedy=Text(
            zh='请写 columns = { status = "…" }，或 columns = { built = "…" } 和 new_since = 年份。',
            en='Write columns = { status = "…" }, or columns = { built = "…" } and new_since = YEAR.',
        ),
        layer=layer,
        column="status",
        found=tuple(str(column) for column in frame.columns),
    )


def _require_year(new_since: object, layer: str) -> None:
    if isinstance(new_since, int) and not isinstance(new_since, bool) and new_since in YEARS:
        return
    raise InputError(
        f"new_since 不是年份：{new_since!r}。",
        f"new_since is no year: {new_since!r}.",
        remedy=Text(zh="请写整数年份，例如 2000。", en="Write a year as a number, such as 2000."),
        layer=layer,
        expected="a year such as 2000",
        found=repr(new_since),
    )


def _spelt(word: object) -> str:
    return normalize("NFKC", str(word)).strip().casefold()


def _all_known(
    found: list[str | None], column: pd.Series, layer: str, expected: tuple[object, ...]
) -> NDArray[Any]:
    strange = np.array([status is None for status in found], dtype=bool)
    if not strange.any():
        return np.array(found, dtype=object)
    cells = column.astype(object).where(column.notna(), "—")[strange]
    words = tuple(dict.fromkeys(map(str, cells)))
    listed = ", ".join(words[:MOST_LISTED])
    raise ColumnError(
        f"有 {int(strange.sum())} 行的 {column.name} 说不出是新建还是旧区：{listed}。",
        f"{int(strange.sum())} rows of {column.name} tell neither a new nor an old area: {listed}.",
        remedy=Text(
            zh="status 请写 新建 或 旧区；built 请写年份。",
            en="Write new or old as status, or the year as built.",
        ),
        layer=layer,
        column=str(column.name),
        rows=column.index[strange],
        expected=expected,
        found=words,
    )
