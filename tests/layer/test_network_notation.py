"""Networks written as text and as TOML: one network, whatever the words."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.networks import KEEP_SIZE, OPTIONS
from support.writing import as_text, as_toml

from convcalc import BadRequest, Volume
from convcalc.files.network import read
from convcalc.layer.network import Network
from convcalc.layer.notation import parse
from convcalc.layer.plan import Branches, Group, Step
from convcalc.layer.words import OPTIONS as OTHER_OPTIONS
from convcalc.layer.words import WORDS, step

INPUT = Volume(13, 12, 4)
NAMES = st.sampled_from(["", "", "", "conv1", "x"])


@st.composite
def plans(draw: st.DrawFn, deep: int = 2) -> Any:
    """Plans of all kinds of parts; whether there is such a network is not asked."""
    parts: list[Any] = []
    for _ in range(draw(st.integers(1, 3))):
        sort = draw(st.integers(0, 4)) if deep else 0
        if sort == 3:
            several = tuple(draw(plans(deep - 1)) for _ in range(draw(st.integers(1, 3))))
            several += ((),) * draw(st.integers(0, 1))
            parts.append(Branches(draw(st.sampled_from(["add", "concat"])), several, draw(NAMES)))
        elif sort == 4:
            times = draw(st.integers(0, 3))
            parts.append(Group(draw(plans(deep - 1)), times, draw(NAMES), times != 1))
        elif sort == 2:
            parts.append(draw(st.sampled_from(KEEP_SIZE))._replace(name=draw(NAMES)))
        else:
            kind = draw(st.sampled_from(sorted(OPTIONS)))
            parts.append(Step(kind, draw(OPTIONS[kind]), draw(NAMES)))
    return tuple(parts)


def found(make: Any) -> Any:
    """A network, or what is wrong with it."""
    try:
        return make()
    except BadRequest as error:
        return str(error)


@given(plans())
@settings(max_examples=300)
def test_text_and_toml_are_the_plan(plan: Any) -> None:
    text, toml = as_text(plan), f'name = "n"\nlayers = {as_toml(plan)}'
    from_plan = found(lambda: Network.of("n", INPUT, plan))
    from_text = found(lambda: Network.of("n", INPUT, parse(text)))
    from_toml = found(lambda: read(toml).at(INPUT))
    if isinstance(from_plan, str):  # values are quoted as they were written
        assert isinstance(from_text, str)
        assert isinstance(from_toml, str)
        first = re.match(r"SPEC (layer \d+ )?", from_plan)
        assert first
        assert from_text.startswith(first[0])
        assert from_toml.startswith(first[0])
    else:
        assert from_text == from_plan, text
        assert from_toml == from_plan, toml


MAIN = {"lrn": 3, "upsample": 2, "pool": 2, "dense": 5, "dropout": "0.25", "globalpool": None}


@pytest.mark.parametrize("word", sorted(WORDS))
def test_every_word_is_its_kind(word: str) -> None:
    kind, fixed = WORDS[word]
    main = None if kind in ("activation", "flatten", "batchnorm") else MAIN.get(kind, 3)
    more: dict[str, Any] = {}
    if kind in ("conv", "local", "transposed", "tabled") and "filters" not in fixed:
        more = {"table": [[0, 1]]} if kind == "tabled" else {"filters": 4}
    toml = ", ".join(
        [f"{word} = {'true' if main is None else main}", *(f"{k} = {v}" for k, v in more.items())]
    )
    expected = Network.of(
        "network",
        INPUT,
        (Step(kind, {**fixed, **({} if main is None else {_main(kind): main}), **more}),),
    )
    assert read(f"layers = [{{ {toml} }}]").at(INPUT) == expected
    for spelt in (word, word.upper(), word.title()):
        line = f"{spelt}{'' if main is None else main}"
        line += "".join(f" {key}={_typed(one)}" for key, one in more.items())
        assert Network.of("network", INPUT, parse(line)) == expected, line
        if not word[-1].isdigit():
            line = line.replace(spelt, f"{spelt}2d", 1) if main is None else line
            assert Network.of("network", INPUT, parse(line)) == expected, line


def _main(kind: str) -> str:
    return {
        "pool": "window",
        "dense": "units",
        "dropout": "rate",
        "lrn": "size",
        "upsample": "factor",
    }.get(kind, "filter")


def _typed(one: Any) -> str:
    return "0+1" if isinstance(one, list) else str(one)


SPELT = {
    "conv kernel_size=3 out_channels=8 padding=1 strides=2": "conv3-8 pad=1 stride=2",
    "conv Kernel-Size=3x5 N=8 P=1 S=2 dilation_rate=2": "conv3x5-8 pad=1 stride=2 dilation=2",
    "conv3 num_output=8 group=2 use_bias=no": "conv3-8 groups=2 bias=no",
    "conv3-8 bias=False": "conv3-8 bias=no",
    "pool kernel_size=2 strides=1 padding=1": "pool2 stride=1 pad=1",
    "pool size=3": "pool3",
    "pool pool_size=3 ceil_mode=True": "pool3 ceil=yes",
    "avgpool ksize=3 padding=1 count_include_pad=false": "pool3 mode=average pad=1 count_pad=no",
    "deconv4-8 stride=2 padding=1 output_padding=1": "transposed4-8 stride=2 pad=1 output_pad=1",
    "linear out_features=7 use_bias=no": "dense7 bias=no",
    "dense units=7": "dense7",
    "fc features=7": "dense7",
    "dropout p=0.25": "dropout0.25",
    "dropout dropout_ratio=0.25": "dropout0.25",
    "upsample scale_factor=2": "upsample2",
    "upsample size=2x3": "upsample2x3",
    "lrn local_size=3": "lrn3",
    "lrn n=3": "lrn3",
    "Conv2DTranspose 3-8": "transposed3-8",
    "AdaptiveAvgPool2d": "gap",
    "GlobalMaxPooling2D": "globalpool mode=max",
    "depthwise3 filters=8": "conv3-8 groups=depth",
}


@pytest.mark.parametrize("text", SPELT)
def test_options_by_their_other_names(text: str) -> None:
    expected = Network.of("n", INPUT, parse(SPELT[text]))
    assert Network.of("n", INPUT, parse(text)) == expected


def test_every_other_name_is_one_that_some_kind_has() -> None:
    for name, meanings in OTHER_OPTIONS.items():
        taken = 0
        for word in WORDS:
            try:
                [(option, _)] = set(step(word, None, {name: 1}).options.items()) - set(
                    WORDS[word][1].items()
                )
            except BadRequest:
                continue
            assert option in meanings or option == name
            taken += 1
        assert taken or meanings[0] in ("input", "output", "no-bias", "learning-rate"), name


SAME = [
    "conv3-64, relu, pool2",
    "conv3-64 -> relu → pool2",
    "conv3-64->relu->pool2",
    "conv3-64 ⇒ relu => pool2",
    "CONV3-64, ReLU; Pool2",
    "conv3x3-64\nrelu\npool 2,",
    "Conv2d 3-64, ReLU, MaxPool2d 2",
    "conv3–64, relu, max-pool-2",
    "conv 3 filters = 64 , , relu,pool  window=2x2 ;",
    " (conv3-64, relu), 1*(pool2)",
]


@pytest.mark.parametrize("text", SAME)
def test_separators_case_and_blanks(text: str) -> None:
    expected = [("conv", (12 - 3 + 1) // 1), ("activation", 10), ("pool", 5)]
    net = Network.of("n", Volume(12, 12, 3), parse(text))
    assert [(one.layer.kind, one.layer.output.width) for one in net.layers] == expected
    assert net.layers[0].layer.output.depth == 64


@pytest.mark.parametrize(
    "text", ["3*(conv3-4 pad=1)", "3 x conv3-4 pad=1", "(conv3-4 pad=1)*3", "3 × (conv3-4 pad=1)"]
)
def test_repeated(text: str) -> None:
    net = Network.of("n", INPUT, parse(text))
    assert [one.path for one in net.layers] == ["conv1", "conv2", "conv3"]


REFUSED = {
    "covn3-8": "covn: is no kind of layer; the nearest is conv",
    "maxpol2": "maxpol: is no kind of layer; the nearest is maxpool",
    "xyzzy": "xyzzy: is no kind of layer; give conv, pool, dense or another",
    "conv3-8 filtrs=3": "conv filtrs: is no option of conv; the nearest are filters and filter",
    "conv3-8 kernels=3": "conv kernels: is no option of conv; the nearest are filters and filter",
    "relu slope=3": "relu slope: is no option of relu; it has function",
    "conv3-8 filters=9": "conv filters: gives filters twice; give it once",
    "conv3-8 pad=1 padding=1": "conv padding: gives pad twice; give it once",
    "conv3-8 pad=1 pad=2": "conv3-8 pad=1 pad=2: gives pad twice; give it once",
    "maxpool2 mode=average": "maxpool mode: gives mode twice; give it once",
    "relu3": "relu: takes no number 3; give relu without it",
    "fc-10-10": "fc: takes no number 10; give fc without it",
    "conv 3x3, 64": "64: is a number alone; write it behind its layer and a hyphen, such as ",
    "3x3 conv, 64": "3x3 conv: has the size before the word; write the word first and how many "
    "filters last, such as conv3x3-64",
    "7x7 conv-64 stride=2": "7x7 conv-64 stride=2: has the size before the word; write the word ",
    "conv3-64 s2 p1": "conv3-64 s2 p1: has p1 behind a layer; write options as name=value, such ",
    "conv3-64 relu": "conv3-64 relu: has relu behind a layer; write options as name=value, such ",
    "maxpool3/2": "maxpool3/2: is no layer; give layers such as conv3-64 pad=1, relu, pool2, fc-10",
    "Conv2d(3, 64)": "Conv2d(3, 64): has brackets behind Conv2d (character 7); give layers ",
    "conv3-8 pad=(1,1)": "conv3-8 pad=(1,1): has brackets behind conv3-8 pad= (character 13); ",
    "(conv3-8": "(conv3-8: has a bracket that is not closed (character 9); give layers such as ",
    "conv3-8)": "conv3-8): has ) with nothing before it to close (character 8); give layers such ",
    "conv3-8 | relu": "conv3-8 | relu: has | with nothing before it to close (character 9); give ",
    "": "'': has no layers; give layers such as conv3-64 pad=1, relu, pool2, fc-10",
    ", ;": ", ;: has no layers; give layers such as conv3-64 pad=1, relu, pool2, fc-10",
    "1000000*(relu": "1000000*(relu: repeats something 100000... times (character 9); give ",
    f"{'(' * 41}relu": "has more than 40 brackets within each other (character 42); give ",
    "conv1d3-8": "conv1d3-8: is no layer; give layers such as ",
}


@pytest.mark.parametrize("text", REFUSED)
def test_refused_with_what_works(text: str) -> None:
    with pytest.raises(BadRequest) as error:
        parse(text)
    said = str(error.value)
    expected = REFUSED[text]
    assert said.startswith(f"SPEC {expected}") or (expected in said and len(text) > 40), said


def test_a_longer_text_is_read_in_no_time() -> None:
    """Nothing in it is looked at more than a few times."""
    for sign in "a=-(|,1 .:x*+\n3":
        found(lambda sign=sign: parse(sign * 99_000))
        found(lambda sign=sign: parse(f"conv{sign * 99_000}!"))
        found(lambda sign=sign: parse(f"a{sign}" * 49_000))
    with pytest.raises(BadRequest, match="has more than 100,000 characters; write it as a TOML"):
        parse("a" * 100_001)
