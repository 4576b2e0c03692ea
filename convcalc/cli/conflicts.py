"""Options that do not go together: all of them, in one place."""

from collections.abc import Collection
from typing import Any, NamedTuple

import click
from click.core import ParameterSource

from convcalc.errors import BadRequest
from convcalc.layer import ConvLayer

LAYER = ("input", "no_bias", *(option.name for option in ConvLayer.options))


class Rule(NamedTuple):
    """An option, and those that cannot be given with it, or the one it cannot be given without.

    In the sentences {option} and {other} are options as typed, {value} is the first's value. The
    other option is the one that is quoted where it is to `blame`.
    """

    option: str
    problem: str
    remedy: str
    against: Collection[str] = ()
    only_with: Collection[str] = ()
    needs: str | None = None
    blame: str = "option"


BIASES = Rule("bias", "contradicts --no-bias", "give one or the other", against=("no_bias",))
AS_CODE = Rule(
    "framework",
    "does not go with --as {value}, which prints code in place of counts",
    "leave one of the two out",
    blame="other",
)
CHECK = Rule(
    "check",
    "is about an answer",
    "add --answer ANSWER, or leave it out",
    needs="answer",
)
PARAMS = (
    BIASES,
    Rule(
        "unshared",
        "is about the code --as prints",
        "add --as pytorch, keras, flax or numpy, or leave it out: counts show both",
        needs="framework",
    ),
    CHECK,
    AS_CODE._replace(only_with=(*LAYER, "strict", "unshared")),
)
OF_THE_TABLE = Rule(
    "",
    "goes without {other}, which is about the table",
    "leave out one of the two",
    against=("columns", "depth", "published"),
)
NETWORK = (
    CHECK,
    AS_CODE._replace(only_with=("spec", "input", "strict")),
    OF_THE_TABLE._replace(option="explain"),
    OF_THE_TABLE._replace(option="answer"),
)
FORWARD = (
    Rule(
        "network",
        "goes without {other}, which is about a single layer",
        "leave out --network or {other}",
        only_with=("source", "input", "dtype", "seed", "save", "format", "chosen"),
    ),
    Rule("chosen", "is about a network", "add --network SPEC, or leave it out", needs="network"),
    Rule(
        "compare",
        "goes without {other}: it runs every algorithm, and keeps no output",
        "leave out --compare or {other}",
        against=("algorithm", "relu", "save", "at", "explain", "tied", "unshared"),
    ),
    *(
        Rule(
            option,
            "is for shared layers",
            "leave out --unshared",
            against=("algorithm",),
            blame="other",
        )
        for option in ("tied", "unshared")
    ),
    BIASES,
)
BACKWARD = (
    BIASES,
    Rule("own", "has nothing to be saved in", "add --save FILE.npz", needs="save"),
)
SOLVE = (
    *(
        Rule(
            option,
            "is too much: {other} and {option} each say the " + what,
            "give one",
            against=others,
        )
        for option, what, others in (
            ("halve", "output", ("output", "keep_size")),
            ("keep_size", "output", ("output",)),
            ("depth", "depth of the input", ("input",)),
            ("params", "number of parameters", ("max_params",)),
        )
    ),
    *(
        Rule(
            option,
            "is about the size of an input that is not given",
            "add --input WIDTHxHEIGHTxDEPTH, or give --output WIDTHxHEIGHT in its place",
            needs="input",
        )
        for option in ("halve", "keep_size")
    ),
)
DEMO = (
    BIASES,
    Rule(
        "html",
        "goes without {other}: the page makes its own numbers and pictures",
        "leave out --html or {other}",
        against=("image", "steps", "gif", "svg"),
    ),
)
RULES = {
    "params": PARAMS,
    "network": NETWORK,
    "forward": FORWARD,
    "backward": BACKWARD,
    "solve": SOLVE,
    "demo": DEMO,
}


def check(context: click.Context) -> None:
    """Raise BadRequest where options were given that do not go together."""
    for rule in RULES.get(context.command.name or "", ()):
        if _is_given(context, rule.option):
            for other in _in_the_way(context, rule):
                raise _refusal(context, rule, other)


def _in_the_way(context: click.Context, rule: Rule) -> list[str]:
    if rule.needs:
        return [] if _is_given(context, rule.needs) else [rule.needs]
    if rule.only_with:
        allowed = {rule.option, *rule.only_with}
        return [name for name in context.params if name not in allowed and _typed(context, name)]
    return [name for name in rule.against if _is_given(context, name)]


def _refusal(context: click.Context, rule: Rule, other: str) -> BadRequest:
    blamed = rule.option if rule.blame == "option" else other
    value = context.params[blamed]
    words = {
        "option": _option(context, rule.option),
        "other": _option(context, other),
        "value": context.params[rule.option],
    }
    return BadRequest(
        _option(context, blamed).lstrip("-"),
        None if isinstance(value, bool) else value,
        rule.problem.format(**words),
        rule.remedy.format(**words),
    )


def _is_given(context: click.Context, name: str) -> bool:
    """Whether an option was typed, and says something else than without it."""
    return _typed(context, name) and context.params[name] != _param(context, name).default


def _typed(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is ParameterSource.COMMANDLINE


def _option(context: click.Context, name: str) -> str:
    return str(_param(context, name).opts[0])


def _param(context: click.Context, name: str) -> Any:
    return next(param for param in context.command.params if param.name == name)
