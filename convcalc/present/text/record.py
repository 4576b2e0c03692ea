"""A layer as plain data, in the names other programs rely on: the JSON, and rows for CSV."""

from typing import TYPE_CHECKING, Any

from convcalc.arithmetic.connections import ladder
from convcalc.arithmetic.derivation import Result, output_of, results
from convcalc.arithmetic.fit import fit
from convcalc.arithmetic.formulas import SIZE
from convcalc.arithmetic.use import USUAL, Use
from convcalc.layer import Layer

if TYPE_CHECKING:
    from convcalc.compute.experiments.forward_run import Operands


def layer_record(layer: Layer, use: Use = USUAL) -> dict[str, Any]:
    """Return everything `params` knows of a layer; integers exact, fractions as text."""
    known = [one for one in results(layer, use) if one.formula.name != SIZE]
    return {
        "dimensions": layer.input.dimensions,
        "input": layer.input._asdict(),
        **layer.spec,
        "output": output_of(layer, use)._asdict(),
        **_fit_record(layer),
        **{_key(one.name): one.value for one in known if one.formula.essential},
        "parameters": {
            rung.key: rung.parameters._asdict()
            | {
                "total": rung.parameters.total,
                "bytes": rung.bytes,
                "multiply_adds": rung.multiply_adds,
            }
            for rung in ladder(layer, use)
        },
        **_recorded(known, use),
    }


def _recorded(known: list[Result], use: Use) -> dict[str, Any]:
    """Return what is recorded under keys of its own; what depends on the use says on which."""
    uses = {
        "activations": {"dtype": use.dtype, "batch": use.batch},
        "training": use._asdict(),
    }
    record: dict[str, Any] = {}
    for one in known:
        keys = one.formula.recorded.split()
        values = one.values if keys[1:] else [one.value]
        for key, value in zip(keys, values, strict=False):
            group, _, name = key.rpartition(".")
            place = record.setdefault(group, {**uses.get(group, {})}) if group else record
            place[name] = value
    return record


def _key(name: str) -> str:
    return name.replace(" ", "_").replace("-", "_").lower()


def _fit_record(layer: Layer) -> dict[str, Any]:
    """Return how a window that slides fits; nothing for a layer without one."""
    if not layer.axes:
        return {}
    found = fit(layer)._asdict()
    del found["words"]
    return {"fit": found | {side: str(found[side]) for side in ("width", "height")}}


def run_record(layer: Layer, operands: "Operands", dtype: str) -> dict[str, Any]:
    """Return what every pass says of its layer and of what it ran on."""
    return layer_record(layer, Use(dtype)) | {
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


FIRST = ("filter", "filters", "stride", "pad")


def to_csv(layer: Layer, use: Use) -> str:
    """Return a row for each way to connect the layer, and the layer in it: files can be stacked."""
    import csv
    import io

    spec = {name: getattr(layer, name) for name in sorted(layer.spec, key=lambda n: n not in FIRST)}
    output = output_of(layer, use)
    common = {
        "input": layer.input,
        **spec,
        "output": output,
        "neurons": output.cells,
    }
    rows = [
        {
            **common,
            "multiply_adds": rung.multiply_adds,
            "connection": rung.key,
            **rung.parameters._asdict(),
            "parameters": rung.parameters.total,
            "dtype": use.dtype,
            "bytes": rung.bytes,
        }
        for rung in ladder(layer, use)
    ] or [common]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
