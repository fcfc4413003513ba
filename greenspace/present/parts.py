"""Parts: files that belong together are replaced together.

Question   How do the parts of a shapefile take the place of others, all or none?
Enters     The part that makes the others whole, what fills a folder, and the parts that go.
Leaves     The new files in place, or everything as it was.
Elsewhere  Whole folders: folder. What is written: vector_files, shapefile.
"""

from __future__ import annotations

import glob
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from filelock import Timeout

from greenspace.present.folder import ASIDE, at_work, clear_leftovers, folder_beside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

READY: Final = "ready"  # the old files are out, the new ones whole: only moving is left


def replace_files(target: Path, fill: Callable[[Path], None], *, old: Iterable[Path] = ()) -> None:
    """Fill a temporary folder beside a file; put what it then holds in the file's folder.

    Parameters
    ----------
    target
        The file that makes the others whole: it goes first and comes last.
    fill
        Called with the temporary folder.
    old
        Files in the target's folder that go before the new ones come.

    Raises
    ------
    InputError
        A file could not be written; all is as it was.
    """
    going = sorted(old, key=lambda path: path.name != target.name)
    with folder_beside(target) as fresh:
        new = fresh / "new"
        new.mkdir()
        fill(new)
        if {path.name for path in new.iterdir()} == {target.name} and going in ([], [target]):
            (new / target.name).replace(target)
            return
        _exchange(new, target, going)


def settle_leftovers(target: Path) -> None:
    """Finish what a killed run had begun to put in place, or undo it; then clear up after it."""
    for left in target.parent.glob(f".{glob.escape(target.name)}.????????.tmp"):
        with suppress(Timeout, OSError), at_work(left):
            moving = next((left / name for name in (READY, ASIDE) if (left / name).is_dir()), None)
            for part in () if moving is None else _last(target, moving.iterdir()):
                part.replace(target.with_name(part.name))
    clear_leftovers(target)


def _last(target: Path, files: Iterable[Path]) -> list[Path]:
    return sorted(files, key=lambda path: path.name == target.name)


def _exchange(new: Path, target: Path, old: list[Path]) -> None:
    aside, ready = new.with_name(ASIDE), new.with_name(READY)
    aside.mkdir()
    moves = [
        *((path, aside / path.name) for path in old),
        (new, ready),
        *(
            (ready / path.name, target.with_name(path.name))
            for path in _last(target, new.iterdir())
        ),
    ]
    done: list[tuple[Path, Path]] = []
    try:
        for source, place in moves:
            os.rename(source, place)  # noqa: PTH104  - undone below if one of them fails
            done.append((source, place))
    except BaseException:
        for source, place in reversed(done):
            with suppress(OSError):
                os.rename(place, source)  # noqa: PTH104
        raise
    with suppress(OSError):
        aside.rename(new.with_name("done"))
