"""What rooms above say of layers and networks, as attributes: the only imports that point upwards.

A REPL and a notebook ask the object itself. Nothing here is imported before they do.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from convcalc.arithmetic.fit import Fit
    from convcalc.layer.network import Network
    from convcalc.shapes import Array


class Views:
    """A layer's fit, and how a REPL and a notebook show it."""

    @property
    def fit(self: Any) -> "Fit":
        """How the filter tiles the padded input: exactly, or what the floor hides."""
        from convcalc.arithmetic.fit import fit

        return fit(self)

    @property
    def maker(self: Any) -> str:
        """What is called to make the layer."""
        return type(self).__name__

    def __repr__(self: Any) -> str:
        """Return the call that makes the layer, and what the floor hides as a comment."""
        said = {"input": self.input.sides} | {
            option.name: getattr(value, "shortest", value)
            for option in self.options
            if option.text(value := self.made_of[option.name]) != option.usual
        }
        call = ", ".join(f"{name}={value!r}" for name, value in said.items())
        floored = "" if self.fit else f"  # {self.fit}"
        return f"{self.maker}({call}){floored}"

    def _repr_markdown_(self: Any) -> str:
        """Return what `params --format markdown` prints."""
        from convcalc.present.text.markdown import to_markdown

        return to_markdown(self)

    def _repr_html_(self: Any) -> str:
        """Return the same as HTML."""
        from convcalc.present.text.html import to_html

        return to_html(self)


class NetworkViews:
    """How a network is read, run, and shown by a notebook."""

    @classmethod
    def read(cls, spec: str, input: Sequence[int] | None = None) -> "Network":
        """Return what `convcalc network SPEC` counts: of the gallery, a file, or layers in a line.

        `input` is (width, height, depth), where the network has none or another is meant. Raises
        BadRequest where there is no such network.
        """
        from convcalc.gallery.spec import find
        from convcalc.layer.making import made_volume

        return find(spec).at(None if input is None else made_volume(input))

    def forward(
        self: Any,
        x: "Array",
        weights: "Mapping[str, Mapping[str, Array]] | None" = None,
        *,
        seed: int = 0,
    ) -> "Array":
        """Return the output (H_out, W_out, K) for an input (H, W, D).

        `weights` maps each layer's path to its arrays by name: a convolution's `weights`
        (K, FH, FW, D / groups) and `bias` (K,), a dense layer's (units, cells) and (units,), a
        transposed convolution's (D, FH, FW, K / groups), a batch normalisation's `scale`,
        `shift`, `mean` and `variance` (D,). Without them they are random, the same for the same
        `seed`. It is computed in float32, or in float64 where the input is.

        Raises BadRequest for an input or weights that are not the network's, NotEnoughMemory
        before memory is taken that is not free.
        """
        from convcalc.compute.network.run import forward

        return forward(self, x, weights, seed=seed)

    def _repr_markdown_(self: Any) -> str:
        """Return what `network --format markdown` prints."""
        from convcalc.present.text.network_markdown import to_markdown

        return to_markdown(self)

    def _repr_html_(self: Any) -> str:
        """Return the same as HTML."""
        from convcalc.present.text.network_html import to_fragment

        return to_fragment(self)

    def _repr_svg_(self: Any) -> str:
        """Return what `network --svg` draws."""
        from convcalc.present.diagram.svg import to_svg

        return to_svg(self)
