"""Read which cell of the output is asked for."""

from convcalc.compute.experiments.one_neuron import Place, names_of
from convcalc.errors import BadRequest, shown
from convcalc.layer import Volume
from convcalc.layer.parse import numbers


def place_in(output: Volume, text: str) -> Place:
    """Read the cell (column, row, slice) of an output volume from text such as `3,4,0`.

    A cell of a series is (position, slice). Raises BadRequest where there is no such cell.
    """
    names = names_of(output)
    wanted = ",".join(names).upper()
    remedy = f"give {wanted} of the output {output}, for example {','.join('0' * len(names))}"
    place = numbers("at", text, remedy)
    if len(place) != len(names):
        problem = f"is {len(place)} of the {len(names)} numbers needed"
        raise BadRequest("at", text, problem, remedy)
    for name, number, size in zip(names, place, output.sides, strict=True):
        if not 0 <= number < size:
            there = f"the only {name} is 0" if size == 1 else f"{name}s are 0 to {size - 1}"
            problem = f"there is no {name} {shown(number)}; {there}"
            raise BadRequest("at", text, problem, remedy)
    return Place(place[0], 0, place[1]) if len(place) == 2 else Place(*place)
