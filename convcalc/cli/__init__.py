"""The command line: one thin module per command, and the one place where errors are shown."""

import os
import sys
from importlib import import_module

import click

from convcalc import __version__
from convcalc.cli.command import Command
from convcalc.errors import BadRequest, ConvcalcError, Ended
from convcalc.present.environment import forget_nonsense
from convcalc.present.streams import say

INTERRUPTED = 130
COMPLETION = "_CONVCALC_COMPLETE"

COMMANDS = ("params", "solve", "network", "forward", "backward", "shift", "demo")


class Commands(Command, click.Group):
    """The commands, each imported when it is asked for: one is run, and seven take a while."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order in which to learn them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command that a module of `cli` defines under its own name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"convcalc.cli.{cmd_name}"), cmd_name)
        return command


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def program() -> None:
    """Calculate convolutional layers, and show the work."""


def run(arguments: list[str]) -> int:
    """Run the command line and return its exit code; whatever goes wrong is one sentence.

    Without arguments it is a request for help.
    """
    forget_nonsense()
    if COMPLETION in os.environ and not _can_complete():
        del os.environ[COMPLETION]
    try:
        code = program.main(arguments or ["--help"], prog_name="convcalc", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except (BrokenPipeError, SystemExit):
        # the reader, `head` perhaps, has seen enough; click and rich turn that into SystemExit
        return 0
    except (KeyboardInterrupt, click.Abort):
        say("interrupted")
        return INTERRUPTED
    except Ended as ended:
        ended.with_traceback(None)  # lets go of a context that the signal met half entered
        return _end_by(ended.number)
    except click.ClickException as error:
        say(error.format_message())
        return error.exit_code
    except BadRequest as error:
        name = error.argument if error.argument.isupper() else f"--{error.argument}"
        say(f"{name} {error.rest}")
        return error.exit_code
    except ConvcalcError as error:
        say(str(error))
        return error.exit_code
    except MemoryError:
        say("the machine ran out of memory; try a smaller layer")
        return 1
    except ImportError as error:
        cause: BaseException = error
        while cause.__context__:  # NumPy wraps what the system said in a page of advice
            cause = cause.__context__
        say(f"cannot load a library: {' '.join(str(cause).split())}")
        return 1
    except OSError as error:
        if isinstance(error.__context__, BrokenPipeError):  # rich could not drop its output
            return 0
        what = f"open {error.filename}" if error.filename else "write the output"
        say(f"cannot {what}: {(error.strerror or str(error)).lower()}")
        return 1


def _can_complete() -> bool:
    """Whether a shell asks for completions in a way that click understands."""
    from click.shell_completion import get_completion_class

    shell, _, what = os.environ[COMPLETION].partition("_")
    kind = get_completion_class(shell)
    if kind is None or what not in ("source", "complete"):
        return False
    try:
        return what == "source" or bool(kind(program, {}, "", "").get_completion_args())
    except (LookupError, ValueError):  # the words so far are missing
        return False


def _end_by(number: int) -> int:
    """Let a signal take its course, mostly the end; otherwise return a shell's code for it."""
    from signal import raise_signal

    try:
        raise_signal(number)
    except KeyboardInterrupt:
        say("interrupted")
    return 128 + number
