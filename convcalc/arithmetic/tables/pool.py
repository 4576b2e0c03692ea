"""Pooling: a window's largest number or mean; nothing is learned."""

from convcalc.arithmetic.answers.mistakes import Mistake
from convcalc.arithmetic.formula import Short
from convcalc.arithmetic.formulas import DEPTH, MULTIPLY_ADDS, SIZE, Formula
from convcalc.arithmetic.tables.common import (
    MADE,
    PARAMETERS,
    made_of,
    no_parameters,
    no_work,
)

_DEPTH = Formula(DEPTH, "D", "Each channel is pooled by itself, so the depth stays {D}.")
_NOTHING = "A largest number and a mean have nothing to learn."
_COUNTS = (
    no_parameters(_NOTHING),
    no_work("Comparing and adding up are no multiply-adds: not counted."),
    *MADE,
)

SHORTS = {
    "pool": (
        Short("E", "F"),
        Short("PADS", "P_before + P_after", when="P_before − P_after"),
        Short("PADS", "2·P"),
        Short("room", "(W − F + PADS)"),
        Short("steps", "ceil(room/S)", when="U"),
        Short("steps", "[room/S]"),
        Short("unused", "(room − S·floor(room/S))"),
        *made_of("W_out·H_out·D"),
    ),
    "globalpool": made_of("D"),
}

FORMULAS = {
    "pool": (
        Formula(
            SIZE,
            "steps + 1",
            "After the start there is room for {floor(room/S)|no step|1 step|# steps} of {S,}"
            "{U|{unused||; 1 of its pixels stays unseen|; # of its pixels stay unseen}"
            "|; rounded up, one more window sticks out}.",
            essential=True,
        ),
        _DEPTH,
        *_COUNTS,
    ),
    "globalpool": (
        Formula(SIZE, "W − F + 1", "The window is the whole channel, and has one place."),
        _DEPTH,
        *_COUNTS,
    ),
}

_AS_WEIGHTS = (
    Mistake(PARAMETERS, "counted the window as weights", "FW·FH", _NOTHING),
    Mistake(PARAMETERS, "counted a window for each channel", "FW·FH·D", _NOTHING),
    Mistake(PARAMETERS, "counted a window and a bias for each channel", "D·(FW·FH + 1)", _NOTHING),
    Mistake(PARAMETERS, "counted it as a convolution without biases", "D·FW·FH·D", _NOTHING),
    Mistake(PARAMETERS, "counted it as a convolution", "D·(FW·FH·D + 1)", _NOTHING),
    Mistake(DEPTH, "pooled the depth too", "1", "Each channel is pooled by itself."),
    Mistake(
        MULTIPLY_ADDS,
        "counted what each window sees",
        "W_out·H_out·D·FW·FH",
        "There are no weights to be multiplied with.",
    ),
)
_MOVES = "The window moves by the stride."
_PAD_TWICE = "The pad is on both sides of the row, so it is added twice."

MISTAKES = {
    "pool": (
        *_AS_WEIGHTS,
        *(
            Mistake(SIZE, *rest)
            for rest in (
                ("forgot the pad", "[(W − F)/S] + 1", _PAD_TWICE),
                ("added the pad once", "[(W − F + P_before)/S] + 1", _PAD_TWICE),
                ("forgot the stride", "W − F + PADS + 1", _MOVES),
                ("forgot the + 1", "[room/S]", "The start is a position too."),
                ("divided by the window", "[W/F]", _MOVES),
                ("divided by the stride", "[W/S]", "The last window ends where the row does."),
                ("used the input's size", "W", "There is one cell for each place of the window."),
                ("rounded up", "ceil(room/S) + 1", "A window that sticks out is none here."),
                ("rounded down", "[room/S] + 1", "A last window may stick out here."),
            )
        ),
    ),
    "globalpool": (
        *_AS_WEIGHTS,
        Mistake(DEPTH, "flattened instead", "W·H·D", "A channel becomes one number."),
    ),
}
