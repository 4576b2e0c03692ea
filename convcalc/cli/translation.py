"""`params --as`: the layer as a framework's code, in place of its counts."""

import click
from click.core import ParameterSource

from convcalc.errors import BadRequest
from convcalc.layer import ConvLayer
from convcalc.present.frameworks import to_code
from convcalc.present.streams import write

LAYER = {"input", "no_bias", *(option.name for option in ConvLayer.options)}
GOES_WITH = {*LAYER, "strict", "framework", "unshared"}


def print_code(layer: ConvLayer, framework: str | None, unshared: bool) -> None:
    """Print the layer as a framework's code.

    Raises BadRequest where the framework has no such layer, and for options about counts.
    """
    if framework is None:
        remedy = "add --as pytorch, keras, flax or numpy, or leave it out: counts show both"
        raise BadRequest("unshared", None, "is about the code --as prints", remedy)
    context = click.get_current_context()
    for name, value in context.params.items():
        typed = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if typed and name not in GOES_WITH:
            raise BadRequest(
                name.replace("_", "-"),
                None if isinstance(value, bool) else value,
                f"does not go with --as {framework}, which prints code in place of counts",
                "leave one of the two out",
            )
    write(to_code(layer, framework, unshared))
