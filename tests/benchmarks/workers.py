"""Contenders in processes of their own, asked one at a time.

The same file is both sides: the benchmark writes a line of JSON and waits, the worker answers
with one. Between questions a worker sleeps on its input, so nobody shares the cores.
"""

import json
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any

import numpy as np
from contenders import CONTENDERS, data_of, layer_of
from ratios import in_milliseconds

LIBRARIES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""What tells the libraries under NumPy and torch how many threads to use."""

SETTLED = 0.03
"""Seconds after a turn in which threads of torch and ONNX Runtime still spin, waiting for work."""


class Worker:
    """One contender's process, told to use so many threads, on as many cores."""

    def __init__(self, name: str, threads: int) -> None:
        self.name = name
        told = dict.fromkeys(LIBRARIES, str(threads)) | {"JAX_PLATFORMS": "cpu"}
        self.process = subprocess.Popen(
            [sys.executable, __file__, name, str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | told,
        )

    def ask(self, question: str, **details: object) -> Any:
        """Return the answer to a question, the name of one of QUESTIONS."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps([question, details]) + "\n")
            self.process.stdin.flush()
            return json.loads(self.process.stdout.readline())
        except (BrokenPipeError, json.JSONDecodeError):
            raise SystemExit(f"{self.name} stopped when asked for {question}") from None


@contextmanager
def team(names: Sequence[str], threads: int) -> Iterator[dict[str, Worker]]:
    """Start workers, and end them all at the end."""
    workers: dict[str, Worker] = {}
    try:
        for name in names:
            workers[name] = Worker(name, threads)
        yield workers
    finally:
        for worker in workers.values():
            worker.process.kill()
            worker.process.communicate()


def race(workers: dict[str, Worker], layer: str, rounds: int, seconds: float) -> dict[str, float]:
    """Return each contender's median milliseconds: all take turns, forwards and backwards."""
    able = [name for name in workers if CONTENDERS[name].runs(layer_of(layer))]
    times: dict[str, list[float]] = {name: [] for name in able}
    for number in range(rounds):
        for name in able if number % 2 == 0 else reversed(able):
            times[name].append(workers[name].ask("time", layer=layer, seconds=seconds))
            time.sleep(SETTLED)
    return in_milliseconds({name: median(values) for name, values in times.items()})


class Work:
    """The worker's side: a contender and the layer it was last asked about."""

    def __init__(self, name: str, threads: int) -> None:
        self.contender = CONTENDERS[name]
        self.threads = threads
        self.layer = ""

    def answer(self, question: str, details: dict[str, Any]) -> Any:
        """Return the answer, with the layer's data at hand."""
        layer = details.pop("layer")
        if layer != self.layer:
            spec = layer_of(layer)
            self.run, self.read = self.contender.prepare(spec, data_of(spec), self.threads)
            self.layer = layer
        return QUESTIONS[question](self, **details)

    def time(self, seconds: float) -> float:
        """Return the median time of a call, of as many as fit, after one that is not counted.

        A call that takes longer than all the time there is counts as it is.
        """
        first = elapsed(self.run)
        if first > seconds > 0:
            return first
        times = [elapsed(self.run)]
        while sum(times) < seconds:
            times.append(elapsed(self.run))
        return median(times)

    def output(self, path: str) -> None:
        """Save the output (H_out, W_out, K) as an array."""
        np.save(path, self.read(self.run()))

    def workspace(self) -> int:
        """Return the most bytes Python's allocators had taken at a time, beyond the output."""
        self.run()
        tracemalloc.start()
        try:
            output = self.run()
            return tracemalloc.get_traced_memory()[1] - output.nbytes
        finally:
            tracemalloc.stop()


QUESTIONS: dict[str, Callable[..., Any]] = {
    "time": Work.time,
    "output": Work.output,
    "workspace": Work.workspace,
}


def elapsed(run: Callable[[], object]) -> float:
    """Return the seconds a call takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main(name: str, threads: int) -> None:
    """Answer until there are no more questions."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    work = Work(name, threads)
    for line in sys.stdin:
        question, details = json.loads(line)
        print(json.dumps(work.answer(question, details)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
