"""A network in one line, in the notation of the papers: conv11-96 stride=4, relu, pool3 stride=2.

    network   parts separated by commas, semicolons, arrows or line ends
    part      a layer, several of them as 3*(...), or branches as add(...|...) or concat(...|...)
    layer     a word, its main number, its second one behind a hyphen, and options as name=value

A branch with nothing in it hands on what arrives. A part may begin with a name of its own and a
colon. Nothing here knows a kind of layer but by the words of `words`.
"""

import re
from collections.abc import Sequence
from typing import Any

from convcalc.errors import BadRequest, shown
from convcalc.layer.plan import Branches, Group, Part, Plan
from convcalc.layer.words import WORDS, plain, step

MOST_CHARACTERS = 100_000
MOST_DEPTH = 40
"""Brackets within brackets."""

SIZE = r"\d+(?:[xX×]\d+)*(?:\.\d+)?|\.\d+"
WORD = r"[A-Za-z](?:[A-Za-z_]|2[dD](?=[A-Za-z]))*?(?:-[A-Za-z_]+)*(?:2[dD])?"
LAYER = re.compile(rf"({WORD})\s*-?({SIZE})?(?:-(\d+))?$")
SIZE_FIRST = re.compile(rf"({SIZE})[ -]?({WORD})(?![A-Za-z])")
TIMES = re.compile(r"(\d+)\s*[*·×xX]\s*(?=[(A-Za-z])")
BEHIND = re.compile(r"\s*[*·×xX]\s*(\d+)(?!\w)")
NAME = re.compile(r"([A-Za-z_][\w.]*)\s*:\s*")
END = re.compile(r"[,;\n()|]|$")
JOINED = {"add": "add", "sum": "add", "concat": "concat", "cat": "concat"}
EXAMPLE = "give layers such as conv3-64 pad=1, relu, pool2, fc-10"
TYPED = dict.fromkeys(map(ord, "‐‑‒–—−"), "-") | dict.fromkeys(map(ord, "→⇒⟶"), ",")
"""What stands in papers for a hyphen, and for the commas between layers."""


def parse(text: str) -> Plan:
    """Return the layers that a line stands for; raise BadRequest where it stands for none.

    >>> parse("conv11-96 stride=4, relu")[0].options
    {'filter': '11', 'filters': '96', 'stride': '4'}
    >>> parse("2*(conv3-64 pad=1, relu)")[0].times
    2
    """
    if len(text) > MOST_CHARACTERS:
        problem = f"has more than {MOST_CHARACTERS:,} characters"
        raise BadRequest("SPEC", text, problem, "write it as a TOML file with blocks")
    reader = _Reader(text.translate(TYPED).replace("->", " ,").replace("=>", " ,"))
    plan = reader.parts(0)
    if reader.place < len(text):
        raise reader.refusal(f"has {text[reader.place]} with nothing before it to close")
    if not plan:
        raise BadRequest("SPEC", text, "has no layers", EXAMPLE)
    return plan


class _Reader:
    """Reads a line from left to right."""

    def __init__(self, text: str) -> None:
        self.text, self.place = text, 0

    def parts(self, depth: int) -> Plan:
        """Read parts up to a closing bracket, a bar or the end."""
        if depth > MOST_DEPTH:
            raise self.refusal(f"has more than {MOST_DEPTH} brackets within each other")
        found: list[Part] = []
        while True:
            self._skip(" \t\r\n,;")
            if self.place == len(self.text) or self.text[self.place] in ")|":
                return tuple(found)
            found.append(self._part(depth))

    def _part(self, depth: int) -> Part:
        name = ""
        if named := NAME.match(self.text, self.place):
            name, self.place = named[1], named.end()
        if times := TIMES.match(self.text, self.place):
            self.place = times.end()
            count = self._count(times[1])
            if not self.text.startswith("(", self.place):
                return Group((self._layer(depth, name),), count)
            self.place += 1
            return self._group(depth, count, name)
        if self.text.startswith("(", self.place):
            self.place += 1
            return self._group(depth, 1, name)
        return self._layer(depth, name)

    def _layer(self, depth: int, name: str) -> Part:
        end = END.search(self.text, self.place)
        assert end is not None
        words = self.text[self.place : end.start()].strip()
        self.place = end.start()
        if not self.text.startswith("(", self.place):
            return _layer(words, name)
        if plain(words) not in JOINED:
            raise self.refusal(f"has brackets behind {shown(words or name or 'nothing')}")
        self.place += 1
        return self._branches(JOINED[plain(words)], depth, name)

    def _group(self, depth: int, times: int, name: str) -> Group:
        parts = self.parts(depth + 1)
        self._close()
        if times == 1 and (behind := BEHIND.match(self.text, self.place)):
            self.place = behind.end()
            times = self._count(behind[1])
        return Group(parts, times, name, times != 1)

    def _branches(self, kind: str, depth: int, name: str) -> Branches:
        branches = [self.parts(depth + 1)]
        while self.text.startswith("|", self.place):
            self.place += 1
            branches.append(self.parts(depth + 1))
        self._close()
        return Branches(kind, tuple(branches), name)

    def _close(self) -> None:
        if not self.text.startswith(")", self.place):
            raise self.refusal("has a bracket that is not closed")
        self.place += 1

    def _count(self, digits: str) -> int:
        if len(digits) > 6:
            raise self.refusal(f"repeats something {digits[:6]}... times")
        return int(digits)

    def _skip(self, signs: str) -> None:
        while self.place < len(self.text) and self.text[self.place] in signs:
            self.place += 1

    def refusal(self, problem: str) -> BadRequest:
        """Return what is wrong, and where."""
        return BadRequest("SPEC", self.text, f"{problem} (character {self.place + 1})", EXAMPLE)


def _layer(words: str, name: str) -> Part:
    options: dict[str, Any] = {}
    rest = []
    for word in _close_up(words).split(" "):
        option, sign, value = word.partition("=")
        if not sign:
            rest.append(word)
        elif option in options:
            raise BadRequest("SPEC", words, f"gives {shown(option)} twice", "give it once")
        else:
            options[option] = {"true": True, "false": False}.get(value.lower(), value)
    found = LAYER.match(" ".join(rest))
    if found is None:
        raise _no_layer(words, rest)
    word, main, second = found.groups()
    if main and plain(word + main) in WORDS:  # relu6
        word, main = word + main, None
    return step(word, main, options, name, second)


def _close_up(words: str) -> str:
    """Return words with one blank between them, and none around signs of equality."""
    return " ".join(words.split()).replace(" =", "=").replace("= ", "=")


def _no_layer(words: str, rest: Sequence[str]) -> BadRequest:
    """Return what is wrong with words that are no layer."""
    first, problem, remedy = "".join(rest[:1]), "is no layer", EXAMPLE
    if turned := SIZE_FIRST.match(" ".join(rest)):
        problem = "has the size before the word"
        remedy = (
            f"write the word first and how many filters last, such as {turned[2]}{turned[1]}-64"
        )
    elif first.isdecimal():
        problem = "is a number alone"
        remedy = f"write it behind its layer and a hyphen, such as conv3-{shown(first)}"
    elif len(rest) > 1 and LAYER.match(first):
        problem = f"has {shown(rest[-1])} behind a layer"
        remedy = "write options as name=value, such as stride=2, and a comma between layers"
    return BadRequest("SPEC", words, problem, remedy)
