"""`params` as Markdown: a heading, the derivation as a list, the parameters as a table."""

from convcalc.arithmetic.connections import ladder
from convcalc.arithmetic.derivation import essentials, results
from convcalc.arithmetic.use import Use
from convcalc.layer import Layer
from convcalc.numerals import grouped, ratio


def to_markdown(layer: Layer, use: Use) -> str:
    """Return the layer as Markdown that GitHub and Jupyter render."""
    *steps, multiply_adds = essentials(layer)
    lines = [
        f"**{layer}**",
        "",
        *(f"- {step.name}: {step.formula} = {step.worked}" for step in steps),
        *(
            f"- {one.name}: {one.value or 'no'}"
            for one in results(layer)
            if one.name == "biases per neuron"
        ),
        "",
    ]
    rungs = ladder(layer, use)
    if rungs:
        lines += [
            f"| connected | weights | biases | parameters | bytes ({use.dtype}) | × shared |",
            "|:--|--:|--:|--:|--:|--:|",
        ]
    for rung in rungs:
        cells = [rung.name, *map(grouped, (*rung.parameters, rung.parameters.total, rung.bytes))]
        lines.append(f"| {' | '.join(cells)} | {ratio(rung.times)} |")
    lines += [
        "",
        f"Multiply-adds{', shared or unshared' if rungs[1:] else ''}: {multiply_adds.worked}.",
    ]
    return "\n".join(lines)
