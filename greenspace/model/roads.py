"""Roads: the classes that roads have, and the green ratio that is asked of their width.

Question   Which class is this word, and how much green does a road of this width need?
Enters     Values of definitions/classes/roads.toml.
Leaves     Frozen rules.
Elsewhere  The file: read/roads. Holding roads against it: prepare/roads, measure/roads.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from greenspace.model.walkable import words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

    from greenspace.model.words import Text

OTHER = "other"
UNBUILT = ("在建", "规划", "construction", "proposed", "planned")


@dataclass(frozen=True, slots=True)
class WidthTable:
    """The green ratio that one edition asks of a road by its red-line width.

    ``rows`` are (limit in m, whether the limit itself belongs to the row, ratio), the widest
    first; ``landscape`` is asked of landscape roads, ``None`` where the edition has no such row.

    Examples
    --------
    >>> rows = ((45.0, False, 0.25), (30.0, False, 0.2), (15.0, False, 0.15))
    >>> WidthTable("2023", rows).asked([45.0, 45.01, 30.0, 15.0]).tolist()
    [0.2, 0.25, 0.15, nan]
    """

    edition: str
    rows: tuple[tuple[float, bool, float], ...]
    landscape: float | None = None
    address: str = ""

    def asked(
        self, width_m: ArrayLike, landscape: NDArray[np.bool_] | None = None
    ) -> NDArray[np.float64]:
        """Return the ratio asked of each width; NaN where the width is unknown or below all rows."""
        width = np.asarray(width_m, dtype=float)
        share = np.full(width.shape, np.nan)
        for limit, inclusive, ratio in reversed(self.rows):
            share[(width >= limit) if inclusive else (width > limit)] = ratio
        if self.landscape is not None and landscape is not None:
            share[landscape & ~np.isnan(width)] = self.landscape
        return share

    @property
    def least_width_m(self) -> float:
        """The width up to which, or below which, nothing is asked."""
        return min((limit for limit, _, _ in self.rows), default=inf)


@dataclass(frozen=True, slots=True)
class RoadClasses:
    """The classes of roads by the words that name them.

    Attributes
    ----------
    names
        What each class is called.
    words
        The class of each word in lower case; `OTHER` for ways that are no city roads.
    widths
        What is asked of a road by its width, by edition.
    """

    names: Mapping[str, Text]
    words: Mapping[str, str]
    widths: Mapping[str, WidthTable]

    def of(self, value: object) -> str | None:
        """Return the class that a word names, ``None`` where it is not known.

        A word that names two classes names neither; what is not built is no city road yet.

        Examples
        --------
        >>> rule = RoadClasses({}, {"主干路": "main", "支路": "branch", "在建": "other"}, {})
        >>> rule.of(" 主干路（双向）"), rule.of("支路（在建）"), rule.of("主干路/支路")
        ('main', 'other', None)
        """
        plain = " ".join(str(value).split()).lower()
        if plain in self.words:
            return self.words[plain]
        said = [word for word in words_of(str(value)) if word in self.words]
        if any(word in UNBUILT for word in said):
            return OTHER
        found = {self.words[word] for word in said}
        return found.pop() if len(found) == 1 else None

    def nearest(self, value: object) -> str | None:
        """Return the known word that is spelt most like this one, if any is."""
        spelt = str(value).strip().lower()
        return next(iter(get_close_matches(spelt, self.words, n=1, cutoff=0.5)), None)
