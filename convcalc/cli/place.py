"""Read which cell of the output is asked for."""

from convcalc.compute.experiments.one_neuron import Place
from convcalc.errors import BadRequest, shown
from convcalc.layer import Volume
from convcalc.layer.parse import numbers


def place_in(output: Volume, text: str) -> Place:
    """Read the cell (column, row, slice) of an output volume from text such as `3,4,0`.

    Raises BadRequest where there is no such cell.
    """
    remedy = f"give COLUMN,ROW,SLICE of the output {output}, for example 0,0,0"
    place = numbers("at", text, remedy)
    if len(place) != 3:
        raise BadRequest("at", text, f"is {len(place)} of the 3 numbers needed", remedy)
    for name, number, size in zip(Place._fields, place, output, strict=True):
        if not 0 <= number < size:
            there = f"the only {name} is 0" if size == 1 else f"{name}s are 0 to {size - 1}"
            problem = f"there is no {name} {shown(number)}; {there}"
            raise BadRequest("at", text, problem, remedy)
    return Place(*place)
