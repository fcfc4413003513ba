"""Reference sample: places to visit, what the map says there, and a picture of each.

Question   Where should somebody look, and what do they take along?
Enters     What field_check drew.
Leaves     A frozen value that writes itself.
Elsewhere  Drawing it: field_check. The sheet: present/field_sheet.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from greenspace.model.words import Text

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray

    from greenspace.model.source import Source

# headings of the sheet by which it is read back
NUMBER: Final = Text("编号", "Point")
ANSWER: Final = Text("实际类别", "What is there")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ReferenceSample:
    """A stratified random sample of a map.

    Attributes
    ----------
    points
        ``id``, ``stratum``, ``stratum_area_m2``, ``map`` and an empty ``reference``, at the
        centres of pixels, in the CRS of the map.
    seed
        Draws the same points again.
    chips
        A picture around each point: points by rows by columns by red, green and blue.
    colours
        What the colours of the chips are.
    sources
        The map that was sampled.
    """

    points: gpd.GeoDataFrame
    seed: int
    chips: NDArray[np.uint8] | None = None
    colours: Text | None = None
    sources: tuple[Source, ...] = ()

    def write(self, folder: Path | str, *, force: bool = False) -> Path:
        """Write ``reference.gpkg`` and the field-check sheet 野外核查表, ``field_sheet.xlsx``.

        Either can be filled and named as ``reference`` in ``[accuracy]``. The sheet does not
        show what the map says, so that whoever goes there judges for themselves.

        Parameters
        ----------
        folder
            Made where it does not exist; other files in it stay.
        force
            Replace an earlier sample, **and what was filled into it**.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        InputError
            One of the files exists and `force` is not set, or cannot be written.
        """
        from greenspace.present.field_sheet import write_reference_sample

        return write_reference_sample(self, Path(folder), force=force)
