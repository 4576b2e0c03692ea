"""A torch of shapes alone: what its documentation says of each module's output and parameters."""

from collections.abc import Iterator
from math import prod
from types import ModuleType, SimpleNamespace
from typing import Any

Pair = tuple[int, int]


def pair(value: Any) -> Pair:
    return value if isinstance(value, tuple) else (value, value)


class Tensor:
    def __init__(self, *shape: int) -> None:
        self.shape = shape

    def __add__(self, other: "Tensor") -> "Tensor":
        assert self.shape == other.shape
        return self


class Parameter:
    def __init__(self, *shape: int) -> None:
        self.shape = shape

    def numel(self) -> int:
        return prod(self.shape)


class Module:
    def parameters(self) -> Iterator[Parameter]:
        for value in vars(self).values():
            if isinstance(value, Parameter):
                yield value
            elif isinstance(value, Module):
                yield from value.parameters()

    def eval(self) -> None:
        pass

    def __call__(self, x: Tensor) -> Tensor:
        found: Tensor = self.forward(x)  # type: ignore[attr-defined]
        return found


class Sequential(Module):
    def __init__(self, *layers: Module) -> None:
        self.__dict__.update({str(place): layer for place, layer in enumerate(layers)})

    def forward(self, x: Tensor) -> Tensor:
        for layer in vars(self).values():
            x = layer(x)
        return x


class Conv2d(Module):
    """floor((H + 2 padding - dilation (kernel_size - 1) - 1) / stride + 1)"""

    def __init__(
        self,
        i: int,
        o: int,
        k: Any,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
        bias: bool = True,
    ) -> None:
        self.sides = [pair(one) for one in (k, stride, padding, dilation)]
        assert i % groups == o % groups == 0
        self.depths = i, o
        self.weight = Parameter(o, i // groups, *pair(k))
        if bias:
            self.bias = Parameter(o)

    def forward(self, x: Tensor) -> Tensor:
        n, c, *sides = x.shape
        assert c == self.depths[0]
        numbers = zip(sides, *self.sides, strict=True)
        return Tensor(n, self.depths[1], *(self.along(*one) for one in numbers))

    def along(self, side: int, k: int, s: int, p: int, d: int) -> int:
        return (side + 2 * p - d * (k - 1) - 1) // s + 1


class ConvTranspose2d(Conv2d):
    """(H - 1) stride - 2 padding + dilation (kernel_size - 1) + output_padding + 1"""

    def __init__(
        self,
        i: int,
        o: int,
        k: Any,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Any = 1,
    ) -> None:
        super().__init__(i, o, k, stride, padding, dilation, groups, bias)
        self.sides.append(pair(output_padding))
        self.weight = Parameter(i, o // groups, *pair(k))

    def along(self, side: int, k: int, s: int, p: int, d: int, added: int = 0) -> int:
        return (side - 1) * s - 2 * p + d * (k - 1) + added + 1


class Pool2d(Module):
    """As a convolution; with ceil_mode up, but a window starts inside the input or its left pad."""

    def __init__(
        self,
        k: Any,
        stride: Any = None,
        padding: Any = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        self.sides = [pair(one) for one in (k, stride or k, padding)]
        self.up = ceil_mode

    def forward(self, x: Tensor) -> Tensor:
        n, c, *sides = x.shape
        return Tensor(n, c, *(self.along(*one) for one in zip(sides, *self.sides, strict=True)))

    def along(self, side: int, k: int, s: int, p: int) -> int:
        assert p <= k / 2
        room = side + 2 * p - k
        if not self.up:
            return room // s + 1
        windows = -(-room // s) + 1
        return windows - ((windows - 1) * s >= side + p)


class Pad(Module):
    def __init__(self, sides: tuple[int, int, int, int], value: float = 0) -> None:
        self.sides = sides

    def forward(self, x: Tensor) -> Tensor:
        n, c, height, width = x.shape
        left, right, top, bottom = self.sides
        return Tensor(n, c, height + top + bottom, width + left + right)


class Linear(Module):
    def __init__(self, i: int, o: int, bias: bool = True) -> None:
        self.inputs, self.units = i, o
        self.weight = Parameter(o, i)
        if bias:
            self.bias = Parameter(o)

    def forward(self, x: Tensor) -> Tensor:
        n, inputs = x.shape
        assert inputs == self.inputs
        return Tensor(n, self.units)


class Norm(Module):
    dimensions = 4

    def __init__(self, depth: int, affine: bool = True) -> None:
        self.depth = depth
        if affine:
            self.weight, self.bias = Parameter(depth), Parameter(depth)

    def forward(self, x: Tensor) -> Tensor:
        assert len(x.shape) == self.dimensions
        assert x.shape[1] == self.depth
        return x


class FlatNorm(Norm):
    dimensions = 2


class GlobalPool(Module):
    def __init__(self, output: int) -> None:
        assert output == 1

    def forward(self, x: Tensor) -> Tensor:
        n, c, _, _ = x.shape
        return Tensor(n, c, 1, 1)


class Upsample(Module):
    def __init__(self, scale_factor: Any) -> None:
        self.factor = pair(scale_factor)

    def forward(self, x: Tensor) -> Tensor:
        n, c, height, width = x.shape
        return Tensor(n, c, height * self.factor[0], width * self.factor[1])


class Flatten(Module):
    def forward(self, x: Tensor) -> Tensor:
        return Tensor(x.shape[0], prod(x.shape[1:]))


class Unflatten(Module):
    def __init__(self, dim: int, sides: tuple[int, ...]) -> None:
        self.sides = sides

    def forward(self, x: Tensor) -> Tensor:
        n, cells = x.shape
        assert prod(self.sides) == cells
        return Tensor(n, *self.sides)


class Same(Module):
    """What changes no shape."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        pass

    def forward(self, x: Tensor) -> Tensor:
        return x


class OfPictures(Same):
    def forward(self, x: Tensor) -> Tensor:
        assert len(x.shape) == 4
        return x


def cat(tensors: list[Tensor], dim: int) -> Tensor:
    (rest,) = {(x.shape[0], *x.shape[2:]) for x in tensors}
    assert dim == 1
    return Tensor(rest[0], sum(x.shape[1] for x in tensors), *rest[1:])


class NoGrad:
    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        pass


SAME = (
    "ReLU ReLU6 LeakyReLU ELU GELU SiLU Hardswish Hardsigmoid Sigmoid Tanh Softmax Identity "
    "Dropout".split()
)


def modules() -> dict[str, ModuleType]:
    """What `import torch` and `from torch import nn` find."""
    torch, nn = ModuleType("torch"), ModuleType("torch.nn")
    nn.__dict__.update(
        dict.fromkeys(SAME, Same)
        | {
            one.__name__: one
            for one in (
                Module,
                Sequential,
                Conv2d,
                ConvTranspose2d,
                Linear,
                Upsample,
                Flatten,
                Unflatten,
            )
        }
        | {
            "MaxPool2d": Pool2d,
            "AvgPool2d": Pool2d,
            "AdaptiveAvgPool2d": GlobalPool,
            "AdaptiveMaxPool2d": GlobalPool,
            "BatchNorm2d": Norm,
            "BatchNorm1d": FlatNorm,
            "LocalResponseNorm": OfPictures,
            "ZeroPad2d": Pad,
            "ConstantPad2d": Pad,
            "functional": SimpleNamespace(),
        }
    )
    torch.__dict__.update(zeros=Tensor, cat=cat, no_grad=NoGrad, nn=nn)
    return {"torch": torch, "torch.nn": nn}
