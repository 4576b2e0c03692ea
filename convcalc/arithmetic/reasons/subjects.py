"""What an answer about a network is held against: one of its layers, or its totals."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Any, ClassVar

from convcalc.arithmetic.answers.mistakes import Mistake
from convcalc.arithmetic.answers.subject import Subject
from convcalc.arithmetic.answers.wrong import Wrong
from convcalc.arithmetic.derivation import Result, Step, results
from convcalc.arithmetic.formula import holds, say, work_out
from convcalc.arithmetic.formulas import MULTIPLY_ADDS, SIZE
from convcalc.arithmetic.network import Row
from convcalc.arithmetic.reasons.field import field_results, wrong_fields
from convcalc.arithmetic.reasons.sums import Part, summed
from convcalc.arithmetic.reasons.totals import (
    ACTIVATIONS,
    PARAMETERS,
    TRAINABLE,
    Totals,
)
from convcalc.arithmetic.reasons.what_if import Variant, variants
from convcalc.arithmetic.use import Use
from convcalc.layer import Layer, Volume
from convcalc.layer.network import Network
from convcalc.layer.symbols import Symbol

WORDS = (
    "receptive field jump first centre center along width height total totals network layer sum "
    "trainable parameters moving averages weights biases activations input dense inputs output"
)


FLATTENING = ("flatten", "dense")


class Asked:
    """A network in use, with what becomes of it by mistakes: what its subjects have in common."""

    def __init__(self, network: Network, use: Use) -> None:
        self.network, self.use = network, use
        self.totals = Totals(network, use)
        self._found: dict[Layer, tuple[Wrong, ...]] = {}

    @cached_property
    def variants(self) -> list[Variant]:
        """What becomes of the network by each mistake."""
        return list(variants(self.network))

    def mistakes_of(self, layer: Layer) -> tuple[Wrong, ...]:
        """Return what mistakes make of a layer by itself, found out once for equal ones."""
        if layer not in self._found:
            self._found[layer] = Subject(layer, self.use).wrong
        return self._found[layer]

    @cached_property
    def rows(self) -> list["RowSubject"]:
        """Every layer."""
        return [RowSubject(self, place) for place in range(len(self.network.layers))]


class RowSubject(Subject):
    """A layer where it stands in a network."""

    words: ClassVar[str] = WORDS

    def __init__(self, asked: Asked, place: int) -> None:
        super().__init__(asked.network.layers[place].layer, asked.use)
        self.asked, self.place = asked, place

    def __str__(self) -> str:
        return self.asked.network.layers[self.place].path

    @cached_property
    def known(self) -> tuple[Result, ...]:
        """What is said of the layer, and of its receptive field."""
        return (*super().known, *field_results(self.asked.network, self.place))

    @cached_property
    def wrong(self) -> tuple[Wrong, ...]:
        """What mistakes make of the layer by itself, of its field, and by what arrives."""
        network = self.asked.network
        arrived: dict[tuple[Any, ...], Wrong] = {}
        for variant in self.asked.variants:
            if variant.start <= self.place < len(variant.network.layers):
                for wrong in self._in(variant):
                    arrived.setdefault((wrong.of, wrong.value), wrong)
        own = self.asked.mistakes_of(self.asked.network.layers[self.place].layer)
        return (*own, *wrong_fields(network, self.place), *arrived.values())

    def _in(self, variant: Variant) -> Iterator[Wrong]:
        """Yield what is otherwise about the layer in another network."""
        layer, name = variant.network.layers[self.place].layer, variant.name
        if layer != self.layer and layer.kind == self.kind:
            other = Subject(layer, self.use)
            if self.kind in FLATTENING and variant.flattened:
                name = variant.flattened
            right = {one.name: one for one in self.known}
            as_it_is = self.asked.network.layers[self.place].layer
            arrives, arrived = _arriving(as_it_is, layer, variant.why)
            for one in results(layer, self.use):
                mine = right.get(one.name)
                if one.formula.name != SIZE and mine and mine.value != one.value:
                    steps = [*arrived, one.step._replace(why=variant.why)]
                    yield Wrong(one.name, name, one.values, steps, [*arrives, mine.step])
            if other.output[:-1] != self.output[:-1]:
                steps = [step._replace(why=variant.why) for step in other.output_steps]
                steps, right_steps = [*arrived, *steps], [*arrives, *self.output_steps]
                yield Wrong(self.sides, name, other.output[:-1], steps, right_steps)
        yield from self._field_in(variant)

    def _field_in(self, variant: Variant) -> Iterator[Wrong]:
        if variant.network.fields[self.place] != self.asked.network.fields[self.place]:
            right = {one.name: one for one in self.known}
            for one in field_results(variant.network, self.place):
                mine = right.get(one.name)
                if mine and mine.value != one.value:
                    step = one.step._replace(why=variant.why)
                    yield Wrong(one.name, variant.name, one.values, [step], [mine.step])


def _arriving(right: Layer, wrong: Layer, why: str) -> tuple[list[Step], list[Step]]:
    """Return the volumes that arrive at a layer as steps, if they are not the same."""
    if right.input == wrong.input:
        return [], []

    def step(volume: Volume) -> list[Step]:
        numbers = " × ".join(map(str, volume))
        return [Step("input volume", "W × H × D", numbers, tuple(volume), why)]

    return step(right.input), step(wrong.input)


MISTAKES = (
    Mistake(
        PARAMETERS,
        "left out the moving averages",
        "parameters − averages",
        "They are kept, if not learned; what is learned are the trainable parameters.",
    ),
    Mistake(
        TRAINABLE,
        "counted the averages of batch normalisation as trained",
        "trainable parameters + averages",
        "A channel's mean and variance are kept as they were seen, and not learned.",
    ),
    Mistake(
        ACTIVATIONS,
        "counted the memory of {what!} twice",
        "activations + what",
        "What works in place writes over its own input, and adds nothing.",
    ),
    Mistake(
        ACTIVATIONS,
        "counted the outputs of layers with weights only",
        "with weights",
        "Pools and whatever else makes a volume of its own are activations too.",
    ),
)

IN_EVERY = "{} in every layer"


class TotalsSubject(Subject):
    """The totals of a network."""

    words: ClassVar[str] = WORDS

    def __init__(self, asked: Asked) -> None:
        super().__init__(None, asked.use)
        self.asked = asked

    def __str__(self) -> str:
        return "the network"

    @cached_property
    def known(self) -> tuple[Result, ...]:
        """Every total."""
        return self.asked.totals.results

    @cached_property
    def wrong(self) -> tuple[Wrong, ...]:
        """What mistakes make of the totals: of a sum, of a layer's share in it, of the network."""
        found = [*self._of_sums(), *self._left_out(), *self._from_rows(), *self._from_variants()]
        return tuple(more for one in found for more in (one, *self._following(one)))

    @property
    def _right(self) -> dict[str, Result]:
        return {one.name: one for one in self.known}

    def _wrong(self, of: str, name: str, step: Step) -> Iterator[Wrong]:
        right = self._right.get(of)
        if right and right.value != step.value:
            yield Wrong(of, name, (step.value,), [step], [right.step])

    def _of_sums(self) -> Iterator[Wrong]:
        for what, cells in self._in_place().items():
            letters = {**self.known[-1].letters, **self._letters(), "what": Symbol(what, cells)}
            for mistake in MISTAKES:
                if mistake.of in self._right and holds(mistake.when, letters):
                    made = work_out(mistake.text, letters)
                    step = Step(mistake.of, made.formula, made.substituted, made.value, mistake.why)
                    yield from self._wrong(mistake.of, say(mistake.name, letters), step)

    def _in_place(self) -> dict[str, int]:
        """Return the cells of what works in place: by function or kind, and of all together."""
        found: Counter[str] = Counter({"everything that works in place": 0})
        for row in self.asked.totals.rows:
            layer = row.placed.layer
            if layer.in_place:
                found[layer.made_of.get("function", layer.kind)] += layer.output.cells
        return {**found, "everything that works in place": found.total()}

    def _letters(self) -> dict[str, Symbol]:
        """Return sums over some of the layers only."""
        rows = [row for row in self.asked.totals.rows if row.parameters.weights]
        with_weights = sum(row.placed.layer.output.cells for row in rows)
        return {"with weights": Symbol("outputs of layers with weights", with_weights)}

    def _left_out(self) -> Iterator[Wrong]:
        """Yield the sums without all layers of a kind."""
        totals = self.asked.totals
        kinds = dict.fromkeys(row.placed.layer.kind for row in totals.rows)
        for of in (PARAMETERS, TRAINABLE, MULTIPLY_ADDS, ACTIVATIONS):
            parts = totals.parts(of)
            for kind in kinds:
                kept = [
                    part
                    for part, row in zip(parts, totals.rows, strict=True)
                    if row.placed.layer.kind != kind
                ]
                why = f"Every {kind} layer counts too."
                yield from self._wrong(of, f"left out every {kind} layer", _sum(of, kept, why))

    def _from_rows(self) -> Iterator[Wrong]:
        """Yield the sums with a mistake in one layer, and with it in all that it can be made in."""
        totals = self.asked.totals
        for of in (PARAMETERS, TRAINABLE, MULTIPLY_ADDS, ACTIVATIONS):
            if of not in self._right:
                continue
            parts = totals.parts(of)
            made: dict[str, dict[int, Step]] = defaultdict(dict)
            for place, row in enumerate(totals.rows):
                named = _named(row, of)
                for wrong in self.asked.mistakes_of(row.placed.layer):
                    if wrong.of == named:
                        made[wrong.name].setdefault(place, wrong.steps[-1])
            for name, steps in made.items():
                if len(steps) > 1:
                    yield from self._with(of, IN_EVERY.format(name), parts, steps)
                alone = {totals.rows[place].placed.layer: place for place in reversed(steps)}
                for place in sorted(alone.values()):
                    step = steps[place]
                    path = totals.rows[place].placed.path
                    yield from self._with(of, f"{name} in {path}", parts, {place: step})

    def _with(
        self, of: str, name: str, parts: list[Part], steps: dict[int, Step]
    ) -> Iterator[Wrong]:
        wrong = [
            part._replace(number=steps[place].value) if place in steps else part
            for place, part in enumerate(parts)
        ]
        yield from self._wrong(of, name, _sum(of, wrong, next(iter(steps.values())).why))

    def _from_variants(self) -> Iterator[Wrong]:
        """Yield the totals of networks with something forgotten, the same numbers once."""
        found: dict[tuple[Any, ...], Wrong] = {}
        for variant in self.asked.variants:
            if len(variant.network.layers) == len(self.asked.network.layers):
                for one in Totals(variant.network, self.use).results:
                    step = one.step._replace(why=variant.why)
                    for wrong in self._wrong(one.name, variant.name, step):
                        found.setdefault((wrong.of, wrong.value), wrong)
        yield from found.values()

    def _following(self, wrong: Wrong) -> Iterator[Wrong]:
        """Yield the totals that are made of a wrong one."""
        if wrong.of != MULTIPLY_ADDS:
            return
        right = self._right["FLOPs"]
        letters = {**right.letters, wrong.of: Symbol(wrong.of, int(wrong.value[0]))}
        made = right.again(right.formula.text, letters)
        step = Step(right.name, made.written, made.substituted, made.value, wrong.steps[-1].why)
        if step.value != right.value:
            steps = [*wrong.steps, step]
            yield Wrong(right.name, wrong.name, made.values, steps, [*wrong.right, right.step])


def _sum(of: str, parts: list[Part], why: str) -> Step:
    made = summed(parts)
    return Step(of, made.formula, made.substituted, made.value, why)


def _named(row: Row, of: str) -> str:
    """Return what a total's summand is called among the results of a layer."""
    ways = row.placed.layer.connections
    if of == PARAMETERS and ways and not ways[-1].averages:
        return f"{ways[-1].key.replace('_', ' ')} parameters"
    if of == TRAINABLE and ways:
        return f"{ways[-1].key.replace('_', ' ')} parameters"
    return of
