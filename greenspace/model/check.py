"""Check: one city held against one standard, with everything behind the verdict.

Question   What was measured, what was judged, and what should its reader know?
Enters     What the pipeline gathered.
Leaves     A frozen value that shows, tabulates and writes itself.
Elsewhere  Gathering: pipeline. Files and pictures: present/.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.model.city import City
    from greenspace.model.declared import Chip, Declared
    from greenspace.model.definition import Indicator, Profile, Tiers
    from greenspace.model.ledger import Ledger
    from greenspace.model.page import Page
    from greenspace.model.quantity import Ratio, RatioTable
    from greenspace.model.rehearsal import Annex
    from greenspace.model.source import Finding, Source
    from greenspace.model.trajectory import Trajectory
    from greenspace.model.verdict import Overall, Verdict
    from greenspace.model.words import Language, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One indicator of a check: the city, its zones, and the parameters they share.

    Attributes
    ----------
    ratio
        The city's number with its two halves.
    zones, zone_names
        The same by district or another set of places, and what each place is called.
    outside
        What lies in no zone, where anything does.
    tiers
        Park sizes in m² and radii in m that it was measured with.
    label
        What sets it apart from the judged number, where it stands beside it.
    judged
        False for numbers shown beside the judged one, such as coverage from canopy polygons
        where the image decides.
    """

    ratio: Ratio
    zones: RatioTable | None = None
    zone_names: tuple[str, ...] = ()
    outside: Ratio | None = None
    tiers: Tiers | None = None
    label: Text | None = None
    judged: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A reduced picture of the vegetation: 0 not green, 1 green, NaN unseen.

    ``colours`` is the image itself as red, green, blue and opacity, where its bands give colours;
    ``way`` says which.
    """

    green: NDArray[np.float32]
    bounds: tuple[float, float, float, float]
    crs: CRS
    colours: NDArray[np.uint8] | None = None
    way: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The result of rehearsing one standard on one city.

    Attributes
    ----------
    city, standard
        What was read of the manifest, and the judged standard with its level.
    indicators
        The cards of the indicators by id.
    findings, inputs
        What was noticed or changed; every file read, with its checksum.
    crs
        The CRS that areas were measured in.
    picture
        A reduced picture of the vegetation, where there is an image.
    verdicts
        Rows of the judged standard, then those of the law that always follows.
    overall
        Over the judged standard only.
    measured
        Every number, with its zones.
    layers
        Geometry for maps and ``layers.gpkg`` in the measuring CRS: ``built_up``,
        ``districts``, ``green``, ``parks``, ``residential``, ``service_area``, ``served``,
        ``unserved``, the same three with ``_on_foot``, ``walking_network``, ``water``, ``roads``
        (``judged`` and ``shaded`` where shade was measured), ``road_greening`` (``greened``):
        whichever exist.
    ledgers
        Base tables and lists: parks, roads, estates, ...
    addresses
        Where the ``[n]`` beside a number was read.
    asked
        How it was asked: ``standard``, with its level; ``on_bad_tile`` where that was said.
    profiles
        The standards that rows come from, the judged one first.
    declared
        What the city says of itself, each figure held against the measured one.
    chips
        Pictures of places that the ledger ``declared_parks`` names.
    trajectory
        How the numbers stand to the city's baseline and yearly targets, where it has any.
    """

    city: City
    standard: str
    profiles: tuple[Profile, ...]
    indicators: Mapping[str, Indicator]
    verdicts: tuple[Verdict, ...]
    overall: Overall
    measured: tuple[Measured, ...]
    findings: tuple[Finding, ...]
    inputs: tuple[Source, ...]
    crs: CRS | None
    layers: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    ledgers: tuple[Ledger, ...] = ()
    addresses: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, str] = field(default_factory=dict)
    picture: Picture | None = None
    trajectory: Trajectory | None = None
    declared: tuple[Declared, ...] = ()
    chips: tuple[Chip, ...] = ()

    @property
    def verdict(self) -> str:
        """``pass``, ``fail`` or ``not_assessable`` over the mandatory rows."""
        return self.overall.verdict

    @property
    def ratios(self) -> dict[str, Ratio]:
        """The judged city-wide numbers by indicator."""
        return {item.ratio.indicator: item.ratio for item in reversed(self.measured) if item.judged}

    @property
    def table(self) -> pd.DataFrame:
        """One row a criterion: value, threshold, margin, verdict, mark, reason."""
        from greenspace.present.tables import verdict_frame

        return verdict_frame(self.verdicts)

    def write(
        self,
        folder: Path | str,
        *,
        force: bool = False,
        language: Language = "zh",
        annex: Annex | None = None,
    ) -> Path:
        """Write report, workbook, JSON, layers and maps into a folder, whole or not at all.

        Parameters
        ----------
        folder
            Made when it does not exist.
        force
            Replace the results of an earlier check that lie there.
        language
            Of the report and the maps.
        annex
            As `gs.rehearse` returns it: ``internal_annex.html`` is written too, which is for the
            office itself.

        Raises
        ------
        InputError
            The folder exists and `force` is not set, or it holds files of other origin.
        """
        from greenspace.present.write import write_check

        return write_check(self, folder, force=force, language=language, annex=annex)

    def explore(self, *, language: Language = "zh") -> Page:
        """Return an interactive map that shows itself in Jupyter, as in geopandas.

        It is the page of `gs.interactive_map`: no tiles and nothing else of the network; ``.save``
        writes it.

        Raises
        ------
        MissingExtraError
            Bokeh is not installed.
        """
        from greenspace.present.interactive import explore_check

        return explore_check(self, language=language)

    def _repr_html_(self) -> str:
        from greenspace.present.tables import check_html

        return check_html(self)
