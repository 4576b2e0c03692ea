"""Calls as text: names that Python allows, lines that fit, and variables for what is needed yet."""

import keyword
import re
import textwrap
from collections.abc import Sequence
from typing import Any, NamedTuple

from convcalc.errors import shown
from convcalc.present.frameworks.common import COLUMNS
from convcalc.present.signs import to_ascii

ENTRY = -1
"""The place of what comes from outside."""

VARIABLES = ("x", "y", "z", "u", "v", "w")

RESERVED = frozenset(
    {
        "F", "T_destination", "add_module", "append", "apply", "bfloat16", "bind",
        "buffers", "call_super_init", "children", "clone", "compile", "copy", "cpu", "cuda",
        "double", "dtype", "dump_patches", "eval", "extend", "extra_repr", "float",
        "forward", "get_buffer", "get_extra_state", "get_parameter", "get_submodule",
        "half", "has_rng", "has_variable", "init", "init_with_output", "insert", "ipu",
        "is_initializing", "is_mutable_collection", "jax", "jnp", "keras", "layer",
        "layers", "lazy_init", "load_state_dict", "make_rng", "model", "module_paths",
        "modules", "mtia", "name", "named_buffers", "named_children", "named_modules",
        "named_parameters", "net", "nn", "np", "ops", "param", "parameters", "parent",
        "path", "perturb", "pop", "put_variable", "range", "register_backward_hook",
        "register_buffer", "register_forward_hook", "register_forward_pre_hook",
        "register_full_backward_hook", "register_full_backward_pre_hook",
        "register_load_state_dict_post_hook", "register_load_state_dict_pre_hook",
        "register_module", "register_parameter", "register_state_dict_post_hook",
        "register_state_dict_pre_hook", "requires_grad_", "scope", "self",
        "set_extra_state", "set_submodule", "setup", "share_memory", "sow", "state_dict",
        "super", "tabulate", "to", "to_empty", "torch", "train", "training", "type",
        "unbind", "variable", "variables", "xpu", "zero_grad",
    }
)  # fmt: skip
"""Names that a framework's module, or the program itself, has already."""


class Literal(str):
    """A value that is written as it is."""

    __slots__ = ()


class Argument(NamedTuple):
    """An argument: its keyword, or none where its place says it, and its value.

    It is left out where it is the `usual` one. As a parameter of a block it is called `word`.
    """

    keyword: str
    value: Any
    word: str
    usual: Any = None


class Call(NamedTuple):
    """What is called: a function of a tensor, where `applied`, or what makes one."""

    function: str
    arguments: tuple[Argument, ...] = ()
    applied: bool = False


def call(function: str, *placed: tuple[str, Any], applied: bool = False, **named: Any) -> Call:
    """Return a call; what its place says is (word, value), what is named is (value, usual).

    >>> call("nn.MaxPool2d", ("window", 3), stride=(2, 3)).arguments[1]
    Argument(keyword='stride', value=2, word='stride', usual=3)
    """
    by_place = (Argument("", value, word) for word, value in placed)
    by_name = (Argument(name, value, name, usual) for name, (value, usual) in named.items())
    return Call(function, (*by_place, *by_name), applied)


def literal(value: Any) -> str:
    """Return a value as Python writes it."""
    return str(value) if isinstance(value, Literal) else repr(value)


def fitted(opening: str, inside: Sequence[str], closing: str, indent: int, comment: str) -> str:
    """Return code on one line where it fits, otherwise what is in the bracket on lines of its own.

    >>> fitted("layer(", ["1", "2"], "),", 4, "conv1")
    '    layer(1, 2),  # conv1\\n'
    """
    blank = " " * indent
    told = f"  # {comment}" if comment else ""
    line = f"{blank}{opening}{', '.join(inside)}{closing}"
    if len(line + told) <= COLUMNS:
        return f"{line}{told}\n"
    if len(line) <= COLUMNS or not inside:
        return f"{blank}# {comment}\n{line}\n" if comment else f"{line}\n"
    lines = "".join(f"{_wrapped(part, indent + 4)}\n" for part in inside)
    return f"{blank}{opening}{told}\n{lines}{blank}{closing}\n"


def _wrapped(part: str, indent: int) -> str:
    """Return an argument on a line of its own, or on several, broken at blanks."""
    blank = " " * indent
    return textwrap.fill(
        f"{part},",
        COLUMNS,
        initial_indent=blank,
        subsequent_indent=f"{blank} ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def above(definitions: Sequence[str]) -> str:
    """Return definitions and the blank lines around them."""
    return "".join(f"\n\n{one}" for one in definitions) + ("\n\n" if definitions else "\n")


def remark(*several: str) -> str:
    """Return the text of a comment, in ASCII and on one line."""
    return to_ascii(": ".join(shown(one) for one in several if one))


def identifier(name: str, taken: set[str], between: str = "_") -> str:
    """Return a name as Python allows it, unlike those that are taken, and take it.

    >>> taken = set()
    >>> identifier("conv-1", taken), identifier("conv 1", taken), identifier("3x3", taken)
    ('conv_1', 'conv_1_2', 'layer_3x3')
    """
    plain = re.sub(r"[^A-Za-z0-9]+", "_", name[:40]).strip("_")
    if not plain or plain[0].isdigit():
        plain = f"layer_{plain}".strip("_")
    if keyword.iskeyword(plain) or plain in RESERVED or plain in VARIABLES:
        plain += "_own"
    found, times = plain, 1
    while found in taken or re.fullmatch(r"t\d+", found):
        times += 1
        found = f"{plain}{between}{times}"
    taken.add(found)
    return found


class Variables:
    """A variable for each place: the first that nothing needs any more, or a new one.

    `links` are the sources of each place.

    >>> variables = Variables([(ENTRY,), (ENTRY,), (0, 1)])
    >>> [(variables.read(links), variables.write(at)) for at, links in enumerate(variables.links)]
    [(['x'], 'y'), (['x'], 'x'), (['y', 'x'], 'x')]
    """

    def __init__(self, links: Sequence[tuple[int, ...]]) -> None:
        self.links = links
        self.uses = dict.fromkeys(range(ENTRY, len(links)), 0)
        for sources in links:
            for source in sources:
                self.uses[source] += 1
        self.of = {ENTRY: 0}
        self.free: set[int] = set()
        self.made = 1

    def read(self, sources: Sequence[int]) -> list[str]:
        """Return the variables of some places; those of what was needed here last are free."""
        names = [_variable(self.of[source]) for source in sources]
        for source in sources:
            self.uses[source] -= 1
            if not self.uses[source]:
                self.free.add(self.of[source])
        return names

    def write(self, place: int) -> str:
        """Return the variable for what a place puts out."""
        number = min(self.free, default=self.made)
        self.free.discard(number)
        self.made = max(self.made, number + 1)
        self.of[place] = number
        if not self.uses[place]:
            self.free.add(number)
        return _variable(number)


def _variable(number: int) -> str:
    return VARIABLES[number] if number < len(VARIABLES) else f"t{number}"
