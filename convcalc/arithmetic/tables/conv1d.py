"""A convolution in one dimension: what is said of one in two, told of a series."""

from convcalc.arithmetic import formulas
from convcalc.arithmetic.answers import mistakes
from convcalc.arithmetic.one_dimension import in_one_dimension

FORMULAS = {"conv1d": in_one_dimension(formulas.FORMULAS["conv"])}
SHORTS = {"conv1d": in_one_dimension(formulas.SHORTS["conv"])}
MISTAKES = {"conv1d": in_one_dimension(mistakes.MISTAKES["conv"])}
