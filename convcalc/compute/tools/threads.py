"""Work in as many threads as there are cores; NumPy lets go of the interpreter meanwhile.

`in_threads` makes results, in order; `spread` fills an array that is already there. The matrix
products in it run on one thread each: the library under NumPy would otherwise start threads of
its own for every small product, and wait for all of them after each.

They are two because neither does for the other. Gradients are added up in one order, so that they
are the same bits each time, and only a few may wait: `spread` has no order and nothing that waits.
Shared passes last a millisecond: `in_threads`, which starts its threads anew, takes 1.3 to 1.5
times as long as `spread`, 2.3 times on a layer of 9x9x4; and unshared layers, which either could
run, take 1.2 times as long by `spread` where weights are made on the spot (227x227x3 F11 S4 K96).
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import copy_context
from functools import cache, partial
from math import prod
from threading import Lock
from typing import Any, TypeVar

import numpy as np
from threadpoolctl import ThreadpoolController

from convcalc.compute.tools.tuning import AHEAD, WORKSPACE
from convcalc.shapes import Array

Item = TypeVar("Item")
Result = TypeVar("Result")


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


def spread(
    work: Callable[[Item, Array], None], items: Iterable[Item], scratch: int, dtype: np.dtype[Any]
) -> None:
    """Do work(item, own) for each item, in this thread and helpers; `own` are a thread's numbers.

    Each thread takes the next item when it is done with one, and has `scratch` numbers to itself.
    """
    todo = deque(items)
    most = WORKSPACE // max(1, scratch * dtype.itemsize)
    threads = max(1, min(cores(), len(todo), most))

    def drain(own: Array) -> None:
        while todo:
            try:
                item = todo.popleft()
            except IndexError:  # another thread was faster
                return
            try:
                work(item, own)
            except BaseException:
                todo.clear()
                raise

    parts = [partial(drain, own) for own in np.empty((threads, scratch), dtype)]

    def take_part() -> None:
        """Hold nothing large: the pool lets go of what it was handed only after the pass."""
        parts.pop()()

    helpers: list[Future[None]] = []
    with _single_threaded_products():
        try:
            with suppress(RuntimeError):  # no thread can be started: this one does it all
                for _ in range(1, threads):
                    helpers.append(_pool().submit(copy_context().run, take_part))
            take_part()
        finally:
            todo.clear()
            failures = [helper.exception() for helper in helpers if not helper.cancel()]
            parts.clear()
        for failure in filter(None, failures):
            raise failure


def carve(numbers: Array, *shapes: tuple[int, ...]) -> Iterator[Array]:
    """Yield arrays of the given shapes that lie one after the other in `numbers`."""
    start = 0
    for shape in shapes:
        stop = start + prod(shape)
        yield numbers[start:stop].reshape(shape)
        start = stop


@cache
def _pool() -> ThreadPoolExecutor:
    """Return the helpers, kept from pass to pass: to start one takes as long as a small layer."""
    return ThreadPoolExecutor(max(1, cores() - 1))


_controller = cache(ThreadpoolController)
_limiting = Lock()


def _begin_anew() -> None:
    """Forget, in a forked process, the helpers and the passes of its parent."""
    global _limiting
    _pool.cache_clear()
    _limiting = Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)


@contextmanager
def _single_threaded_products() -> Iterator[None]:
    """Limit matrix products to one thread, as the first of the passes that run at a time."""
    limiting = _limiting
    if not limiting.acquire(blocking=False):
        yield
        return
    try:
        with _controller().limit(limits=1, user_api="blas"):
            yield
    finally:
        limiting.release()
