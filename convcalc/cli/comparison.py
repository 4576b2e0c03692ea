"""`convcalc forward --compare`: every algorithm on the same data."""

from convcalc.cli.operands import Request
from convcalc.compute.experiments.compare import compare, needs, work
from convcalc.compute.tools.memory import require_memory
from convcalc.errors import BadRequest
from convcalc.present.screens.comparison import comparison_record, print_comparison
from convcalc.present.screens.progress import Bar
from convcalc.present.streams import console, write
from convcalc.present.text.record import to_json


def run_comparison(request: Request, others: list[str], format: str) -> None:
    """Compare the algorithms and print them; `others` are options given that ask for one output.

    Raises BadRequest when there are any, NotEnoughMemory before memory is taken.
    """
    if request.unshared:
        others.append("tied" if request.tied else "unshared")
    if others:
        problem = f"goes without --{others[0]}: it runs every algorithm, and keeps no output"
        raise BadRequest("compare", None, problem, f"leave out --compare or --{others[0]}")
    layer = request.layer
    require_memory(request.needs() | needs(layer, request.dtype))
    with Bar("compare", request.work() + work(layer)) as progress:
        comparison = compare(layer, request.load(progress), progress)
    if format == "json":
        write(to_json(comparison_record(comparison)))
    else:
        print_comparison(console(), comparison)
    request.warn(comparison.operands)
