"""The calculator for convolutional layers that shows its work.

>>> from convcalc import ConvLayer
>>> layer = ConvLayer(input=(227, 227, 3), filter=11, stride=4, filters=96)
>>> layer.parameters.unshared.total // layer.parameters.shared.total
3025

Nothing is imported before it is asked for: counting needs no NumPy, and the program answers
Ctrl-C from its first line on.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convcalc.arithmetic.answers.judging import Verdict
    from convcalc.arithmetic.asking import check_answer, counts, explain
    from convcalc.arithmetic.derivation import Step
    from convcalc.arithmetic.fit import Fit
    from convcalc.arithmetic.solver.asked import solve
    from convcalc.arithmetic.solver.solve import Solutions
    from convcalc.compute.backward import backward, backward_unshared
    from convcalc.compute.forward.choose import forward
    from convcalc.compute.forward.unshared import forward_unshared
    from convcalc.errors import BadRequest, CannotWrite, ConvcalcError, NotEnoughMemory
    from convcalc.layer import ConvLayer, Recipe, Volume
    from convcalc.layer.network import Network

__all__ = [
    "BadRequest",
    "CannotWrite",
    "ConvLayer",
    "ConvcalcError",
    "Fit",
    "Network",
    "NotEnoughMemory",
    "Recipe",
    "Solutions",
    "Step",
    "Verdict",
    "Volume",
    "backward",
    "backward_unshared",
    "check_answer",
    "counts",
    "explain",
    "forward",
    "forward_unshared",
    "solve",
]
__version__ = "0.1.0"


HOMES = {
    "BadRequest": "convcalc.errors",
    "CannotWrite": "convcalc.errors",
    "ConvLayer": "convcalc.layer",
    "ConvcalcError": "convcalc.errors",
    "Fit": "convcalc.arithmetic.fit",
    "Network": "convcalc.layer.network",
    "NotEnoughMemory": "convcalc.errors",
    "Recipe": "convcalc.layer",
    "Solutions": "convcalc.arithmetic.solver.solve",
    "Step": "convcalc.arithmetic.derivation",
    "Verdict": "convcalc.arithmetic.answers.judging",
    "Volume": "convcalc.layer",
    "backward": "convcalc.compute.backward",
    "backward_unshared": "convcalc.compute.backward",
    "check_answer": "convcalc.arithmetic.asking",
    "counts": "convcalc.arithmetic.asking",
    "explain": "convcalc.arithmetic.asking",
    "forward": "convcalc.compute.forward.choose",
    "forward_unshared": "convcalc.compute.forward.unshared",
    "solve": "convcalc.arithmetic.solver.asked",
}


def __getattr__(name: str) -> object:
    """Import a public name from its home when it is first asked for."""
    if name in HOMES:
        from importlib import import_module

        return getattr(import_module(HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
