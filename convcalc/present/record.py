"""A layer as plain data, in the names other programs rely on: the JSON, and rows for CSV."""

from typing import TYPE_CHECKING, Any

from convcalc.arithmetic.fit import exact_positions, fits
from convcalc.arithmetic.ladder import ladder, sharing_factor
from convcalc.layer import ConvLayer

if TYPE_CHECKING:
    from convcalc.compute.runs import Operands


def layer_record(layer: ConvLayer, dtype: str = "float32") -> dict[str, Any]:
    """Return everything `params` knows of a layer; integers exact, fractions as text."""
    x, y = layer.axes
    return {
        "input": layer.input._asdict(),
        "filter": layer.filter._asdict(),
        "filters": layer.filters,
        "stride": layer.stride._asdict(),
        "dilation": layer.dilation._asdict(),
        "pad": layer.pad._asdict(),
        "groups": layer.groups,
        "bias": layer.bias,
        "output": layer.output._asdict(),
        "fit": {
            "exact": fits(layer),
            "width": str(exact_positions(x)),
            "height": str(exact_positions(y)),
            "unused_columns": x.unused,
            "unused_rows": y.unused,
        },
        "neurons": layer.neurons,
        "weights_per_neuron": layer.weights_per_neuron,
        "multiply_adds": layer.multiply_adds,
        "parameters": {
            rung.key: rung.parameters._asdict()
            | {"total": rung.parameters.total, "bytes": rung.bytes}
            for rung in ladder(layer, dtype)
        },
        "sharing_factor": sharing_factor(layer),
    }


def run_record(layer: ConvLayer, operands: "Operands", dtype: str) -> dict[str, Any]:
    """Return what every pass says of its layer and of what it ran on."""
    return layer_record(layer, dtype) | {
        "dtype": dtype,
        "source": operands.source,
        "source_scale": operands.scale._asdict() if operands.scale else None,
        "weights": operands.weights_name,
        "seed": operands.seed,
    }


def to_json(record: dict[str, Any]) -> str:
    """Return the record as one JSON object; NaN and infinity are not JSON and are refused."""
    import json

    return json.dumps(record, indent=2, allow_nan=False)


def to_csv(layer: ConvLayer, dtype: str) -> str:
    """Return one row per rung, each carrying the layer, so that files can be stacked."""
    import csv
    import io

    spec = {
        "input": layer.input,
        "filter": layer.filter,
        "filters": layer.filters,
        "stride": layer.stride,
        "pad": layer.pad,
        "dilation": layer.dilation,
        "groups": layer.groups,
        "bias": layer.bias,
        "output": layer.output,
        "neurons": layer.neurons,
        "multiply_adds": layer.multiply_adds,
    }
    text = io.StringIO()
    columns = [*spec, "connection", "weights", "biases", "parameters", "dtype", "bytes"]
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    for rung in ladder(layer, dtype):
        macs = (
            layer.neurons * layer.input.cells
            if rung.key == "fully_connected"
            else layer.multiply_adds
        )
        writer.writerow(
            {
                **spec,
                "multiply_adds": macs,
                "connection": rung.key,
                **rung.parameters._asdict(),
                "parameters": rung.parameters.total,
                "dtype": dtype,
                "bytes": rung.bytes,
            }
        )
    return text.getvalue()
