"""`convcalc forward --compare`: every algorithm on the same data."""

from convcalc.cli.formats import show
from convcalc.cli.operands import Request
from convcalc.compute.experiments.compare import compare, needs, work
from convcalc.compute.tools.memory import require_memory
from convcalc.present.screens.progress import Bar


def run_comparison(request: Request, format: str) -> None:
    """Compare the algorithms and print them; raise NotEnoughMemory before memory is taken."""
    layer = request.layer
    require_memory(request.needs() | needs(layer, request.dtype))
    with Bar("compare", request.work() + work(layer)) as progress:
        comparison = compare(layer, request.load(progress), progress)
    show("comparison", format, comparison)
    request.warn(comparison.operands)
