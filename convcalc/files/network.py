"""Networks as TOML: a name, an input, layers, and blocks that are written once.

    name = "small"
    input = "32x32x3"
    layers = [
        { conv = 3, filters = 16, pad = "same" },
        { relu = true },
        { block = "narrow", width = 8, repeat = 2 },
        { add = [[{ conv = 3, filters = 16, pad = 1 }], []] },
        { dense = 10 },
    ]
    [blocks.narrow]
    numbers = { width = 4 }
    layers = [{ conv = 1, filters = "width" }, { conv = 3, filters = "2*width", pad = 1 }]

A layer is a table whose first key is its kind and its main number. Any may have a `name` and a
`repeat`. In a block, a text that is arithmetic of the block's numbers is worked out.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from convcalc.arithmetic.formula import work_out
from convcalc.errors import BadRequest, most_alike, shown, told
from convcalc.files.regular import RegularFile
from convcalc.files.toml import toml
from convcalc.layer.network import MOST_LAYERS, MOST_NAME, Network
from convcalc.layer.options import volume
from convcalc.layer.plan import Branches, Group, Part, Plan, Step
from convcalc.layer.volume import Series, Volume
from convcalc.layer.wording import MOST_DIGITS
from convcalc.layer.words import step
from convcalc.numerals import grouped

MOST_BYTES = 1_000_000
MOST_ARITHMETIC = 200
"""Characters of it."""

MOST_DEPTH = 40
"""Lists and blocks within each other."""

KEYS = ("name", "input", "layers", "blocks", "source", "published", "about")

Numbers = Mapping[str, int]


class Document(NamedTuple):
    """What a file says: a network without its input, its usual input, and what else it tells.

    Messages about a layer say `where` it is read from.
    """

    name: str
    input: Volume | None
    plan: Plan
    about: Mapping[str, Any]
    where: str = ""

    def at(self, input: Volume | None = None) -> Network:
        """Return the network for an input, or for its usual one; raise BadRequest without one."""
        where = input or self.input
        if where is None:
            remedy = "give the volume that the first layer takes, WIDTHxHEIGHTxDEPTH"
            raise BadRequest("input", None, "is missing", remedy)
        _no_series(where)
        try:
            return Network.of(self.name, where, self.plan)
        except BadRequest as error:
            raise error if not self.where else _within(self.where, error) from None


def load(path: Path) -> Document:
    """Read a file; raise BadRequest, naming it, for what is no network."""
    file = RegularFile("SPEC", path, "give a TOML file of layers, or a network's name")
    return decoded(file.read(0, min(file.size, MOST_BYTES + 1)), path.stem, path)


def decoded(data: bytes, name: str, where: object) -> Document:
    """Read what a file, or stdin, holds; raise BadRequest, naming it, for what is no network."""
    try:
        if len(data) > MOST_BYTES:
            problem = f"has more than {grouped(MOST_BYTES)} bytes"
            raise BadRequest("SPEC", None, problem, "write it with blocks")
        return read(data.decode("utf-8-sig"), name)._replace(where=str(where))
    except UnicodeDecodeError as error:
        problem = f"is not UTF-8 text (byte {error.start})"
        raise BadRequest("SPEC", where, problem, "save it as UTF-8") from None
    except BadRequest as error:
        raise _within(str(where), error) from None


def _within(where: str, error: BadRequest) -> BadRequest:
    """Return an error that says in which file it is."""
    value = shown(where) if error.value is None else f"{shown(where)}: {error.value}"
    return BadRequest("SPEC", value, error.problem, error.remedy)


def read(text: str, name: str = "network") -> Document:
    """Read TOML; raise BadRequest for what is no network.

    >>> str(read('input = "9x9x1"\\nlayers = [{ conv = 3, filters = 2 }]').at().output)
    '7x7x2'
    """
    table = toml(text)
    for key in table:
        if key not in KEYS:
            raise _fault(shown(key), "is not known here", f"give {', '.join(KEYS)}")
    blocks = table.get("blocks", {})
    if not isinstance(blocks, dict):
        raise _fault("blocks", "is no table", "write [blocks.NAME]")
    name = table.get("name", name)
    if not isinstance(name, str) or len(name) > MOST_NAME:
        problem = f"is no text of at most {MOST_NAME} characters"
        raise _fault("name", problem, 'write it in quotes, such as name = "LeNet-5"')
    given = table.get("input")
    where = None if given is None else _volume(given)
    plan = _Reader(blocks).parts(table.get("layers"), _Place("layers", {}))
    if not plan:
        raise _fault("layers", "says no layer", "write [{ conv = 3, filters = 8 }, ...]")
    about: dict[str, Any] = {
        key: table[key] for key in ("source", "published", "about") if key in table
    }
    for key, value in about.items():
        rows = value if isinstance(value, list) and key == "published" else [{key: value}]
        if not all(isinstance(row, dict) and _is_texts(row.values()) for row in rows):
            raise _fault(key, "is no text", "write it in quotes, and figures as [[published]]")
    return Document(name, where, plan, about)


def _is_texts(values: Iterable[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _volume(given: Any) -> Volume:
    from convcalc.layer.making import made_volume

    try:
        if not isinstance(given, str):
            return made_volume(given if isinstance(given, list) else (given,))
        return _no_series(volume(given))
    except BadRequest as error:
        value = "" if isinstance(given, dict) else f" {error.value}"
        raise _fault(f"input{value}", error.problem, error.remedy) from None


def _no_series(where: Volume) -> Volume:
    """Return a volume; raise BadRequest for a series."""
    if isinstance(where, Series):
        length, _, channels = where
        problem = "is a series, and a network is of volumes"
        raise BadRequest("input", where, problem, f"give {length}x1x{channels}")
    return where


def _fault(where: str, problem: str, remedy: str) -> BadRequest:
    return BadRequest("SPEC", where, problem, remedy)


class _Place(NamedTuple):
    """Where in a file a table is: for messages, and what holds there.

    It is in so many lists, `inside` of blocks, the last of which has `numbers`.
    """

    where: str
    numbers: Numbers
    inside: tuple[str, ...] = ()
    deep: int = 0

    def at(self, *where: object) -> "_Place":
        """Return a place in it."""
        return self._replace(where="".join(map(str, (self.where, *where))))


class _Reader:
    """Turns tables into a plan."""

    def __init__(self, blocks: Mapping[str, Any]) -> None:
        self.blocks = blocks
        self.left = 2 * MOST_LAYERS

    def parts(self, rows: Any, at: _Place) -> Plan:
        """Return the layers of a list of tables."""
        if not isinstance(rows, list):
            raise _fault(at.where, "is no list of tables", "write [{ conv = 3, filters = 8 }, ...]")
        if at.deep > MOST_DEPTH:
            problem = f"is in more than {MOST_DEPTH} lists and blocks"
            raise _fault(shown(at.where), problem, "write them one after the other")
        at = at._replace(deep=at.deep + 1)
        return tuple(self._part(row, at.at(f"[{number}]")) for number, row in enumerate(rows, 1))

    def _part(self, row: Any, at: _Place) -> Part:
        self.left -= 1
        if self.left < 0:
            problem = f"stands for more than {grouped(MOST_LAYERS)} layers"
            raise _fault(at.where, problem, "give fewer")
        if not isinstance(row, dict) or not row:
            raise _fault(at.where, "is no table", "write one such as { conv = 3, filters = 8 }")
        options = dict(row)
        name = options.pop("name", "")
        if not isinstance(name, str):
            raise _fault(f"{at.where} name", "is no text", 'write it in quotes, such as "conv1"')
        times = self._value(options.pop("repeat", 1), at.at(" repeat"))
        if not isinstance(times, int) or isinstance(times, bool) or times < 0:
            raise _fault(f"{at.where} repeat", "is no number from 0 up", "give one such as 3")
        if not options:
            raise _fault(at.where, "says no layer", "begin with its kind, such as conv = 3")
        kind, main = next(iter(options.items()))
        del options[kind]
        match kind:
            case "block":
                body = self._block(main, options, at)
                return Group(body, times, name or main, not name or times != 1)
            case "layers":
                self._nothing(options, at)
                return Group(self.parts(main, at.at(".layers")), times, name, times != 1)
            case "add" | "concat":
                self._nothing(options, at)
                part: Part = Branches(kind, self._branches(main, at.at(".", kind)), name)
            case _:
                part = self._step(kind, main, options, at, name)
        return part if times == 1 else Group((part,), times)

    def _branches(self, main: Any, at: _Place) -> tuple[Plan, ...]:
        if not isinstance(main, list) or not main:
            raise _fault(at.where, "is no list of branches", "write [[...], []]")
        return tuple(
            self.parts(branch, at.at(f"[{number}]")) for number, branch in enumerate(main, 1)
        )

    def _nothing(self, options: Mapping[str, Any], at: _Place) -> None:
        for option in options:
            problem = "is not known here"
            raise _fault(f"{at.where} {shown(option)}", problem, "give name and repeat alone")

    def _step(
        self, kind: str, main: Any, options: Mapping[str, Any], at: _Place, name: str
    ) -> Step:
        values = {key: self._value(value, at.at(" ", shown(key))) for key, value in options.items()}
        number = None if main is True else self._value(main, at.at(" ", shown(kind)))
        try:
            return step(kind, number, values, name)
        except BadRequest as error:
            raise _fault(f"{at.where} {error.value}", error.problem, error.remedy) from None

    def _block(self, block: Any, options: Mapping[str, Any], at: _Place) -> Plan:
        body = self.blocks.get(block) if isinstance(block, str) else None
        if not isinstance(body, dict):
            near = most_alike(block, self.blocks) if isinstance(block, str) else []
            known = ", ".join(map(shown, islice(self.blocks, 9))) or "none is written"
            what = shown(block) if isinstance(block, str) else "block"
            raise _fault(f"{at.where} {what}", "is no block", told(near, f"blocks: {known}"))
        if block in at.inside:
            raise _fault(f"{at.where} {shown(block)}", "is a block within itself", "take it out")
        for key in body:
            if key not in ("numbers", "layers"):
                where = f"blocks.{shown(block)} {shown(key)}"
                raise _fault(where, "is not known here", "give numbers and layers alone")
        own = body.get("numbers", {})
        given = {key: self._value(value, at.at(" ", shown(key))) for key, value in options.items()}
        for key in given:
            if not isinstance(own, dict) or key not in own:
                problem = f"is no number of block {shown(block)}"
                known = ", ".join(map(shown, own)) if isinstance(own, dict) else ""
                remedy = f"its numbers: {known or 'none'}"
                raise _fault(f"{at.where} {shown(key)}", problem, remedy)
        if not isinstance(own, dict):
            raise _fault(f"blocks.{shown(block)} numbers", "is no table", "write { width = 64 }")
        known_here = {**own, **given}
        for key, value in known_here.items():
            where = f"{at.where} {shown(key)}"
            if not isinstance(value, int) or isinstance(value, bool):
                raise _fault(where, "is no whole number", "give one such as 64")
            if abs(value) >= 10**MOST_DIGITS:
                raise _fault(where, f"has more than {MOST_DIGITS} digits", "give a smaller one")
        return self.parts(
            body.get("layers"),
            _Place(f"blocks.{shown(block)}", known_here, (*at.inside, block), at.deep),
        )

    def _value(self, value: Any, at: _Place) -> Any:
        """Return a value, worked out where it is arithmetic of a block's numbers."""
        if isinstance(value, str):
            return _worked_out(value, at) if at.numbers else value
        if isinstance(value, list):
            return tuple(self._value(one, at) for one in value)
        if not isinstance(value, int | float):
            what = "a table" if isinstance(value, dict) else "a date or a time"
            raise _fault(at.where, f"is {what}", "give a number, or a text in quotes")
        return value


LETTERS = re.compile(r"[A-Za-z_]\w*")
ROUNDED = ("floor", "ceil")


def _worked_out(text: str, at: _Place) -> int | str:
    """Return what arithmetic of numbers comes to; a text that names others is left as it is."""
    names = {*LETTERS.findall(text)}.difference(ROUNDED)
    if not names or not names <= at.numbers.keys():
        return text
    formula = LETTERS.sub(lambda name: _written(name[0], at.numbers), text)
    try:
        if len(text) > MOST_ARITHMETIC:
            raise ValueError("too long")
        return work_out(formula.replace("*", "·").replace("-", "−"), {}).value
    except (ArithmeticError, LookupError, ValueError):
        problem = "does not come to a whole number"
        remedy = "write arithmetic such as 4*width or floor(width/2)"
        raise _fault(f"{at.where} {shown(text)}", problem, remedy) from None


def _written(name: str, numbers: Numbers) -> str:
    number = numbers.get(name)
    if number is None:
        return name
    return str(number) if number >= 0 else f"(0 − {-number})"
