"""The gallery's totals against figures published elsewhere, and the papers' own beside them."""

import json
from typing import Any

import pytest
from conftest import Run

from convcalc.arithmetic.network import rows, totals
from convcalc.arithmetic.published import FIGURES, compare
from convcalc.files.network import read
from convcalc.gallery import shelf

# trainable parameters, as torchvision documents them for its weights; those of Keras' applications
# where Keras has the network; multiply-adds as torchvision documents them (GFLOPS, of convolutions
# and dense layers), to the digits it prints
TORCHVISION = {
    "vgg11": (132863336, "7.61"),
    "vgg13": (133047848, "11.31"),
    "vgg16": (138357544, "15.47"),
    "vgg19": (143667240, "19.63"),
    "resnet18": (11689512, "1.81"),
    "resnet34": (21797672, "3.66"),
    "resnet50": (25557032, "4.09"),
    "resnet101": (44549160, "7.80"),
    "resnet152": (60192808, "11.51"),
    "squeezenet1.0": (1248424, "0.82"),
    "squeezenet1.1": (1235496, "0.35"),
    "mobilenet-v2": (3504872, "0.30"),
    "densenet121": (7978856, "2.83"),
}
KERAS = {
    "vgg16": 138357544,
    "vgg19": 143667240,
    "mobilenet-v1": 4253864,
    "mobilenet-v2": 3538984,
    "densenet121": 8062504,
}
OTHERS = {
    "alexnet": 60965224,  # Caffe's bvlc_reference_caffenet and bvlc_alexnet: 60,965,224
    "alexnet-one-tower": 62378344,  # LearnOpenCV's tutorial on the tensor sizes of AlexNet
    "googlenet": 6998552,  # Caffe's bvlc_googlenet without its auxiliary classifiers
}


@pytest.mark.parametrize("name", TORCHVISION)
def test_totals_are_torchvisions(name: str) -> None:
    parameters, giga = TORCHVISION[name]
    total = totals(rows(shelf.get(name).at()))
    assert total.parameters.trainable == parameters
    units = 10**7  # torchvision prints two decimals of 10^9
    assert (total.multiply_adds + units // 2) // units == int(giga.replace(".", ""))


@pytest.mark.parametrize("name", KERAS)
def test_totals_with_moving_averages_are_kerass(name: str) -> None:
    assert totals(rows(shelf.get(name).at())).parameters.total == KERAS[name]


@pytest.mark.parametrize("name", OTHERS)
def test_totals_are_those_that_are_known(name: str) -> None:
    assert totals(rows(shelf.get(name).at())).parameters.total == OTHERS[name]


def test_lenets_table_adds_up_by_hand() -> None:
    network = shelf.get("lenet5").at()
    counted = {row.placed.name: row for row in rows(network)}
    assert counted["C1"].parameters.total == 6 * (25 + 1)
    assert counted["C3"].parameters.total == 1516 == (6 * 3 + 9 * 4 + 6) * 25 + 16
    assert counted["C5"].parameters.total == 48120 == 120 * (5 * 5 * 16 + 1)
    assert counted["F6"].parameters.total == 10164 == 84 * 121


def test_the_locally_connected_layers_of_deepface_are_unshared() -> None:
    counted = {row.placed.name: row.parameters.total for row in rows(shelf.get("deepface").at())}
    # W_out·H_out·K·(FW·FH·D + 1)
    assert counted["L4"] == 55 * 55 * 16 * (9 * 9 * 16 + 1)
    assert counted["L5"] == 25 * 25 * 16 * (7 * 7 * 16 + 1)
    assert counted["L6"] == 21 * 21 * 16 * (5 * 5 * 16 + 1)


# A. Araujo, W. Norris and J. Sim, Computing Receptive Fields of Convolutional Neural Networks,
# Distill 2019, its table of receptive fields: AlexNet v2 195, VGG-16 212, MobileNet v1 315
ARAUJO = {
    "alexnet": ("pool3", 195),
    "vgg16": ("convs5/pool1", 212),
    "mobilenet-v1": ("separable13/relu2", 315),
}


@pytest.mark.parametrize("name", ARAUJO)
def test_receptive_fields_are_those_of_araujo_norris_and_sim(name: str) -> None:
    layer, size = ARAUJO[name]
    network = shelf.get(name).at()
    x, y = network.fields[network.find(layer)]
    assert (x.size, y.size) == (size, size)


@pytest.mark.parametrize(
    ("name", "counts"), [("resnet50", (3, 4, 6, 3)), ("resnet101", (3, 4, 23, 3))]
)
def test_a_resnets_receptive_field_is_the_sum_over_its_blocks(
    name: str, counts: tuple[int, ...]
) -> None:
    # 7 of the first convolution, 2 jumps of 2 for the pool; each block's 3x3 adds 2 of the jumps
    # that arrive, and the block that halves does so with its 3x3
    by_hand, jump = 7 + 2 * 2, 4
    for group, count in enumerate(counts):
        for block in range(count):
            by_hand += 2 * jump
            if group and not block:
                jump *= 2
    network = shelf.get(name).at()
    last = max(place for place, one in enumerate(network.layers) if one.layer.kind == "add")
    assert network.fields[last][0].size == by_hand


@pytest.mark.parametrize("name", shelf.names())
def test_every_network_says_where_it_is_from(name: str) -> None:
    document = shelf.get(name)
    assert document.input
    assert len(document.about["source"]) > 20
    known = {"figure", "of", "printed", "note", "source"}
    for one in document.about.get("published", []):
        assert set(one) <= known
        assert one["figure"] in FIGURES


def printed(name: str) -> dict[tuple[str, str], Any]:
    document = shelf.get(name)
    compared = compare(document.at(), document.about["published"])
    return {(one.figure, one.of): one for one in compared}


def test_a_figure_that_differs_says_why_or_that_nothing_says_it() -> None:
    documents = {name: shelf.get(name).about for name in shelf.names()}
    compared = [
        one
        for name, about in documents.items()
        if "published" in about
        for one in printed(name).values()
    ]
    assert any(one.agrees is None for one in compared)
    assert all(one.agrees or one.note for one in compared)


def test_lenets_connections_differ_by_those_of_its_output() -> None:
    found = printed("lenet5")
    # 28·28·6·26, 10·10·(60·25 + 16), 120·401
    assert found["connections", "C1"].computed == 28 * 28 * 6 * 26
    assert found["connections", "C3"].computed == 100 * (60 * 25 + 16)
    assert found["connections", "C5"].computed == 120 * 401
    assert "340,068" in found["connections", ""].note
    assert 340908 - 340068 == 84 * 10


def test_alexnets_neurons_are_its_papers_but_in_the_first_layer() -> None:
    found = printed("alexnet")
    assert found["neurons", "conv1"].computed == 290400
    assert found["neurons", "conv1"].agrees is None
    assert "55·48·96 = 253,440" in found["neurons", "conv1"].note
    for layer in ("conv2", "conv3", "conv4", "conv5"):
        assert found["neurons", layer].agrees.rank == 0


@pytest.mark.parametrize("name", ["resnet50", "resnet101", "resnet152"])
def test_resnets_work_is_its_papers_with_the_stride_in_the_first_1x1(name: str) -> None:
    text = shelf.text(name)
    moved = text.replace(
        '{ conv = 1, filters = "width", bias = false }',
        '{ conv = 1, filters = "width", stride = "stride", bias = false }',
    ).replace('filters = "width", stride = "stride", pad = 1', 'filters = "width", pad = 1')
    work = totals(rows(read(moved).at())).multiply_adds
    note = printed(name)["multiply-adds", ""].note
    assert f"{work:,} are left" in note


def test_the_command_prints_them(run: Run) -> None:
    done = run("network", "vgg16", "--published")
    assert "parameters: printed 138 million, computed 138,357,544, to 3 digits" in done.out
    assert "15,237,608" in done.out
    record = json.loads(run("network", "vgg16", "--published", "--format", "json").out)
    assert record["published"][0]["computed"] == 138357544


def test_a_network_without_published_figures_says_so(run: Run) -> None:
    done = run("network", "conv3-2", "--input", "9x9x1", "--published")
    assert done.code == 2
    assert "has no published figures here" in done.err
