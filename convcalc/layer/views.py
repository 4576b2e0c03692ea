"""What rooms above say of layers and networks, as attributes: the only imports that point upwards.

A REPL and a notebook ask the object itself. Nothing here is imported before they do.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from convcalc.arithmetic.fit import Fit


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
    """How a notebook shows a network."""

    def _repr_markdown_(self: Any) -> str:
        """Return what `network --format markdown` prints."""
        from convcalc.present.text.network_markdown import to_markdown

        return to_markdown(self)

    def _repr_html_(self: Any) -> str:
        """Return the same as HTML."""
        from convcalc.present.text.network_html import to_fragment

        return to_fragment(self)
