"""Quantities: numbers that remember both of their halves, for one place or for many.

Question   Where do the rooms find Ratio, RatioTable and their words?
Enters     Nothing.
Leaves     The names of model/ratio and model/ratio_table under one roof.
Elsewhere  One number and its interval: model/ratio. Many zones: model/ratio_table.
"""

from __future__ import annotations

from greenspace.model.ratio import (
    NO_HOMES,
    NO_REFERENCE,
    SYNTHETIC,
    UNDEFINED,
    UNSEEN,
    Interval,
    Ratio,
    Unit,
)
from greenspace.model.ratio_table import RatioTable

__all__ = [
    "NO_HOMES",
    "NO_REFERENCE",
    "SYNTHETIC",
    "UNDEFINED",
    "UNSEEN",
    "Interval",
    "Ratio",
    "RatioTable",
    "Unit",
]
