"""Command lines run in this process, and the contract that each of them keeps."""

import io
import re
from contextlib import redirect_stderr, redirect_stdout
from typing import NamedTuple

from convcalc.cli import run


class Done(NamedTuple):
    """What a command line did."""

    code: int
    out: str
    err: str


def convcalc(*arguments: str) -> Done:
    """Run a command line in this process, on streams as strict as real ones in UTF-8."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace")
    with redirect_stdout(out), redirect_stderr(err):
        code = run(list(arguments))
    texts = []
    for stream in (out, err):
        stream.flush()
        stream.seek(0)
        texts.append(stream.read())
    return Done(code, *texts)


def is_one_line_of_print(text: str) -> bool:
    """Whether a text is one line in which nothing could drive a terminal."""
    return text.endswith("\n") and text[:-1].isprintable()


def check(done: Done) -> None:
    """Assert the contract of every command line, whatever was asked."""
    assert done.code in (0, 1, 2), done
    assert "Traceback" not in done.err
    if done.code:
        assert done.out == "", done
        assert is_one_line_of_print(done.err), done.err
        assert re.match(r"convcalc: (?!warning)\S", done.err), done.err
    else:
        assert done.out.endswith("\n")
        assert done.out.replace("\n", "").isprintable(), done.out
        for line in done.err.splitlines(keepends=True):
            assert is_one_line_of_print(line), done.err
            assert line.startswith("convcalc: warning: "), done.err


def refused(done: Done, code: int, *needles: str) -> None:
    """Assert that a command line was refused with a code, in one sentence with these words."""
    check(done)
    assert done.code == code, done
    for needle in needles:
        assert needle in done.err, done.err
