"""The command line: one thin module per command, and the one place where errors are shown."""

import os
import sys
from importlib import import_module

import click

from convcalc import __version__
from convcalc.cli.command import Command
from convcalc.errors import BadRequest, ConvcalcError
from convcalc.present.streams import say

INTERRUPTED = 130


COMMANDS = ("params", "solve", "forward", "backward", "shift", "demo")


class Commands(Command, click.Group):
    """The commands, each imported when it is asked for: one is run, and six take a while."""

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


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 failed while doing it, 2 a bad request."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the shell, `>&-`: nobody wants to read it
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    """Run the command line and return its exit code; whatever goes wrong is one sentence.

    Without arguments it is a request for help.
    """
    try:
        code = program.main(arguments or ["--help"], prog_name="convcalc", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except (BrokenPipeError, SystemExit):
        # the reader, `head` perhaps, has seen enough; click and rich turn that into SystemExit
        _drop_output()
        return 0
    except (KeyboardInterrupt, click.Abort):
        say("interrupted")
        return INTERRUPTED
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
    except OSError as error:
        _drop_output()
        say(f"cannot write the output: {(error.strerror or str(error)).lower()}")
        return 1


def _drop_output() -> None:
    """Send what stdout still holds nowhere, or Python tries to write it again when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
