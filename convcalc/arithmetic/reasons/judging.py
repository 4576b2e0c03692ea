"""Did I get it right? Hold an answer against a layer of a network, its totals, or all of it."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from convcalc.arithmetic.answers.judging import Verdict, held_against
from convcalc.arithmetic.answers.reading import known_words, stems
from convcalc.arithmetic.answers.subject import Subject
from convcalc.arithmetic.reasons.explaining import TOTAL, is_layer
from convcalc.arithmetic.reasons.subjects import WORDS, Asked, TotalsSubject
from convcalc.arithmetic.use import USUAL, Use
from convcalc.errors import BadRequest, alternatives, shown
from convcalc.layer.conv import ConvLayer
from convcalc.layer.network import Network
from convcalc.numerals import counted

MOST_NAMED = 3
"""So many layers are named of those that have the same number."""

MOST_FOUND = 6
"""So many findings are told."""


def judge_network(network: Network, answer: str, use: Use = USUAL) -> Verdict:
    """Return what an answer is for a network: `LAYER=VALUE`, `total=VALUE`, or VALUE for any.

    Raises BadRequest for what is no answer, and for a name that is nearly that of a layer.

    >>> from convcalc.layer import Volume
    >>> from convcalc.layer.notation import parse
    >>> network = Network.of("small", Volume(9, 9, 1), parse("conv2-3, pool2, fc-10"))
    >>> [mistake.name for mistake in judge_network(network, "dense1=1930").mistakes]
    ['flattened the volume before pool1']
    """
    asked = Asked(network, use)
    place, value = _asked(network, answer)
    if place is None:
        return held_against([TotalsSubject(asked)], value)[0][1]
    if place >= 0:
        return held_against([asked.rows[place]], value)[0][1]
    held = held_against([TotalsSubject(asked), *asked.rows], value)
    rights = [(right, one) for one, verdict in held for right in verdict.right]
    wrongs = [] if rights else [(one, on) for on, verdict in held for one in verdict.mistakes]
    verdict = held[0][1]._replace(
        right=[one._replace(name=f"{one.name} of {names}") for one, names in _joined(rights)],
        mistakes=[
            one._replace(of=f"{one.of} of {names}")
            for one, names in _joined([] if rights else wrongs)
        ],
    )
    return _shortened(verdict)


ANYWHERE = -1


def _asked(network: Network, answer: str) -> tuple[int | None, str]:
    """Return which layer an answer is about, None for the totals; and the value.

    In front of = there may also be what the value is of, or a sum.
    """
    name, sign, value = (part.strip() for part in answer.partition("="))
    if not sign or not value:
        return ANYWHERE, answer
    if is_layer(network, name):
        return network.find(name), value
    if name.lower() in (TOTAL, "totals"):
        return None, value
    if not re.fullmatch(r"[\w./-]*[A-Za-z][\w./-]*", name):
        return ANYWHERE, answer
    if stems(name) <= known_words(ConvLayer.kind, WORDS):
        return ANYWHERE, f"{value} {name}"
    try:
        return network.find(name), value
    except BadRequest as error:
        _, _, problem, remedy = error.args
        raise BadRequest(
            "answer", name, problem, f"{remedy}; {TOTAL}=VALUE is about the totals"
        ) from None


def _joined(findings: Sequence[tuple[Any, Subject]]) -> list[tuple[Any, str]]:
    """Return findings with the names of their subjects, those together that have the same steps."""
    names: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    first: dict[tuple[Any, ...], Any] = {}
    for finding, subject in findings:
        key = (finding.name, *map(str, finding.steps))
        first.setdefault(key, finding)
        names[key].append(shown(subject))
    return [(finding, _listed(names[key])) for key, finding in first.items()]


def _listed(names: list[str]) -> str:
    if len(names) <= MOST_NAMED:
        return alternatives(names, "and")
    return f"{', '.join(names[: MOST_NAMED - 1])} and {len(names) - MOST_NAMED + 1} more"


def _shortened(verdict: Verdict) -> Verdict:
    """Return a verdict with the first findings only, and how many more there are as a hint."""
    more = max(len(verdict.right), len(verdict.mistakes)) - MOST_FOUND
    if more <= 0:
        return verdict
    return verdict._replace(
        right=verdict.right[:MOST_FOUND],
        mistakes=verdict.mistakes[:MOST_FOUND],
        hint=f"{counted(more, 'other number')} of the network come to the same: give LAYER=VALUE",
    )
