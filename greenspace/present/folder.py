"""Folder: results appear whole or not at all, and nothing of anyone else's is lost.

Question   May these results be written here, and how do they get there in one step?
Enters     A folder, what must not be overwritten, and something that fills a folder.
Leaves     The folder with its new content, or everything as it was.
Elsewhere  What is written: write.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from filelock import FileLock, Timeout

from greenspace.errors import InputError
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

RUN_FILE: Final = "run.json"
BY_HAND: Final = "drawn_by_hand"  # in the run file: files of ours that people go on to edit
LOCKED: Final = ".lock"
ASIDE: Final = "old"  # in a temporary folder: files that others had there before
FORCE: Final = Text(
    zh="换一个文件夹，或加 --force（force=True）替换先前的结果。",
    en="Name another folder, or pass --force (force=True) to replace the earlier results.",
)
ELSEWHERE: Final = Text(zh="请换一个文件夹。", en="Name another folder.")


def replace_folder(
    folder: Path,
    fill: Callable[[Path], None],
    *,
    force: bool = False,
    protected: Iterable[Path] = (),
) -> Path:
    """Fill a folder through a temporary one beside it, with one rename at the end.

    Parameters
    ----------
    fill
        Called with the temporary folder.
    force
        Replace a folder that holds results of ours and nothing else.
    protected
        Files that the folder must not contain.

    Raises
    ------
    InputError
        The folder may not be written, or could not be.
    """
    target = folder.expanduser().resolve()
    protected = tuple(protected)
    check_target(target, force=force, protected=protected)
    clear_leftovers(target)
    with folder_beside(target) as fresh:
        fill(fresh)
        check_target(target, force=force, protected=protected)  # somebody may have been quicker
        _swap(fresh, target)
    return target


@contextmanager
def folder_beside(target: Path) -> Iterator[Path]:
    """Give a temporary folder beside a target; no trace of it stays, unless it holds old files.

    Raises
    ------
    InputError
        Something in it, or the folder itself, could not be written.
    """
    made = _make_parents(target.parent)
    fresh = target.parent / f".{target.name}.{uuid4().hex[:8]}.tmp"
    try:
        with at_work(fresh):
            fresh.mkdir()
            yield fresh
    except BaseException as error:
        if not any((fresh / ASIDE).glob("*")):
            shutil.rmtree(fresh, ignore_errors=True)
        for parent in reversed(made):
            with suppress(OSError):
                parent.rmdir()
        if isinstance(error, OSError):
            raise _unwritable(target, error) from error
        raise
    shutil.rmtree(fresh, ignore_errors=True)


def clear_leftovers(target: Path) -> None:
    """Remove what a killed run left beside a target, and give back results it had set aside.

    A run that is still at work holds a lock, and its folder is left alone.
    """
    name = glob.escape(target.name)
    beside = target.parent.glob(f".{name}.????????.tmp*")
    for left in {path.with_name(path.name.removesuffix(LOCKED)) for path in beside}:
        with suppress(Timeout, OSError), at_work(left):
            shutil.rmtree(left, ignore_errors=True)
    for aside in sorted(target.parent.glob(f".{name}.????????.old")):
        if target.exists():
            shutil.rmtree(aside, ignore_errors=True)
        else:
            os.rename(aside, target)  # noqa: PTH104  - never onto something that is there


@contextmanager
def at_work(folder: Path) -> Iterator[None]:
    """Hold the lock of a temporary folder; it lies beside it and goes with it."""
    lock = folder.with_name(f"{folder.name}{LOCKED}")
    with FileLock(lock, timeout=0):
        try:
            yield
        finally:
            with suppress(OSError):  # Windows removes no open file; the next run does
                lock.unlink(missing_ok=True)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder, made where it is not there, against other runs that would write into it.

    Raises
    ------
    InputError
        Another run holds it, or it cannot be written.
    """
    made: list[Path] = []
    lock = FileLock(folder / f".greenspace{LOCKED}", timeout=0)
    try:
        made = _make_parents(folder)
        lock.acquire()
    except Timeout as error:
        raise InputError(
            "另一次运行正在写入这个文件夹。",
            "Another run is writing into this folder.",
            remedy=Text(
                zh="请等它结束，或另选文件夹。",
                en="Wait until it has ended, or name another folder.",
            ),
            file=folder,
        ) from error
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        yield
    finally:
        lock.release()
        with suppress(OSError):
            Path(lock.lock_file).unlink(missing_ok=True)
        for parent in reversed(made):
            with suppress(OSError):  # there are results in it
                parent.rmdir()


def write_text_atomically(path: Path | str, text: str, *, force: bool = False) -> Path:
    """Write one UTF-8 file whole or not at all.

    Raises
    ------
    InputError
        The file exists and `force` is not set, or it could not be written.
    """
    target = Path(path).expanduser().resolve()
    if target.is_dir() or (target.exists() and not force):
        raise InputError(
            f"{target.name} 已存在，未作改动。",
            f"{target.name} exists and was left as it is.",
            remedy=FORCE,
            file=target,
        )
    fresh = target.with_name(f".{target.name}.{uuid4().hex[:8]}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(text, encoding="utf-8", newline="\n")
        fresh.replace(target)
    except BaseException as error:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _unwritable(target, error) from error
        raise
    return target


def check_target(target: Path, *, force: bool, protected: Iterable[Path]) -> None:
    """Refuse a folder that holds inputs, files of others, or earlier results without force.

    Raises
    ------
    InputError
        As above, or a file stands in the folder's place.
    """
    inside = [path for path in protected if _holds(target, path.expanduser().resolve())]
    if inside:
        raise InputError(
            "输出文件夹包含清单或输入数据，不能写入。",
            "The output folder holds the manifest or an input, so it is not written to.",
            remedy=ELSEWHERE,
            file=target,
            rows=[path.name for path in inside],
        )
    above = next(path for path in (target, *target.parents) if path.exists())
    if not above.is_dir():
        raise InputError(
            "输出位置是一个文件，不是文件夹。",
            "There is a file in the place of the output folder.",
            remedy=ELSEWHERE,
            file=above,
        )
    if not target.exists() or not any(target.iterdir()):
        return
    if not force:
        raise InputError(
            "输出文件夹已存在且不为空，未作改动。",
            "The output folder exists and is not empty; it was left as it is.",
            remedy=FORCE,
            file=target,
        )
    strangers = foreign_files(target)
    if not strangers:
        return
    by_hand = sorted(set(strangers) & _drawn_by_hand(target / RUN_FILE))
    if by_hand:
        raise InputError(
            "输出文件夹中有写出后又经手工修改的文件，不予替换。",
            "The output folder holds files that somebody edited since; it is not replaced.",
            remedy=ELSEWHERE,
            file=target,
            rows=by_hand,
        )
    raise InputError(
        "输出文件夹中有不属于先前结果的文件，不予替换。",
        "The output folder holds files that no earlier check wrote; it is not replaced.",
        remedy=ELSEWHERE,
        file=target,
        rows=strangers,
    )


def foreign_files(folder: Path) -> list[str]:
    """Return what lies in a folder and is not listed in a run file of ours, in order."""
    listed = _listed(folder / RUN_FILE)
    parents = {parent.as_posix() for name in listed for parent in Path(name).parents}
    return sorted(
        name
        for path in folder.rglob("*")
        if (name := path.relative_to(folder).as_posix())
        not in (parents if path.is_dir() and not path.is_symlink() else listed)
    )


def record_of(run: Path) -> dict[str, Any]:
    """Return what a run file says; empty where it is no plain file or no table of JSON."""
    try:
        record = json.loads(run.read_text(encoding="utf-8")) if run.is_file() else {}
    except (OSError, ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}


def _listed(run: Path) -> set[str]:
    record = record_of(run)
    try:
        if record["software"]["name"] != "greenspace":
            return set()
        return {RUN_FILE} | {
            str(item["path"])
            for item in record["files"]
            if item["path"] not in record.get(BY_HAND, ())
            or _unchanged(run.parent / item["path"], item["sha256"])
        }
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _drawn_by_hand(run: Path) -> set[str]:
    try:
        return set(record_of(run).get(BY_HAND, ()))
    except TypeError:
        return set()


def _unchanged(path: Path, sha256: str) -> bool:
    return not path.exists() or (path.is_file() and sha256_of(path) == sha256)


def sha256_of(path: Path) -> str:
    """Return the checksum of a file, however large."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _holds(folder: Path, path: Path) -> bool:
    return path == folder or folder in path.parents


def _make_parents(parent: Path) -> list[Path]:
    """Make missing folders above the target; return those that were made."""
    missing: list[Path] = []
    while not parent.exists():
        missing.append(parent)
        parent = parent.parent
    made: list[Path] = []
    for folder in reversed(missing):
        try:
            folder.mkdir()
        except OSError as error:
            for done in reversed(made):
                done.rmdir()
            raise _unwritable(folder, error) from error
        made.append(folder)
    return made


def _swap(fresh: Path, target: Path) -> None:
    """Put the new folder in the place of the old one, which comes back if that fails."""
    if not target.exists():
        os.rename(fresh, target)  # noqa: PTH104  - never onto something that is there
        return
    aside = target.parent / f".{target.name}.{uuid4().hex[:8]}.old"
    os.rename(target, aside)  # noqa: PTH104
    try:
        os.rename(fresh, target)  # noqa: PTH104
    except BaseException:
        os.rename(aside, target)  # noqa: PTH104
        raise
    try:
        shutil.rmtree(aside, ignore_errors=True)
    except KeyboardInterrupt:
        shutil.rmtree(aside, ignore_errors=True)
        raise


def _unwritable(target: Path, error: OSError) -> InputError:
    return InputError(
        f"无法写入 {target.name}：{error.strerror or error}。",
        f"{target.name} cannot be written: {error.strerror or error}.",
        remedy=Text(
            zh="请检查权限和磁盘空间，并关闭正打开其中文件的程序。",
            en="Check permissions and disk space, and close programs that hold its files open.",
        ),
        file=target,
    )
