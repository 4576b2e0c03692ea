"""Plans written down, as a line of text and as TOML."""

from collections.abc import Callable, Mapping
from typing import Any

from convcalc.layer.kinds import KINDS
from convcalc.layer.plan import Branches, Group, Part, Plan, Step

Spelt = Callable[[str, str], str]
"""How a kind's option is spelt."""


def plainly(kind: str, option: str) -> str:
    return option


def word_of(step: Step) -> str:
    function = step.options.get("function", step.kind)
    return "conv" if step.kind == "tabled" else str(function)


def split(step: Step) -> tuple[Any, Any, dict[str, Any]]:
    """The main number of a layer, the second, and the rest of its options."""
    layer, rest = KINDS[step.kind], dict(step.options)
    if step.kind == "activation":
        return None, None, {}
    main = rest.pop(layer.main, None) if layer.main else None
    plain = isinstance(rest.get(layer.second), int)
    second = rest.pop(layer.second) if plain and main is not None else None
    return main, second, rest


def typed(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple) and value and isinstance(value[0], list | tuple):
        return "/".join("+".join(map(str, row)) for row in value)
    return "x".join(map(str, value)) if isinstance(value, tuple) else str(value)


def as_text(plan: Plan, spelt: Spelt = plainly) -> str:
    return ", ".join(_text(part, spelt) for part in plan)


def _text(part: Part, spelt: Spelt) -> str:
    name = f"{part.name}: " if part.name else ""
    if isinstance(part, Group):
        times = "" if part.times == 1 else f"{part.times}*"
        return f"{name}{times}({as_text(part.parts, spelt)})"
    if isinstance(part, Branches):
        return f"{name}{part.kind}({' | '.join(as_text(one, spelt) for one in part.branches)})"
    main, second, rest = split(part)
    if isinstance(main, str | bool):  # globalpool mode=max, batchnorm affine=no
        rest, main = {KINDS[part.kind].main: main, **rest}, None
    number = "" if main is None else typed(main)
    number += "" if second is None else f"-{second}"
    options = [f"{spelt(part.kind, option)}={typed(value)}" for option, value in rest.items()]
    return " ".join([f"{name}{word_of(part)}{number}", *options])


def value(one: Any) -> str:
    """A value as TOML."""
    if isinstance(one, bool):
        return str(one).lower()
    if isinstance(one, list | tuple):
        return f"[{', '.join(map(value, one))}]"
    return f'"{one}"' if isinstance(one, str) else str(one)


def as_toml(plan: Plan, spelt: Spelt = plainly) -> str:
    return f"[{', '.join(_toml(part, spelt) for part in plan)}]"


def _toml(part: Part, spelt: Spelt) -> str:
    rest: Mapping[str, Any] = {}
    if isinstance(part, Group):
        begin, more = f"layers = {as_toml(part.parts, spelt)}", {"repeat": part.times}
    elif isinstance(part, Branches):
        several = ", ".join(as_toml(one, spelt) for one in part.branches)
        begin, more = f"{part.kind} = [{several}]", {}
    else:
        main, second, rest = split(part)
        more = {spelt(part.kind, option): one for option, one in rest.items()}
        if second is not None:
            more[spelt(part.kind, str(KINDS[part.kind].second))] = second
        begin = f"{word_of(part)} = {'true' if main is None else value(main)}"
    if part.name:
        more["name"] = part.name
    return f"{{ {', '.join([begin, *(f'{key} = {value(one)}' for key, one in more.items())])} }}"
