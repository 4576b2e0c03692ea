"""Work out the memory before taking it, and say what was taken."""

import os
import sys
from contextlib import suppress
from pathlib import Path

from convcalc.errors import NotEnoughMemory
from convcalc.numerals import memory

CGROUP = Path("/sys/fs/cgroup")


def free_memory() -> int | None:
    """Return the bytes this process can still take: the least of what the system's limits leave.

    None where the system tells nothing. Limits looked at: the machine's available memory, a
    container's (cgroup version 2) and this process's address space.
    """
    limits = [_available(), _left_in_cgroup(), _left_in_address_space()]
    return min((limit for limit in limits if limit is not None), default=None)


def require_memory(needs: dict[str, int]) -> None:
    """Raise NotEnoughMemory, with the figures, when the sum of `needs` (bytes) is not free."""
    free = free_memory()
    total = sum(needs.values())
    if free is not None and total > free:
        parts = ", ".join(f"{name} {memory(size)}" for name, size in needs.items() if size)
        raise NotEnoughMemory(
            f"needs {memory(total)} of memory ({parts}), {memory(free)} are free; "
            "try a smaller input, fewer filters or a larger stride"
        )


def _available() -> int | None:
    available = _linux_figure("/proc/meminfo", "MemAvailable:")
    if available is None:
        with suppress(AttributeError, ValueError, OSError):
            available = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return available


def _left_in_cgroup() -> int | None:
    try:
        limit = (CGROUP / "memory.max").read_text().strip()
        used = int((CGROUP / "memory.current").read_text())
        cached = dict(line.split() for line in (CGROUP / "memory.stat").read_text().splitlines())
        return None if limit == "max" else max(int(limit) - used + int(cached["inactive_file"]), 0)
    except (OSError, ValueError, KeyError):
        return None


def _left_in_address_space() -> int | None:
    with suppress(ImportError, OSError, ValueError):
        import resource

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        if limit != resource.RLIM_INFINITY:
            pages = int(Path("/proc/self/statm").read_text().split()[0])
            return max(limit - pages * resource.getpagesize(), 0)
    return None


def peak_memory() -> int | None:
    """Return the most memory (bytes) this process has held so far; None where nobody knows.

    Linux tells of this process alone; what `getrusage` tells begins with the parent's.
    """
    peak = _linux_figure("/proc/self/status", "VmHWM:")
    if peak is None:
        with suppress(ImportError):
            import resource

            unit = 1 if sys.platform == "darwin" else 1024
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return peak


def _linux_figure(path: str, name: str) -> int | None:
    """Return a figure in bytes from a file of lines such as `VmHWM:   12345 kB`."""
    with suppress(OSError, ValueError, IndexError):
        for line in Path(path).read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024
    return None
