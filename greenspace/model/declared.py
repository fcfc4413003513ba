"""Declared: what a city says of itself, beside what was measured, and pictures of the ground.

Question   Does the figure that was handed in stand, and by how much is it off?
Enters     A figure as it was printed, and a Ratio.
Leaves     Frozen values.
Elsewhere  The comparison: evaluate/declared. Parcel by parcel: discrepancies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from greenspace.model.words import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from greenspace.model.quantity import Ratio

Standing = Literal["confirmed", "within_error", "overstated", "understated", "not_assessable"]
STANDINGS: dict[Standing, Text] = {
    "confirmed": Text(zh="相符", en="confirmed"),
    "within_error": Text(zh="在误差内", en="within error"),
    "overstated": Text(zh="高报", en="overstated"),
    "understated": Text(zh="低报", en="understated"),
    "not_assessable": Text(zh="无法比对", en="not assessable"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One declared figure held against the measured one.

    Attributes
    ----------
    declared
        The figure, in the indicator's base unit.
    half_step
        Half of its last digit: the figure stands for all that rounds to it.
    ratio
        What was measured and is judged, ``None`` where nothing was; its ``interval`` has the
        error-adjusted estimate.
    low, high
        What the measurement leaves open: from the mapped value to the bounds of unseen ground
        and the interval of the estimate. NaN where nothing was measured.
    difference
        Declared less measured, NaN where nothing was measured.
    flatters
        The declared figure is better for the city than what was measured allows.
    reason
        Why there is no comparison, or why the measured value has no interval.
    """

    indicator: str
    declared: float
    half_step: float
    ratio: Ratio | None
    standing: Standing
    difference: float
    low: float
    high: float
    flatters: bool = False
    reason: Text | None = None


Kind = Literal["bare", "undeclared", "twice", "outside", "wrong_class", "wrong_size"]
KINDS: dict[Kind, Text] = {
    "bare": Text(zh="自报为公园，影像上大半不绿", en="declared a park, mostly bare in the image"),
    "undeclared": Text(zh="影像上是绿，未申报", en="green in the image, not declared"),
    "twice": Text(zh="重复计算", en="counted twice"),
    "outside": Text(zh="在建成区界线外", en="outside the built-up line"),
    "wrong_class": Text(zh="名称与类别不符", en="name and class disagree"),
    "wrong_size": Text(zh="规模与类别不符", en="size and class disagree"),
}


SUMS: tuple[Kind, ...] = ("twice", "outside")  # what the numbers of a check have right already


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Correction:
    """What is put right in the green layer.

    Attributes
    ----------
    rows
        By position: they leave the layer, or get `code` where there is one.
    added
        Shapes that join it as green land.
    """

    rows: tuple[int, ...] = ()
    code: str | None = None
    added: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Discrepancy:
    """One place where what is declared and what is there are apart.

    Attributes
    ----------
    row
        Of `layer`, as the file counts; ``None`` where no parcel lies there.
    ground
        The ground in question, `area_m2` large.
    on_parks, on_ratio
        What putting it right would change: of park area per head, in m² a person, and of the
        green-space ratio; for `SUMS`, of a plain sum of the layer's rows. ``None`` where it
        changes nothing, or the change is left open and `detail` says why.
    correction
        By which `on_ratio` is yet to be remeasured.
    """

    kind: Kind
    layer: str
    row: object
    name: str
    detail: Text
    ground: Any
    area_m2: float
    on_parks: float | None = None
    on_ratio: float | None = None
    correction: Correction | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chip:
    """A picture of the image around one place, and the outline of the parcel on it.

    Attributes
    ----------
    place
        Which of the places asked for, from 0.
    pixels
        Rows by columns by three colours.
    rings
        Rings of the outline: columns and rows in pixels of the chip.
    colours
        Which bands the colours are.
    """

    id: str
    place: int
    pixels: NDArray[np.uint8]
    rings: tuple[NDArray[np.float64], ...]
    colours: Text
