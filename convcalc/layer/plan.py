"""A network without its input: layers one after the other, groups of them, and branches."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Union


class Step(NamedTuple):
    """One layer: its kind and options, and its name if it has one of its own.

    A value `depth` stands for the depth of the volume that arrives.
    """

    kind: str
    options: Mapping[str, Any]
    name: str = ""


class Group(NamedTuple):
    """Layers, `times` one after the other; those of a group with a name are its own.

    A `numbered` name has a number behind it, 1 the first time.
    """

    parts: tuple["Part", ...]
    times: int = 1
    name: str = ""
    numbered: bool = True


class Branches(NamedTuple):
    """Parts that all take the volume that arrives; `kind` says how their outputs are joined.

    A branch without parts hands on what arrives.
    """

    kind: str
    branches: tuple[tuple["Part", ...], ...]
    name: str = ""


Part = Union[Step, Group, Branches]  # noqa: UP007 (the names are strings yet)
Plan = tuple[Part, ...]
