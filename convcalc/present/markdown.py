"""`params` as Markdown: a heading, the derivation as a list, the ladder as a table."""

from convcalc.arithmetic.derivation import essentials
from convcalc.arithmetic.ladder import ladder
from convcalc.figures import grouped, ratio
from convcalc.layer import ConvLayer


def to_markdown(layer: ConvLayer, dtype: str) -> str:
    """Return the layer as Markdown that GitHub and Jupyter render."""
    *steps, multiply_adds = essentials(layer)
    bias = "1" if layer.bias else "no"
    lines = [
        f"**{layer}**",
        "",
        *(f"- {step.name}: {step.formula} = {step.worked}" for step in steps),
        f"- biases per neuron: {bias}",
        "",
        f"| connected | weights | biases | parameters | bytes ({dtype}) | × shared |",
        "|:--|--:|--:|--:|--:|--:|",
    ]
    for rung in ladder(layer, dtype):
        cells = [rung.name, *map(grouped, (*rung.parameters, rung.parameters.total, rung.bytes))]
        lines.append(f"| {' | '.join(cells)} | {ratio(rung.times)} |")
    lines += ["", f"Multiply-adds, shared or unshared: {multiply_adds.worked}."]
    return "\n".join(lines)
