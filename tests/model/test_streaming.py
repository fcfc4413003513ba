"""Windows shared among threads."""

from __future__ import annotations

import threading
import time

import pytest

from greenspace.model.streaming import streamed, thread_count

GROUPS = [[1, 2], [3], [4, 5, 6], [7]]


def squares(items):
    for item in items:
        yield item * item


@pytest.mark.parametrize("threads", [1, 2, 3, 9])
def test_results_keep_the_order_of_the_items(threads):
    def slow_first(items):
        for item in items:
            time.sleep(0.02 if item == 3 else 0)
            yield item * item

    assert streamed(slow_first, GROUPS, threads=threads) == [1, 4, 9, 16, 25, 36, 49]


def test_no_items_give_no_results():
    assert streamed(squares, [], threads=2) == []


def test_the_first_result_is_there_before_another_thread_begins():
    begun = []

    def watched(items):
        begun.append(threading.active_count())
        yield from squares(items)

    before = threading.active_count()
    streamed(watched, GROUPS, threads=2)
    assert begun[0] == before


def test_items_of_a_group_go_to_one_thread():
    def named(items):
        for _ in items:
            time.sleep(0.001)
            yield threading.get_ident()

    found = streamed(named, [[0] * 3] * 6, threads=3)
    assert all(len(set(found[i : i + 3])) == 1 for i in range(0, 18, 3))


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_the_first_item_that_fails_is_the_one_that_is_raised(threads):
    def fails(items):
        for item in items:
            time.sleep(0.01 if item == 3 else 0)
            if item >= 3:
                raise ValueError(item)
            yield item

    with pytest.raises(ValueError, match=r"^3$"):
        streamed(fails, GROUPS, threads=threads)


def test_a_stream_that_cannot_be_opened_in_another_thread_is_raised():
    main = threading.get_ident()

    def opens(items):
        if threading.get_ident() != main:
            raise OSError("too many open files")
        for item in items:
            time.sleep(0.005)
            yield item

    with pytest.raises(OSError, match="too many"):
        streamed(opens, GROUPS, threads=2)


def test_an_interruption_stops_every_thread_and_leaves_none_behind():
    done, before = [], threading.active_count()

    def slow(items):
        for item in items:
            time.sleep(0.01)
            done.append(item)
            yield item

    def interrupted(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        streamed(slow, [[i] for i in range(100)], threads=3, progress=interrupted)
    assert threading.active_count() == before
    assert len(done) < 10


def test_progress_counts_up_to_all_in_the_calling_thread():
    told = []
    streamed(squares, GROUPS, threads=1, progress=lambda *pair: told.append(pair))
    assert told == [(i, 7) for i in range(1, 8)]


def test_what_only_one_may_stream_gets_one_thread():
    assert thread_count(parallel=False) == 1
    assert 1 <= thread_count(parallel=True) <= 4
