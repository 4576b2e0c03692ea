"""Options by their other names: known to the program, listed nowhere, and told by their own."""

from collections.abc import Iterable
from itertools import islice

import click

from convcalc.layer.spellings import OTHER_NAMES


def as_listed(words: Iterable[str], params: Iterable[click.Parameter]) -> list[str]:
    """Return a command's words, each option by the name that its help lists.

    >>> options = [click.Option(["--filter"]), click.Option(["--no-bias"], is_flag=True)]
    >>> as_listed(["--kernel_size", "3", "-k=5", "-k7", "--no_bias"], options)
    ['--filter', '3', '--filter=5', '--filter=7', '--no-bias']
    """
    options = named(params)
    listed: list[str] = []
    left = iter(words)
    for word in left:
        if word == "--":
            return [*listed, word, *left]
        name, equals, value = word.partition("=")
        if name not in options and word[:2] in options and not word[2:3].isalpha():
            name, equals, value = word[:2], "=", word[2:].removeprefix("=")
        if name in options:
            listed.append(f"{options[name].opts[0]}{equals}{value}")
            if not equals and not options[name].is_flag:
                listed.extend(islice(left, 1))
        else:
            listed.append(word)
    return listed


def named(params: Iterable[click.Parameter]) -> dict[str, click.Option]:
    """Return options by every name: their own, other programs', with underscores or one dash."""
    options = {}
    for param in params:
        if isinstance(param, click.Option):
            own = param.opts[0].lstrip("-")
            for name in (own, *OTHER_NAMES.get(own, ())):
                for spelt in {name, name.replace("-", "_")}:
                    options[f"-{spelt}"] = param
                    if len(name) > 1:
                        options[f"--{spelt}"] = param
    return options
