"""Did I get it right? Hold an answer against every number of the layer and every known mistake.

A mistake is named only if its arithmetic gives the answer; and none where the answer is the number
of shared parameters, or a size or rounded number that is right, however else it might come about.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from convcalc.arithmetic.answers.agreement import (
    FEWEST_DIGITS,
    ROUNDED,
    Agreement,
    Exact,
    Sides,
    agreement,
    in_any_order,
    orders,
)
from convcalc.arithmetic.answers.reading import BYTE, NO_WORDS, Reading, read_answer, stems
from convcalc.arithmetic.answers.subject import Subject, subject_of
from convcalc.arithmetic.answers.wrong import Wrong
from convcalc.arithmetic.derivation import Result, Step
from convcalc.arithmetic.formulas import DEPTH
from convcalc.arithmetic.use import USUAL, Use
from convcalc.layer import Layer

VOLUME = "output volume"


class Right(NamedTuple):
    """What an answer is right as, the steps to it, what is to be said of its form, how near it is.

    It is as near as an agreement's rank: 0 is exact.
    """

    name: str
    steps: list[Step]
    how: str = ""
    rank: int = 0


class Verdict(NamedTuple):
    """An answer, what it is right for, the mistakes that give it, and where to compare if none.

    It was `read_as` what is said there; a `hint` says how it would be right. It is true where the
    answer is right.
    """

    answer: str
    right: list[Right]
    mistakes: list[Wrong]
    compare: Step | None
    read_as: str
    hint: str = ""

    @property
    def is_right(self) -> bool:
        """Whether the answer is a number, or the size, of the layer."""
        return bool(self.right)

    def __bool__(self) -> bool:
        return self.is_right


def judge(layer: Layer, answer: str, use: Use = USUAL) -> Verdict:
    """Return what an answer is for a layer: in the first reading that is right, or explained.

    Raises BadRequest for what is no answer.

    >>> from convcalc.layer import ConvLayer
    >>> layer = ConvLayer(input=(32, 32, 3), filter=3, filters=32)
    >>> [mistake.name for mistake in judge(layer, "288").mistakes]
    ['forgot the depth and the biases']
    >>> judge(layer, "806k").right[0][::2]
    ('unshared parameters', 'to 3 digits')
    """
    [(_, verdict)] = held_against([subject_of(layer, use)], answer)
    return verdict


Held = list[tuple[Subject, Verdict]]
"""What is said of an answer about each subject that has something to say."""


def held_against(subjects: Sequence[Subject], answer: str) -> Held:
    """Return for which subjects an answer is right; for none, for which it is explained.

    Of what it is right for only that which it is nearest to counts. Where it is neither, the first
    subject has what to compare.
    """
    first = subjects[0]
    readings = read_answer(answer, first.kind, first.words)

    def told(verdict: Verdict, reading: Reading) -> Verdict:
        shown = reading.text if reading is readings[0] else reading.typed
        return verdict._replace(answer=shown, read_as=reading.text)

    for way in (_right, _explained):
        for reading in readings:
            found = [(one, way(one, reading)) for one in subjects]
            held = [(one, told(verdict, reading)) for one, verdict in found if verdict is not None]
            if held:
                return _nearest(held)
    return [(first, told(_unexplained(first, readings[0]), readings[0]))]


def _nearest(held: Held) -> Held:
    ranks = [min((right.rank for right in verdict.right), default=0) for _, verdict in held]
    return [one for one, rank in zip(held, ranks, strict=True) if rank == min(ranks)]


def _right(subject: Subject, reading: Reading) -> Verdict | None:
    """Return what is said of an answer that is right; None for one that is not.

    Of all that it agrees with, only what it is nearest to counts.
    """
    of_size = len(reading.numbers) > 1
    found = [*(_right_sizes if of_size else _right_counts)(subject, reading)]
    nearest = min((near.rank for near, _ in found), default=0)
    right = [one._replace(rank=nearest) for near, one in found if near.rank == nearest]
    if not right:
        return None
    settled = {one.name for one in subject.known if one.formula.settles}
    alone = of_size or nearest or any(one.name in settled for one in right)
    mistakes = [] if alone else _mistakes(subject, [reading.numbers], reading)
    return Verdict("", right, mistakes, None, "")


def _right_counts(subject: Subject, reading: Reading) -> Iterator[tuple[Agreement, Right]]:
    for one in _meant(subject, reading):
        if near := agreement(reading.numbers, one.values):
            yield near, Right(one.name, [one.step], near.how)


def _right_sizes(subject: Subject, reading: Reading) -> Iterator[tuple[Agreement, Right]]:
    steps, output, numbers = subject.output_steps, subject.output, reading.numbers
    volumes = [(VOLUME, subject.sides, output, [*steps, *subject.depth_steps], steps)]
    if not output:
        volumes = []
    for one in subject.known:
        if "volume" in one.name and 1 < len(one.values) == len(output):
            flat = f"width and height of the {one.name}"
            volumes.append((one.name, flat, one.values, [one.step], [one.step]))
        elif near := agreement(numbers, one.values) or in_any_order(numbers, one.values):
            yield near, Right(one.name, [one.step], near.how)
    for name, flat, exact, to_volume, to_sides in volumes:
        for order, sides in orders(reading, len(output), subject.use.batch):
            whole = len(sides) == len(exact)
            if near := agreement(sides, exact if whole else exact[:-1]):
                how = ", ".join(filter(None, (order, near.how)))
                yield near, Right(*((name, to_volume) if whole else (flat, to_sides)), how)
                break


def _meant(subject: Subject, reading: Reading) -> list[Result]:
    """Return the results that an answer is said to be of: all, where it does not say."""
    known = [one for one in subject.known if len(one.values) == 1]
    return [one for one in known if _is_meant(one.name, reading)]


def _is_meant(name: str, reading: Reading) -> bool:
    said, words = reading.words, stems(name)
    return not said or (said <= words and (BYTE in said) == (BYTE in words))


def _explained(subject: Subject, reading: Reading) -> Verdict | None:
    """Return what is said of an answer that comes about by mistakes; None where none is known."""
    if len(reading.numbers) > 1 and subject.output:
        *places, depth = subject.output
        ways = [
            sides
            for order, sides in orders(reading, len(places) + 1, subject.use.batch)
            if not order or len(sides) == len(places) or agreement(sides[-1:], [depth])
        ]
        mistakes = _mistakes(subject, [*ways, reading.numbers], reading)
    else:
        mistakes = _mistakes(subject, [reading.numbers], reading)
        mistakes = mistakes or [*_misnamed(subject, reading)]
    return Verdict("", [], mistakes, None, "") if mistakes else None


def _mistakes(subject: Subject, ways: Iterable[Sides], reading: Reading) -> list[Wrong]:
    """Return the mistakes that explain an answer, in the first of the orders of its sides."""
    if not _is_precise(reading):
        return []
    for sides in ways:
        found = [
            one
            for one in subject.wrong
            if _comes_to(one.value, sides) and (sides[1:] or _is_meant(one.of, reading))
        ]
        if found := found or _explaining_volume(subject, sides):
            return _plainest(found, reading)
    return []


def _plainest(found: list[Wrong], reading: Reading) -> list[Wrong]:
    """Return mistakes once each, fewest steps first; of bytes only where nothing else is found."""
    counts = [one for one in found if BYTE not in stems(one.of)]
    if counts and BYTE not in reading.words:
        found = counts
    by_name: dict[str, Wrong] = {}
    for one in sorted(found, key=lambda one: len(one.steps)):
        by_name.setdefault(one.name, one)
    return [*by_name.values()]


def _is_precise(reading: Reading) -> bool:
    """Whether an answer has digits enough to say more than that it is about right."""
    return any(
        not side or not side.last or side.digits >= FEWEST_DIGITS for side in reading.numbers
    )


def _comes_to(exact: Exact, sides: Sides) -> bool:
    near = agreement(sides, exact)
    return near is not None and near.rank <= ROUNDED


def _explaining_volume(subject: Subject, sides: Sides) -> list[Wrong]:
    """Return the mistakes that make a volume: all of what is wrong with it, or none."""
    found: list[Wrong] = []
    output = subject.output
    if len(sides) != len(output):
        return found
    for of, exact, part in (
        (subject.sides, output[:-1], sides[:-1]),
        (DEPTH, output[-1:], sides[-1:]),
    ):
        if not _comes_to(exact, part):
            makers = [one for one in subject.wrong if one.of == of]
            makers = [one for one in makers if _comes_to(one.value, part)]
            if not makers:
                return []
            found += makers
    return found


def _misnamed(subject: Subject, reading: Reading) -> Iterator[Wrong]:
    """Yield the numbers of the layer that an answer is, if it is said to be of another."""
    for meant in _meant(subject, reading)[:1]:
        for one in _meant(subject, reading._replace(words=NO_WORDS)):
            if _comes_to(one.values, reading.numbers):
                yield Wrong(
                    meant.name, f"gave the {one.name}", one.values, [one.step], [meant.step]
                )


def _unexplained(subject: Subject, reading: Reading) -> Verdict:
    """Return what to look at first where nothing known gives the answer."""
    if len(reading.numbers) == 1 or not subject.output:
        meant = _meant(subject, reading)
        first = [one for one in meant if one.formula.compare or reading.words] or subject.known
        return Verdict("", [], [], first[0].step, "", _hint(subject, reading))
    places = len(subject.output) - 1
    parts = [*(2 * subject.output_steps)[:places], *subject.depth_steps]

    def differing(sides: Sides) -> list[Step]:
        pairs = zip(parts, sides, strict=False)
        return [step for step, side in pairs if not _comes_to([step.value], (side,))]

    ways = [sides for _, sides in orders(reading, len(parts), subject.use.batch)]
    nearest = min(map(differing, ways), key=len, default=parts)
    return Verdict("", [], [], (nearest or parts)[0], "")


def _hint(subject: Subject, reading: Reading) -> str:
    """Say how a number would be right that looks as if it were rounded; nothing otherwise."""
    if reading.numbers[0] and not reading.numbers[0].last and reading.numbers[0].value > 0:
        about = read_answer(f"≈{reading.text}", subject.kind, subject.words)[0]
        if _is_precise(about):
            for near, one in _right_counts(subject, about):
                if near.rank <= ROUNDED:
                    return f"Rounded it would be right as {one.name}: give {about.typed}"
    return ""
