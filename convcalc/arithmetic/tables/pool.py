"""Pooling: a window's largest number or mean; nothing is learned."""

from convcalc.arithmetic.answers.mistakes import Mistake
from convcalc.arithmetic.formula import Short
from convcalc.arithmetic.formulas import DEPTH, MULTIPLY_ADDS, SIZE, Formula

_DEPTH = Formula(DEPTH, "D", "Each channel is pooled by itself, so the depth stays {D}.")
_ACTIVATIONS = Formula(
    "activations", "W_out·H_out·D", "Every cell of the output volume is one number.", essential=True
)
_PARAMETERS = Formula(
    "parameters", "0", "A largest number and a mean have nothing to learn.", essential=True
)
_WORK = Formula(
    MULTIPLY_ADDS, "0", "Comparing and adding up are no multiply-adds, and are not counted."
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
    ),
    "globalpool": (),
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
        _ACTIVATIONS,
        _PARAMETERS,
        _WORK,
    ),
    "globalpool": (
        Formula(SIZE, "W − F + 1", "The window is the whole channel, and has one place."),
        _DEPTH,
        _ACTIVATIONS,
        _PARAMETERS,
        _WORK,
    ),
}

MISTAKES = {
    "pool": (
        Mistake("parameters", "counted the window as weights", "FW·FH", "Pooling learns nothing."),
        Mistake(
            "parameters",
            "counted a window for each channel",
            "FW·FH·D",
            "Pooling learns nothing.",
        ),
        Mistake(DEPTH, "pooled the depth too", "1", "Each channel is pooled by itself."),
        Mistake(SIZE, "forgot the stride", "W − F + PADS + 1", "The window moves by the stride."),
        Mistake(SIZE, "forgot the + 1", "[room/S]", "The start is a position too."),
        Mistake(SIZE, "divided by the window", "[W/F]", "The window moves by the stride."),
        Mistake(SIZE, "rounded up", "ceil(room/S) + 1", "A window that sticks out is none."),
        Mistake(SIZE, "rounded down", "[room/S] + 1", "A last window may stick out here."),
    ),
}
