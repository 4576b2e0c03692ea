"""Work spread over threads."""

import weakref

import numpy as np
import pytest

from convcalc.compute.tools import threads
from convcalc.shapes import Array


def test_nothing_of_a_pass_is_held_when_it_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or the next pass's scratch would come on top of it: often, but not always."""
    monkeypatch.setattr(threads, "cores", lambda: 4)

    def one_pass() -> list[weakref.ref[Array]]:
        kept = np.zeros(8)
        held = [weakref.ref(kept)]

        def work(item: int, own: Array) -> None:
            kept[item] += 1
            assert own.base is not None
            held.append(weakref.ref(own.base))

        threads.spread(work, range(8), 100, np.dtype(np.float32))
        assert kept.tolist() == [1] * 8
        return held

    for _ in range(200):
        assert [array() for array in one_pass() if array() is not None] == []
