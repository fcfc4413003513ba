"""Fairness: how evenly something is shared, as one value that travels.

Question   How unequal is it, for which groups, and where is most missing?
Enters     Numbers and tables from measure/equity.
Leaves     A frozen Fairness.
Elsewhere  Measuring it: sharing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from greenspace.model.source import Finding, Source


@dataclass(frozen=True, slots=True, eq=False)
class Fairness:
    """How evenly a value is shared among residents.

    Attributes
    ----------
    value
        The column that was looked at.
    persons
        Residents whose value is known.
    mean
        Of persons: what a resident has.
    mean_by_area
        Of ground: what a square metre of the places has; NaN for points. Where it is above
        `mean`, the well served live spread out.
    gini
        From 0, all alike; NaN where nobody has anything, or a distance is infinite.
    target
        What every resident should have: as given, else `mean`.
    persons_worse
        Residents who have less (or, for distances, further to go) than `target`.
    curve
        The Lorenz curve: ``persons_share``, ``held_share``.
    groups
        A row a group or district; None where none are asked for.
    worst
        The places where most is missing to the target, the worst first, with ``lacking`` (of
        each resident) and ``lacking_total`` (times the residents).
    """

    value: str
    persons: float
    mean: float
    mean_by_area: float
    gini: float
    target: float
    persons_worse: float
    curve: pd.DataFrame
    groups: pd.DataFrame | None
    worst: gpd.GeoDataFrame
    findings: tuple[Finding, ...] = ()
    sources: tuple[Source, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return one row with every figure that is a number."""
        import pandas as pd

        row = {
            "value": self.value,
            "persons": self.persons,
            "mean": self.mean,
            "mean_by_area": self.mean_by_area,
            "gini": self.gini,
            "target": self.target,
            "persons_worse": self.persons_worse,
        }
        return pd.DataFrame([row])
