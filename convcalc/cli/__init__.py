"""The command line: one thin module per command, and the one place where errors are shown."""

import os
import sys

import click

from convcalc import __version__
from convcalc.cli.forward import forward
from convcalc.cli.params import params
from convcalc.errors import BadRequest, ConvcalcError
from convcalc.present.screen import say

INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="%(prog)s %(version)s")
def program() -> None:
    """Calculate convolutional layers, and show the work."""


program.add_command(params)
program.add_command(forward)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 failed while doing it, 2 a bad request."""
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code; whatever goes wrong is one sentence."""
    try:
        code = program.main(arguments, prog_name="convcalc", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except BrokenPipeError:  # the reader, `head` perhaps, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (KeyboardInterrupt, click.Abort):
        say("interrupted")
        return INTERRUPTED
    except click.ClickException as error:
        say(" ".join(error.format_message().split()))
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
        say(f"cannot write the output: {error.strerror}")
        return 1
