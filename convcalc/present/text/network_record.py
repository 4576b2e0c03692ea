"""A network as plain data, in the names other programs rely on."""

from typing import Any

from convcalc.arithmetic.fit import exact_positions, fits
from convcalc.arithmetic.network import Parameters, Row, lines, rows, totals, training_bytes
from convcalc.arithmetic.use import Use
from convcalc.errors import shown
from convcalc.layer.network import Network
from convcalc.present.text.network_columns import COLUMNS, USUAL_LISTING, Listing


def network_record(network: Network, listing: Listing = USUAL_LISTING) -> dict[str, Any]:
    """Return everything `network` knows, layer by layer; integers exact, fractions as text."""
    use = listing.use
    counted = rows(network)
    total = totals(counted)
    return {
        "name": network.name,
        "input": network.input._asdict(),
        "batch": use.batch,
        "dtype": use.dtype,
        "layers": [_row_record(row, use) for row in counted],
        "totals": {
            "parameters": total.parameters.total,
            "trainable": total.parameters.trainable,
            "multiply_adds": use.batch * total.multiply_adds,
            "flops": 2 * use.batch * total.multiply_adds,
            "activations": use.batch * total.activations,
            "activation_bytes": use.batch * total.activations * use.bytes_each,
            "parameter_bytes": total.parameters.total * use.bytes_each,
            "training_bytes": training_bytes(total, use),
            "unshared_parameters": total.unshared,
        },
        "not_counted": [{"operator": name, "count": count} for name, count in network.not_counted],
    }


def _row_record(row: Row, use: Use) -> dict[str, Any]:
    layer = row.placed.layer
    x, y = row.fields
    fit = None
    if layer.axes:
        across, down = layer.axes
        fit = {
            "exact": fits(layer),
            "width": str(exact_positions(across)),
            "height": str(exact_positions(down)),
            "unused_columns": across.unused,
            "unused_rows": down.unused,
        }
    return {
        "name": row.placed.name,
        "kind": layer.kind,
        "path": row.placed.path,
        "input": layer.input._asdict(),
        "output": layer.output._asdict(),
        "parameters": _parameters(row.parameters),
        "unshared_parameters": row.unshared,
        "multiply_adds": use.batch * row.multiply_adds,
        "activations": use.batch * row.activations,
        "activation_bytes": use.batch * row.activations * use.bytes_each,
        "receptive_field": {"width": x.size, "height": y.size},
        "jump": {"x": _whole(x.jump), "y": _whole(y.jump)},
        "fit": fit,
    }


def _parameters(count: Parameters) -> dict[str, int]:
    return {
        "weights": count.weights,
        "biases": count.biases,
        "total": count.total,
        "trainable": count.trainable,
    }


def _whole(number: Any) -> int | str:
    return number if isinstance(number, int) else str(number)


def to_csv(network: Network, listing: Listing = USUAL_LISTING) -> str:
    """Return a row for each line of the table, with every column there is and no total."""
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["network", *(name.replace("-", "_") for name in COLUMNS)])
    for line in lines(rows(network), listing.depth):
        figures = [column.figure(line, listing.use) for column in COLUMNS.values()]
        writer.writerow([shown(network.name), *figures])
    return text.getvalue()
