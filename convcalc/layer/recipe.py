"""A layer without its input: what is typed, stored, drawn for a quiz, and bound to an input."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from convcalc.layer.kinds import KINDS
from convcalc.layer.protocol import Layer
from convcalc.layer.volume import Volume


class Recipe(NamedTuple):
    """A kind of layer and its options, as its constructor takes them.

    >>> recipe = Recipe.read("conv", {"filter": "3x5", "filters": "8", "pad": "same"})
    >>> print(recipe.command(Volume(9, 9, 2)))
    convcalc params --input 9x9x2 --filter 3x5 --pad same --filters 8
    >>> recipe.at(Volume(9, 9, 2)).output
    Volume(width=9, height=9, depth=8)
    """

    kind: str
    options: Mapping[str, Any]

    @classmethod
    def read(cls, kind: str, texts: Mapping[str, str]) -> "Recipe":
        """Read options as typed; raise BadRequest, naming the option, for what is none."""
        options = KINDS[kind].options
        return cls(
            kind,
            {one.name: one.read(one.name, texts[one.name]) for one in options if one.name in texts},
        )

    @classmethod
    def of(cls, layer: Layer, **options: Any) -> "Recipe":
        """Return what makes a layer, with some options as they were given, such as pad `same`."""
        return cls(layer.kind, layer.made_of | options)

    def at(self, input: Volume) -> Any:
        """Return the layer for an input; raise BadRequest where there is none."""
        return KINDS[self.kind](input=input, **self.options)

    def texts(self) -> dict[str, str]:
        """Return every option as text to type, in the order of the command line."""
        return {
            one.name: one.text(self.options.get(one.name, one.usual))
            for one in KINDS[self.kind].options
        }

    def words(self, *kept: str) -> str:
        """Return the options to type, the usual ones left out unless they are to be `kept`."""
        texts = self.texts()
        return " ".join(
            "--no-bias" if texts[one.name] == "no" else f"--{one.name} {texts[one.name]}"
            for one in KINDS[self.kind].options
            if one.name in kept or texts[one.name] != one.usual
        )

    def command(self, input: Volume, *kept: str) -> str:
        """Return the command that counts the layer at an input, with `words`."""
        return f"convcalc params --input {input} {self.words(*kept)}"

    def query(self, input: Volume) -> dict[str, str]:
        """Return input and options as the demo's page has them in its address."""
        return {"input": str(input)} | self.texts()
