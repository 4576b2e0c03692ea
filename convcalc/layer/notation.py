"""A network in one line, in the notation of the papers: conv11-96 stride=4, relu, pool3 stride=2.

    network   parts separated by commas, semicolons or line ends
    part      a layer, several of them as 3*(...), or branches as add(...|...) or concat(...|...)
    layer     a word, its main number, its second one behind a hyphen, and options as name=value

A branch with nothing in it hands on what arrives. A part may begin with a name of its own and a
colon. Nothing here knows a kind of layer but by the words of `words`.
"""

import re

from convcalc.errors import BadRequest
from convcalc.layer.plan import Branches, Group, Part, Plan
from convcalc.layer.words import WORDS, plain, step

MOST_CHARACTERS = 100_000
MOST_DEPTH = 40
"""Brackets within brackets."""

SIZE = r"\d+(?:[xX×]\d+)*(?:\.\d+)?|\.\d+"
LAYER = re.compile(rf"([A-Za-z][A-Za-z_]*?(?:-[A-Za-z_]+)*(?:2[dD])?)\s*-?({SIZE})?(?:-(\d+))?$")
OPTION = re.compile(r"([A-Za-z_]+)\s*=\s*(\S+)")
TIMES = re.compile(r"(\d+)\s*[*·×x]\s*\(")
NAME = re.compile(r"([A-Za-z_][\w.]*)\s*:\s*")
JOINED = {"add": "add", "sum": "add", "concat": "concat", "cat": "concat"}
EXAMPLE = "give layers such as conv3-64 pad=1, relu, pool2, fc-10"


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
    reader = _Reader(text)
    plan = reader.parts(0)
    if reader.place < len(text):
        raise reader.refusal(f"has {text[reader.place]} with nothing before it to close")
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
            return self._group(depth, self._count(times[1]), name)
        if self.text.startswith("(", self.place):
            self.place += 1
            return self._group(depth, 1, name)
        end = re.compile(r"[,;\n()|]|$").search(self.text, self.place)
        assert end is not None
        words = self.text[self.place : end.start()].strip()
        self.place = end.start()
        if self.text.startswith("(", self.place):
            if plain(words) not in JOINED:
                raise self.refusal(f"has brackets behind {words or 'nothing'}")
            self.place += 1
            return self._branches(JOINED[plain(words)], depth, name)
        return _layer(words, name)

    def _group(self, depth: int, times: int, name: str) -> Group:
        parts = self.parts(depth + 1)
        self._close()
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
    options = dict(OPTION.findall(words))
    rest = OPTION.sub("", words).strip()
    found = LAYER.match(rest)
    if found is None:
        raise BadRequest("SPEC", words, "is no layer", EXAMPLE)
    word, main, second = found.groups()
    if main and plain(word + main) in WORDS:  # relu6
        word, main = word + main, None
    return step(word, main, options, name, second)
