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
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from convcalc.arithmetic.formula import NAME, work_out
from convcalc.errors import BadRequest, shown
from convcalc.files.regular import RegularFile
from convcalc.layer.network import Network
from convcalc.layer.options import volume
from convcalc.layer.plan import Branches, Group, Part, Plan, Step
from convcalc.layer.symbols import Symbol
from convcalc.layer.volume import Series, Volume
from convcalc.layer.words import step
from convcalc.numerals import grouped

MOST_BYTES = 1_000_000
MOST_DEPTH = 40
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
            raise BadRequest("input", None, "is missing", "give WIDTHxHEIGHTxDEPTH")
        if isinstance(where, Series):
            length, _, channels = where
            problem = "is a series, and a network is of volumes"
            raise BadRequest("input", where, problem, f"give {length}x1x{channels}")
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
    import tomllib

    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        problem = f"is not TOML: {str(error)[0].lower()}{str(error)[1:]}"
        raise BadRequest("SPEC", None, problem, "see docs/networks.md") from None
    for key in table:
        if key not in KEYS:
            raise _fault(key, "is not known here", f"give {', '.join(KEYS)}")
    blocks = table.get("blocks", {})
    if not isinstance(blocks, dict):
        raise _fault("blocks", "is no table", "write [blocks.NAME]")
    given = table.get("input")
    where = None if given is None else _volume(given)
    plan = _Reader(blocks).parts(table.get("layers"), "layers", {}, ())
    about: dict[str, Any] = {
        key: table[key] for key in ("source", "published", "about") if key in table
    }
    return Document(str(table.get("name", name)), where, plan, about)


def _volume(given: Any) -> Volume:
    if isinstance(given, str):
        return volume(given)
    from convcalc.layer.making import made_volume

    return made_volume(given)


def _fault(where: str, problem: str, remedy: str) -> BadRequest:
    return BadRequest("SPEC", where, problem, remedy)


class _Reader:
    """Turns tables into a plan; `where` says which table in messages."""

    def __init__(self, blocks: Mapping[str, Any]) -> None:
        self.blocks = blocks

    def parts(self, rows: Any, where: str, numbers: Numbers, inside: tuple[str, ...]) -> Plan:
        """Return the layers of a list of tables, in the blocks they are `inside` of."""
        if not isinstance(rows, list):
            raise _fault(where, "is no list of tables", "write [{ conv = 3, filters = 8 }, ...]")
        if where.count("[") > MOST_DEPTH:
            raise _fault(where[:40], f"is more than {MOST_DEPTH} lists deep", "use fewer")
        return tuple(
            self._part(row, f"{where}[{number}]", numbers, inside)
            for number, row in enumerate(rows, 1)
        )

    def _part(self, row: Any, where: str, numbers: Numbers, inside: tuple[str, ...]) -> Part:
        if not isinstance(row, dict) or not row:
            raise _fault(where, "is no table", "write one such as { conv = 3, filters = 8 }")
        options = dict(row)
        name = options.pop("name", "")
        times = options.pop("repeat", 1)
        if not isinstance(name, str):
            raise _fault(f"{where} name", "is no text", 'write it in quotes, such as "conv1"')
        times = self._value(times, numbers)
        if not isinstance(times, int) or isinstance(times, bool) or times < 0:
            raise _fault(f"{where} repeat", "is no number from 0 up", "give one such as 3")
        if not options:
            raise _fault(where, "says no layer", "begin with its kind, such as conv = 3")
        kind, main = next(iter(options.items()))
        del options[kind]
        match kind:
            case "block":
                body = self._block(main, options, where, numbers, inside)
                return Group(body, times, name or main, not name or times != 1)
            case "layers":
                self._nothing(options, where)
                return Group(
                    self.parts(main, f"{where}.layers", numbers, inside), times, name, times != 1
                )
            case "add" | "concat":
                self._nothing(options, where)
                branches = self._branches(main, f"{where}.{kind}", numbers, inside)
                part: Part = Branches(kind, branches, name)
            case _:
                part = self._step(kind, main, options, where, numbers, name)
        return part if times == 1 else Group((part,), times)

    def _branches(
        self, main: Any, where: str, numbers: Numbers, inside: tuple[str, ...]
    ) -> tuple[Plan, ...]:
        if not isinstance(main, list) or not main:
            raise _fault(where, "is no list of branches", "write [[...], []]")
        return tuple(
            self.parts(branch, f"{where}[{number}]", numbers, inside)
            for number, branch in enumerate(main, 1)
        )

    def _nothing(self, options: Mapping[str, Any], where: str) -> None:
        for option in options:
            raise _fault(f"{where} {option}", "is not known here", "give name and repeat alone")

    def _step(
        self,
        kind: str,
        main: Any,
        options: Mapping[str, Any],
        where: str,
        numbers: Numbers,
        name: str,
    ) -> Step:
        values = {key: self._value(value, numbers) for key, value in options.items()}
        try:
            return step(kind, None if main is True else self._value(main, numbers), values, name)
        except BadRequest as error:
            raise _fault(f"{where} {error.value}", error.problem, error.remedy) from None

    def _block(
        self,
        block: Any,
        options: Mapping[str, Any],
        where: str,
        numbers: Numbers,
        inside: tuple[str, ...],
    ) -> Plan:
        body = self.blocks.get(block) if isinstance(block, str) else None
        if not isinstance(body, dict):
            names = ", ".join(self.blocks) or "none is written"
            raise _fault(f"{where} {shown(block)}", "is no block", f"blocks: {names}")
        if block in inside:
            raise _fault(f"{where} {block}", "is a block within itself", "take it out")
        own = body.get("numbers", {})
        given = {key: self._value(value, numbers) for key, value in options.items()}
        for key in given:
            if not isinstance(own, dict) or key not in own:
                problem = f"is no number of block {block}"
                raise _fault(f"{where} {key}", problem, f"its numbers: {', '.join(own) or 'none'}")
        known = {**own, **given}
        for key, value in known.items():
            if not isinstance(value, int) or isinstance(value, bool):
                raise _fault(f"{where} {key}", "is no whole number", "give one such as 64")
        return self.parts(body.get("layers"), f"blocks.{block}", known, (*inside, block))

    def _value(self, value: Any, numbers: Numbers) -> Any:
        """Return a value, worked out where it is arithmetic of a block's numbers."""
        if isinstance(value, str) and numbers:
            text = value.replace("*", "·").replace("-", "−")
            names = re.findall(NAME, text)
            if names and all(name in numbers for name in names):
                letters = {name: Symbol(name, number) for name, number in numbers.items()}
                try:
                    return work_out(text, letters).value
                except (ValueError, ZeroDivisionError) as error:
                    raise _fault(value, f"is no arithmetic: {error}", "such as 4*width") from None
        return tuple(value) if isinstance(value, list) and not _nested(value) else value


def _nested(value: list[Any]) -> bool:
    return any(isinstance(one, list) for one in value)
