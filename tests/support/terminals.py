"""Commands run in a pseudo-terminal, and what they wrote there."""

import os
import pty
import re
import subprocess
import sys

ESCAPE = "\x1b["


def in_terminal(command: str | list[str], columns: int, **environment: str) -> str:
    """What a command writes to a terminal of so many columns, stdout and stderr together.

    A list is a command line of Python's own.
    """
    words = ["-m", "convcalc", *command.split()] if isinstance(command, str) else command
    master, slave = pty.openpty()
    clean = {
        name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")
    }
    process = subprocess.Popen(
        [sys.executable, *words],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        close_fds=True,
        env=clean
        | {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "COLUMNS": str(columns)}
        | environment,
    )
    os.close(slave)
    chunks = []
    while True:
        try:
            chunk = os.read(master, 65536)
        except OSError:
            break
        if not chunk:
            break
        chunks.append(chunk)
    os.close(master)
    assert process.wait() == 0
    return b"".join(chunks).decode("utf-8").replace("\r\n", "\n")


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text)
