"""Work in as many threads as there are cores; NumPy lets go of the interpreter meanwhile."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

AHEAD = 4
"""Pieces of work handed out in advance to each thread: enough that none of them waits."""


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def waiting(threads: int) -> int:
    """Return how many results there are at a time, made or in the making."""
    return (AHEAD + 1) * threads + 1


def in_threads(
    function: Callable[[Item], Result], items: Iterable[Item], threads: int | None = None
) -> Iterator[Result]:
    """Yield function(item) for each item, in order; few items are in the making at a time.

    The caller's context, such as what NumPy is to ignore, holds in the threads too.
    """
    threads = threads or cores()
    pool = ThreadPoolExecutor(threads)
    made: deque[Future[Result]] = deque()
    try:
        for item in items:
            made.append(pool.submit(copy_context().run, function, item))
            if len(made) > AHEAD * threads:
                yield made.popleft().result()
        while made:
            yield made.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
