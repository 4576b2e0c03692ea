"""Options' values as click reads them, refused in the manner of everything else."""

import re
from collections.abc import Iterable, Mapping
from math import isfinite

import click

from convcalc.errors import BadRequest, alternatives, chosen
from convcalc.layer.parse import read

GIVE_FILE = "give the name of a file"
ADDRESS = "[A-Za-z][A-Za-z0-9+.-]+://"


class Choice(click.Choice[str]):
    """One of some words, in capitals or not; the `others` stand for them and are in no list."""

    def __init__(self, words: Iterable[str], others: Mapping[str, str] | None = None) -> None:
        super().__init__(words, case_sensitive=False)
        self.others = others or {}

    @property
    def wanted(self) -> str:
        """What to give."""
        return alternatives(self.choices)

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word; raise BadRequest for another."""
        return chosen(option_of(param), value, self.choices, self.others)


DTYPES = {
    "half": "float16",
    "fp16": "float16",
    "single": "float32",
    "float": "float32",
    "fp32": "float32",
    "double": "float64",
    "fp64": "float64",
}
FRAMEWORKS = {
    "torch": "pytorch",
    "tensorflow": "keras",
    "tf": "keras",
    "jax": "flax",
    "np": "numpy",
}
FORMATS = {"md": "markdown", "tex": "latex"}
"""Other words for what an option may be."""


class Whole(click.ParamType[int]):
    """A whole number in a range, both ends included."""

    name = "whole number"

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most
        self.wanted = f"a whole number from {least} to {most}"

    def convert(
        self, value: str | int, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return the number; raise BadRequest for another, or for no number."""
        if isinstance(value, int):
            return value
        option, remedy = option_of(param), f"give one from {self.least} to {self.most}"
        (number,) = read(option, value, (1,), None, remedy)
        if not self.least <= number <= self.most:
            raise BadRequest(option, value, "is out of range", remedy)
        return number


class Finite(click.ParamType[float]):
    """A number that is neither infinite nor NaN."""

    name = "number"
    wanted = "a number such as 0.01"

    def convert(
        self, value: str | float, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number; raise BadRequest for another, or for no number."""
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if not isfinite(number):
            problem = "is not a finite number"
            raise BadRequest(option_of(param), value, problem, "give one such as 0.01")
        return number


class FileName(click.ParamType[str]):
    """The name of a file, or a word that stands for one."""

    name = "file"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name as it was typed; raise BadRequest for none, and for an address."""
        if not value:
            raise BadRequest(option_of(param), value, "is not a file name", GIVE_FILE)
        if re.match(ADDRESS, value):
            problem = "is an address, and convcalc opens files, not addresses"
            raise BadRequest(option_of(param), value, problem, GIVE_FILE)
        return value


def option_of(param: click.Parameter | None) -> str:
    """Return an option's name without its dashes, an argument's in capitals."""
    if isinstance(param, click.Option):
        return param.opts[0].lstrip("-")
    return param.human_readable_name if param else "VALUE"
