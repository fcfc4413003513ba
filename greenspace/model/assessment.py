"""Assessment: a map of vegetation held against what somebody saw on the ground.

Question   What did the reference points say of this map, in all and zone by zone?
Enters     What assessment gathered.
Leaves     A frozen value that shows itself.
Elsewhere  Making one: assessment. The estimates in it: model/estimate, model/ratio.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from greenspace.model.estimate import AreaEstimate
    from greenspace.model.ratio import Ratio
    from greenspace.model.ratio_table import RatioTable
    from greenspace.model.source import Finding


@dataclass(frozen=True, slots=True, eq=False)
class Assessment:
    """What reference points say of a map.

    Attributes
    ----------
    table
        Green coverage of each zone as mapped, each with its interval, or with a synthetic
        estimate where too few points lie in the zone.
    whole
        The same for the ground of all zones together.
    matrix
        Numbers of points: rows as mapped, columns in truth. Their plain agreement is no
        accuracy, because it leaves out how much ground each point stands for.
    estimate
        Areas and accuracies, weighted by area; of the ground that the map shows.
    points
        The points that count, with ``mapped`` and ``reference``.
    findings
        What was noticed, and which points do not count.
    """

    table: RatioTable
    whole: Ratio
    matrix: pd.DataFrame
    estimate: AreaEstimate
    points: gpd.GeoDataFrame
    findings: tuple[Finding, ...]

    def _repr_html_(self) -> str:
        from greenspace.present.tables import assessment_html

        return assessment_html(self)
