"""What is wrong with a layer's options, in words that the demo's page says too."""

MOST_DIGITS = 600
"""Longer numbers are refused: a product of six of them still prints within Python's limit."""

MOST_CHANNELS = 4
"""So many channels an image has at most."""

SIGNS = {"x": "XＸхХ×✕✖⨯*＊∗·⋅;；", ",": "、", "-": "−", "'": "’"}
"""What people type for a sign; full-width letters and digits stand for themselves."""

ANY_BATCH = ("None", "?", "-1", "N", "B")
"""What stands in a shape for a batch of any size."""

UNTIED = "untied"
"""The bias that every neuron has for itself, though the weights are shared."""

INPUT = "give WIDTHxHEIGHTxDEPTH, for example 227x227x3, or LENGTHxCHANNELS such as 60x1"
FILTER = "give a size such as 11, or WIDTHxHEIGHT such as 5x3"
FILTER_DEPTH = "has depth {found}, where the input's depth divided by the groups is {depth}"
WITH_DEPTH = "give {filter}, or {alone} alone"
STEP = "give a number from 1 up, or one each along width and height such as 2x1"
PAD = "give a number from 0 up, WIDTHxHEIGHT such as 2x0, same or valid"
FROM_0 = "give a number from 0 up, or one each along width and height such as 1x0"
COUNT = "give a number from 1 up"
ONE_NUMBER = (
    "in one dimension give one number such as {such}; two are for an input of WIDTHxHEIGHTxDEPTH"
)
LENGTH, PACE = ONE_NUMBER.format(such=11), ONE_NUMBER.format(such=2)
ENDS = "in one dimension give a number from 0 up, LEFTxRIGHT such as 2x0, same or valid"
BIAS = "give yes, no or untied"
REMEDIES = {
    "input": INPUT,
    "filter": FILTER,
    "stride": STEP,
    "pad": PAD,
    "dilation": STEP,
    "groups": COUNT,
    "filters": COUNT,
    "bias": BIAS,
}
SERIES_REMEDIES = REMEDIES | {"filter": LENGTH, "stride": PACE, "pad": ENDS, "dilation": PACE}

PIXELS = {"width": "column", "height": "row", "length": "sample"}
"""What the places along an axis are called."""

NOT_WHOLE = "is not a whole number"
PART_NOT_WHOLE = "has a part that is not a whole number ({part})"
TOO_LONG = f"has more than {MOST_DIGITS} digits"
TOO_MANY = "is {count} where {wanted} needed"
IN_DOUBT = "{part} in it may be one number or two"
ONE_OR_TWO = "write {one} or {two}"
BATCH = "leave out the batch ({batch}): give {readings}"
READINGS = "{first} for (batch, depth, height, width), or {last} for (batch, height, width, depth)"
TWO_AXES = f"a filter slides along two axes here: {INPUT}"
TOO_SMALL = "{its}must be at least {least}"
UNEVEN_GROUPS = "does not divide the {count} {things} evenly"
EVEN_GROUPS = "give a divisor of both the input's depth {depth} and the {filters} {things}"
NO_ROOM = "its {side} {filter}{dilated} is more than the {padded} {pixels} of the padded input"
DILATED = ", {extent} with the dilation,"
ROOM = "give a {side} of at most {most}, or a pad of at least {pad}"
DEPTH_LAST = "depth comes last: give {input}"
