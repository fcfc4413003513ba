"""Streaming: windows shared among threads, results in the order of the windows.

Question   How do several threads stream one raster, each in a session of its own?
Enters     Windows in groups, and what one thread makes of the windows it is given.
Leaves     One result a window, in their order, however many threads there were.
Elsewhere  Rasters that can be streamed: model/grid. What is made of strips: measure/, prepare/.
"""

from __future__ import annotations

import os
from collections import deque
from contextlib import closing, contextmanager
from itertools import count
from threading import Lock, Thread, local
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    Stream: TypeAlias = Callable[[Iterator["Item"]], Generator["Result", None, None]]

Item = TypeVar("Item")
Result = TypeVar("Result")
MOST_THREADS = 4
_LIMIT = local()


def thread_count(*, parallel: bool) -> int:
    """Return how many threads to stream with: as many as there are processors, up to 4.

    Inside `at_most`, up to that.
    """
    if not parallel:
        return 1
    most = getattr(_LIMIT, "most", MOST_THREADS)
    own = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(own or 1, most)


@contextmanager
def at_most(threads: int) -> Iterator[None]:
    """Let what is called inside, in this thread, stream with no more threads than that."""
    before = getattr(_LIMIT, "most", MOST_THREADS)
    _LIMIT.most = min(threads, before)
    try:
        yield
    finally:
        _LIMIT.most = before


def streamed(
    stream: Stream[Item, Result],
    groups: Sequence[Sequence[Item]],
    *,
    threads: int,
    progress: Callable[[int, int], None] | None = None,
) -> list[Result]:
    """Return what a stream makes of items, in their order.

    The calling thread works as well, and alone until its first result is there: what is found
    once and kept (a threshold, compiled code) is found by it. An interruption stops all threads
    after the item that they are at.

    Parameters
    ----------
    stream
        Yields one result an item, in their order, and asks for the next item after that. It is
        called once in each thread.
    groups
        Items; those of one group go to one thread.
    threads
        How many threads there are, the calling one included.
    progress
        Told how many items are done, and of how many, by the calling thread.

    Raises
    ------
    Exception
        Of several items that fail, what the first of them raises.

    Examples
    --------
    >>> streamed(lambda items: (item * item for item in items), [[1, 2], [3]], threads=2)
    [1, 4, 9]
    """
    work = _Work(stream, groups)
    helpers = [Thread(target=work.run) for _ in range(min(threads, len(groups)) - 1)]
    try:
        for _ in work.results():
            for helper in helpers:
                if helper.ident is None:
                    helper.start()
            if progress is not None:
                progress(len(work.done), work.total)
    except BaseException:
        work.limit = -1
        raise
    finally:
        for helper in helpers:
            if helper.ident is not None:
                helper.join()
    if work.errors:
        raise work.errors[min(work.errors)]
    return [work.done[place] for place in range(work.total)]


class _Work(Generic[Item, Result]):
    """Items yet to be taken, and what came of those that were."""

    def __init__(self, stream: Stream[Item, Result], groups: Sequence[Sequence[Item]]) -> None:
        self.stream = stream
        self.total = sum(map(len, groups))
        self.limit = self.total  # where one has failed, no later one is begun
        self.done: dict[int, Result] = {}
        self.errors: dict[int, Exception] = {}
        places = count()
        self._groups = iter([[(next(places), item) for item in group] for group in groups])
        self._lock = Lock()

    def results(self) -> Iterator[None]:
        """Stream in this thread, and come back after each result."""
        taken: deque[int] = deque()
        try:
            with closing(self.stream(self._take(taken))) as stream:
                for result in stream:
                    self.done[taken.popleft()] = result
                    yield
        except Exception as error:  # noqa: BLE001 - raised by the calling thread
            place = taken[0] if taken else -1
            with self._lock:
                self.errors.setdefault(place, error)
                self.limit = min(self.limit, place)

    def run(self) -> None:
        """Stream in this thread to the end."""
        for _ in self.results():
            pass

    def _take(self, taken: deque[int]) -> Iterator[Item]:
        while True:
            with self._lock:
                group = next(self._groups, None)
            if group is None:
                return
            for place, item in group:
                if place >= self.limit:
                    return
                taken.append(place)
                yield item
