"""What click finds wrong with a command line, in one sentence that also says what would work."""

import click

from convcalc.cli.names import named
from convcalc.cli.values import option_of
from convcalc.errors import alternatives, shown, told
from convcalc.layer.spellings import nearest


def sentence(error: click.UsageError, ctx: click.Context, typed: list[str]) -> str:
    """Return what is wrong with the words typed after a command's name, and what would work."""
    match error:
        case click.NoSuchOption():
            return _no_such_option(error, ctx, typed)
        case click.NoSuchCommand():
            return _no_such_command(error.command_name, ctx)
        case click.BadOptionUsage():
            return _misused(error.option_name, ctx, typed)
        case click.MissingParameter(param=click.Parameter() as param):
            return f"{_name(param)} is missing; give {_wanted(param, ctx)}"
        case click.BadParameter(param=click.Parameter() as param):
            return f"{_name(param)}: {_short(error.message)}; give {_wanted(param, ctx)}"
    if type(error) is not click.UsageError:
        return _short(error.format_message())
    if isinstance(ctx.command, click.Group):
        return f"the command is missing; give {_commands(ctx)}"
    return _left_over(ctx, typed)


def _no_such_command(name: str, ctx: click.Context) -> str:
    near = nearest(name, [command for command, _ in _named_commands(ctx)])
    return f"{shown(name)}: is no command; {told(near, f'give {_commands(ctx)}')}"


def _no_such_option(error: click.NoSuchOption, ctx: click.Context, typed: list[str]) -> str:
    option = whole = error.option_name
    if not option.startswith("--"):  # one letter, perhaps of a word with a single dash
        whole = next((word for word in typed if word.startswith(option)), option)
    homes = [name for name, command in _named_commands(ctx) if whole in named(command.params)]
    if homes:
        remedy = f"{alternatives(homes, 'and')} {'has' if len(homes) == 1 else 'have'} it"
    else:
        own = named(ctx.command.get_params(ctx)).values()
        near = nearest(whole.lstrip("-"), {option_of(param) for param in own})
        remedy = told([f"--{name}" for name in near], f"{ctx.command_path} --help lists them")
    return f"{shown(whole)}: is no option of {ctx.info_name}; {remedy}"


def _misused(option: str, ctx: click.Context, typed: list[str]) -> str:
    """Say that an option has no value, or one too many."""
    param = next(param for param in ctx.command.get_params(ctx) if option in param.opts)
    if isinstance(param, click.Option) and param.is_flag:
        whole = next((word for word in typed if word.startswith(f"{option}=")), option)
        return f"{shown(whole)}: takes no value; give {option} alone"
    return f"{option} has no value; give {_wanted(param, ctx)}"


def _left_over(ctx: click.Context, typed: list[str]) -> str:
    _, words, _ = ctx.command.make_parser(ctx).parse_args(list(typed))
    many = "an argument" if len(words) == 1 else f"{len(words)} arguments"
    taken = [_name(param) for param in ctx.command.params if isinstance(param, click.Argument)]
    takes = f"one {taken[0]} and options" if taken else "options only"
    return (
        f"{shown(' '.join(words))}: is {many} too many; {ctx.info_name} takes {takes}, "
        "and a value with blanks needs quotes"
    )


def _commands(ctx: click.Context) -> str:
    return alternatives(name for name, _ in _named_commands(ctx))


def _named_commands(ctx: click.Context) -> list[tuple[str, click.Command]]:
    root = ctx.find_root()
    assert isinstance(root.command, click.Group)
    names = root.command.list_commands(root)
    return [(name, command) for name in names if (command := root.command.get_command(root, name))]


def _name(param: click.Parameter) -> str:
    name = option_of(param)
    return f"--{name}" if isinstance(param, click.Option) else name


def _wanted(param: click.Parameter, ctx: click.Context) -> str:
    """Return what to give for a parameter: what its type wants, or as its help has it."""
    wanted = getattr(param.type, "wanted", None)
    return str(wanted) if wanted else f"{_name(param)} {param.make_metavar(ctx)}"


def _short(message: str) -> str:
    """Return one of click's messages as one line without its stop, long words shortened."""
    return " ".join(map(shown, message.split())).rstrip(".")
