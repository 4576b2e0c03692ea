"""The program, as `convcalc` and as `python -m convcalc`; Ctrl-C is answered from here on.

Loading the rest takes a good part of a second, and until something has to be put right first, the
program just ends. `_signal` is the part of `signal` that is built in: it costs no time to load.
"""

import _signal
import io
import os
import sys


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 failed while doing it, 2 a bad request."""
    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, interrupted)
    open_streams()
    try:
        import warnings
        from contextlib import suppress

        from convcalc.cli import run
    except (ImportError, OSError) as error:
        sys.exit(f"convcalc: cannot start: {error}")
    if not sys.warnoptions:  # they are for those who program: a user gets sentences
        warnings.simplefilter("ignore")
    code = run(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # a full disk has been reported, a reader that has gone forgiven
            stream.flush()
    os._exit(code)  # Python's own end takes longer, and a thread that Ctrl-C left waiting, forever


def interrupted(number: int, _: object) -> None:
    """End at once, in a word; a terminal's `^C` has a line to itself."""
    try:
        os.write(2, b"\n" * os.isatty(2) + b"convcalc: interrupted\n")
    finally:
        os._exit(128 + number)


def open_streams() -> None:
    """Open the streams that the shell closed, `>&-`: nobody wants to read or write them.

    In this order each gets the descriptor that is its own; otherwise the next file to be opened
    would get it, and the messages with it.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            try:
                stream = open(os.devnull, mode, encoding="utf-8")  # noqa: SIM115
            except OSError:  # no such device, or no descriptor is free
                stream = io.StringIO()
            setattr(sys, name, stream)


if __name__ == "__main__":
    main()
