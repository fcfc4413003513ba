"""Asked: the options of a command, as run.json keeps them.

Question   What was asked for, and which files are among it?
Enters     Options as a composer has them.
Leaves     Plain values; paths that must not be overwritten.
Elsewhere  The rest of run.json: write.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from greenspace.model.coverage_map import LayerFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def files_among(image: str | Mapping[str, str], *others: Any) -> tuple[Path, ...]:
    """Return the files among what is read, none of which may be overwritten.

    Parameters
    ----------
    others
        Paths, and mappings that hold paths; anything else is no file.
    """
    names = [image] if isinstance(image, str) else image.values()
    return tuple(_files(*map(Path, names), *others))


def _files(*inputs: Any) -> Iterator[Path]:
    for item in inputs:
        if isinstance(item, LayerFile):
            yield from _files(item.path)
        elif isinstance(item, Path):
            with suppress(OSError, ValueError):
                path = item.expanduser().absolute()
                if path.exists():
                    yield path
        elif isinstance(item, dict):
            yield from _files(*item.values())


def as_told(asked: Mapping[str, Any]) -> dict[str, object]:
    """Return options as JSON can hold them.

    Examples
    --------
    >>> as_told({"mask": Path("a.tif"), "layers": {"corrections": LayerFile(Path("c.gpkg"), "c")}})
    {'mask': 'a.tif', 'layers': {'corrections': 'c.gpkg|layername=c'}}
    """
    return {name: _told(value) for name, value in asked.items()}


def _told(value: Any) -> object:
    if isinstance(value, dict):
        return as_told(value)
    if isinstance(value, list):
        return [_told(part) for part in value]
    return value if isinstance(value, str | int | float | None) else str(value)
