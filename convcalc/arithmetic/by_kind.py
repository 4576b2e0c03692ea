"""Tables by kind of layer, each read from the kind's own module when it is first asked for."""

from collections.abc import Mapping
from importlib import import_module
from typing import TypeVar

from convcalc.layer.kinds import HOMES

Row = TypeVar("Row")


class ByKind(dict[str, tuple[Row, ...]]):
    """Rows by kind: those of `arithmetic/tables/`, in the module that is named as in `layer/`.

    A kind that is not known there has none.
    """

    def __init__(self, name: str, known: Mapping[str, tuple[Row, ...]]) -> None:
        super().__init__(known)
        self._name = name

    def __missing__(self, kind: str) -> tuple[Row, ...]:
        if kind not in HOMES:
            return ()
        module = HOMES[kind].partition(":")[0]
        tables = import_module(f"convcalc.arithmetic.tables.{module}")
        self[kind] = getattr(tables, self._name).get(kind, ())
        return self[kind]
