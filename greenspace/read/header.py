"""Header: what an image says of itself, and on which terms it is opened.

Question   What do all kinds of image answer to?
Enters     Nothing: these are the words that the readers of images share.
Leaves     Header, Terms, and the protocol of an origin.
Elsewhere  The kinds: read/origin, read/mosaic, read/data_array.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import nan
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np

from greenspace.errors import CrsError
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.model.grid import Grid, Window

    Reading = Callable[[tuple[int, ...], Window], tuple[NDArray[Any], NDArray[np.bool_]]]
    Bare = Callable[
        [tuple[int, ...], Window],
        tuple[NDArray[Any], NDArray[np.bool_] | None, tuple[float, ...]],
    ]

BadTile = Literal["refuse", "unseen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which terms an image is opened.

    Attributes
    ----------
    crs
        Used where the image has none; refused where it contradicts the image.
    nodata
        Takes the place of the nodata value that the image declares; a mask keeps its meaning.
    on_bad_tile
        A tile that cannot be decoded is refused, or counts as unseen.
    outside
        Whether a VRT may reach for more than plain files beside it.
    absent_unseen
        Whether a tile that a sparse GeoTIFF leaves out is unseen, or holds what GDAL fills in.
    """

    crs: CRS | None = None
    nodata: float | None = None
    on_bad_tile: BadTile = "refuse"
    outside: bool = False
    absent_unseen: bool = True


@dataclass(frozen=True, slots=True)
class Header:
    """What an image says of itself.

    ``nodatas`` are the values that the bands declare and can hold; ``alpha`` lists the bands
    that say where the others show something, ``masked`` those that have a mask; ``palette``
    lists the bands whose numbers are entries of a colour table.
    """

    name: str
    grid: Grid
    count: int
    descriptions: tuple[str | None, ...]
    scales: tuple[float, ...]
    offsets: tuple[float, ...]
    dtypes: tuple[str, ...]
    says_nodata: bool
    nodatas: tuple[float | None, ...]
    alpha: tuple[int, ...] = ()
    masked: tuple[int, ...] = ()
    palette: tuple[int, ...] = ()

    @property
    def dtype(self) -> str:
        """One type that holds the numbers of every band."""
        return str(np.result_type(*self.dtypes))

    def opaque(self, numbers: set[int]) -> Header:
        """Return the header of the same image with these bands taken for data, not for alpha."""
        alpha = tuple(number for number in self.alpha if number not in numbers)
        said = bool(alpha or self.masked) or any(value is not None for value in self.nodatas)
        return replace(self, says_nodata=said, alpha=alpha)


class Origin(Protocol):
    """One image and how to read windows of its bands, which are numbered from 1."""

    @property
    def header(self) -> Header:
        """What the image says of itself."""

    @property
    def parts(self) -> tuple[Origin, ...]:
        """The files that it is put together from; of a single one, itself."""

    @property
    def parallel(self) -> bool:
        """Whether several sessions may be open at once, each in a thread of its own."""

    @property
    def bad_tiles(self) -> frozenset[tuple[Grid, Window]]:
        """Tiles met so far that could not be decoded and count as unseen."""

    @property
    def absent_tiles(self) -> frozenset[tuple[Grid, Window]]:
        """Tiles met so far that a sparse file leaves out and that count as unseen."""

    def note_tiles(self, bad: Iterable[Window], absent: Iterable[Window]) -> None:
        """Count tiles that were met elsewhere among those met; of a single file."""

    def with_nodata(self, nodata: float | None) -> Origin:
        """Return the same image with another nodata value than it declares, or its own."""

    def opaque(self, numbers: set[int]) -> Origin:
        """Return the same image with these bands taken for data, not for alpha."""

    def session(self) -> AbstractContextManager[Reading]:
        """Open the image; a reading returns values band by band, and where all are data."""

    def bare(self) -> AbstractContextManager[Bare]:
        """Open the image; a reading returns values, what hides pixels, and the blank of each band.

        A pixel is data where nothing hides it and no band holds its blank (NaN: none) or what is
        not finite. ``None`` hides nothing.
        """


@contextmanager
def without_blanks(session: AbstractContextManager[Reading]) -> Iterator[Bare]:
    """Yield a bare reading of what says by itself where all bands are data."""
    with session as reading:
        yield lambda numbers, window: (*reading(numbers, window), (nan,) * len(numbers))


def settled_crs(found: CRS | None, terms: Terms, name: str) -> CRS | None:
    """Return the CRS of an image: its own, or the one that the user gives.

    Raises
    ------
    CrsError
        The two contradict each other.
    """
    if terms.crs is None or found is None:
        return found or terms.crs
    if found.equals(terms.crs, ignore_axis_order=True):
        return found
    raise CrsError(
        f"影像的坐标系是 {found.name}，而给定的是 {terms.crs.name}。",
        f"The image is in {found.name}, but {terms.crs.name} was given.",
        remedy=Text(
            zh="请删去 crs，或先更正影像的坐标系。", en="Leave crs out, or correct the image."
        ),
        file=name,
        expected=terms.crs.name,
        found=found.name,
    )
