"""What all commands do alike: refuse in one sentence that quotes what was typed, and warn."""

from typing import Any

import click
from click.exceptions import Exit, NoArgsIsHelpError

from convcalc.cli.conflicts import check
from convcalc.cli.names import as_listed
from convcalc.errors import BadRequest, NoSuchLayer, shown
from convcalc.layer import Series, Volume
from convcalc.layer.options import volume
from convcalc.layer.wording import DEPTH_LAST
from convcalc.present.streams import say


class Refusal(click.UsageError):
    """One sentence about a command line that is none of this program's."""


class Command(click.Command):
    """A command whose refusals are one sentence and quote options as they were typed."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words; raise Refusal or BadRequest for those that cannot be."""
        typed = as_listed(args, self.params)
        try:
            return super().parse_args(ctx, list(typed))
        except click.UsageError as error:
            raise _refusal(error, ctx, typed) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Check what goes together, run the command, and warn of an input with its depth first."""
        try:
            check(ctx)
            result = super().invoke(ctx)
        except Exit:
            self._warn(ctx)
            raise
        except click.UsageError as error:
            raise _refusal(error, ctx, []) from None
        except BadRequest as error:
            raise self._as_typed(error, ctx) from error
        self._warn(ctx)
        return result

    def _warn(self, ctx: click.Context) -> None:
        typed = ctx.params.get("input")
        if typed is not None and (doubt := depth_first(volume(typed), typed)):
            say(f"warning: {doubt}")

    def _as_typed(self, error: BadRequest, ctx: click.Context) -> BadRequest:
        """Return the error about what was typed, not about what was made of it."""
        argument, value, problem, remedy = error.args
        for param in self.params:
            names = [name.lstrip("-") for name in param.opts if name != "spec"]  # it is a text
            if argument.lower() in names:
                typed = ctx.params.get(str(param.name))
                texts = typed if isinstance(typed, tuple) else (typed,)
                if value is not None and len(texts) == 1 and isinstance(texts[0], str):
                    value = texts[0]
        typed = ctx.params.get("input")
        if isinstance(error, NoSuchLayer) and typed and (meant := volume(typed).depth_last):
            remedy = DEPTH_LAST.format(input=f"--input {meant}")
        return type(error)(argument, value, problem, remedy)

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first sentence of the help, however long it is."""
        return (self.help or "").partition("\n\n")[0].strip()


def depth_first(input: Volume, typed: str = "") -> str | None:
    """Say how an input is read that may be meant otherwise: its depth first, or its depth missing.

    >>> depth_first(Volume(3, 20, 30))[:78]
    '--input 3x20x30: depth comes last, so this is 3 wide, 20 high and 30 deep; for'
    >>> depth_first(Volume.of((60, 1)))
    """
    said, meant = f"--input {shown(typed or input)}", input.depth_last
    if meant is not None:
        return (
            f"{said}: depth comes last, so this is {input.words}; "
            f"for a depth of {shown(input.width)} give --input {meant}"
        )
    if isinstance(input, Series) and input.seems_picture:
        return (
            f"{said}: two numbers are length x channels, so this is {input.words}; "
            f"for a picture give its depth too, such as --input {input}x3"
        )
    return None


def _refusal(error: click.UsageError, ctx: click.Context, typed: list[str]) -> click.UsageError:
    if isinstance(error, Refusal | NoArgsIsHelpError):
        return error
    from convcalc.cli.refusals import sentence

    return Refusal(sentence(error, ctx, typed))
