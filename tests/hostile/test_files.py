"""Images and arrays from strangers: each is read as what it is, or refused in one sentence."""

import io
import json
import logging
import os
import pickle
import random
import re
import struct
import subprocess
import sys
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageFile

from convcalc.cli import run

Array = npt.NDArray[Any]

WIDTH, HEIGHT = 11, 7

Image.init()


DARK = r"convcalc: warning: (SOURCE|--image) \S+: .* so the input is nearly black; .*\n"


class Done(NamedTuple):
    """What a command line did."""

    code: int
    out: str
    err: str


Convcalc = Callable[..., Done]


def check(done: Done) -> None:
    """Assert that a command line did its work, or refused it in one sentence."""
    assert done.code in (0, 1, 2), done
    assert "Traceback" not in done.err
    if done.code:
        assert done.out == "", done
        assert done.err.startswith("convcalc: "), done.err
        assert done.err.endswith("\n"), done.err
        assert done.err[:-1].isprintable(), done.err
    else:
        assert done.out
        assert done.err == "" or re.fullmatch(DARK, done.err), done


def refused(done: Done, *needles: str, code: int = 2) -> None:
    """Assert that a command line was refused in one sentence with these words."""
    check(done)
    assert done.code == code, done
    for needle in needles:
        assert needle in done.err, done.err


@contextmanager
def log_as_outside_pytest() -> Iterator[None]:
    """Take pytest's log handlers away: without any, Python writes warnings to stderr."""
    root = logging.getLogger()
    handlers, root.handlers = root.handlers, []
    try:
        yield
    finally:
        root.handlers = handlers


@pytest.fixture
def convcalc(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Convcalc:
    """Run `convcalc` in this process and an empty folder; what C libraries print is seen too."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for depth in (1, 2, 3, 4):
        np.save(f"same{depth}.npy", np.eye(depth)[:, None, None, :])

    def run_once(*arguments: str) -> Done:
        capfd.readouterr()
        with log_as_outside_pytest():
            code = run(list(arguments))
        done = Done(code, *capfd.readouterr())
        check(done)
        assert not list(Path().glob(".convcalc*"))
        return done

    return run_once


def forward(convcalc: Convcalc, source: str | Path, *options: str, depth: int = 3) -> Done:
    """Run the layer that returns its input; its output goes to maps.npy."""
    words = ["--weights", f"same{depth}.npy", "--dtype", "float64", "--format", "json"]
    Path("maps.npy").unlink(missing_ok=True)
    done = convcalc("forward", str(source), *words, "--save", "maps.npy", *options)
    assert Path("maps.npy").exists() == (done.code == 0)
    return done


def maps(convcalc: Convcalc, source: str | Path, *options: str, depth: int = 3) -> Array:
    """Return what the layer was given for an input, through a filter that changes nothing."""
    done = forward(convcalc, source, *options, depth=depth)
    assert done.code == 0, done.err
    return np.asarray(np.load("maps.npy"))


def grey(values: Array, depth: int = 3) -> Array:
    """Return (H, W) values in each of several channels."""
    return np.stack([values] * depth, axis=2)


def assert_same(found: Array, expected: Array) -> None:
    """Assert that arrays are equal to within the last digit of a division."""
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-15)


def noise(*shape: int, seed: int = 0) -> npt.NDArray[np.uint8]:
    """Return random bytes."""
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


# --- every mode in every format


def picture(mode: str) -> Image.Image:
    """Return a random picture in a mode of Pillow's."""
    if mode.startswith("I;16"):
        wide = noise(HEIGHT, WIDTH, 2).view("<u2")[..., 0]
        return Image.frombytes("I;16", (WIDTH, HEIGHT), wide.tobytes()).convert(mode)
    if mode == "I":
        return Image.fromarray(noise(HEIGHT, WIDTH, 4).view("<i4")[..., 0])
    if mode == "F":
        return Image.fromarray((noise(HEIGHT, WIDTH) - 100.0).astype(np.float32))
    colours = Image.fromarray(noise(HEIGHT, WIDTH, 4))
    if mode in ("La", "PA"):
        return colours.convert({"La": "LA", "PA": "P"}[mode]).convert(mode)
    if mode in ("RGBA", "RGBa"):
        return colours.convert(mode)
    return colours.convert("RGB").convert(mode)


def saved(image: Image.Image, format: str, **options: Any) -> bytes:
    """Return an image file."""
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # formats that Pillow will give up
        image.save(file, format, **options)
    return file.getvalue()


MODES = "1 L LA La P PA RGB RGBA RGBa RGBX CMYK YCbCr HSV LAB I I;16 I;16L I;16B F".split()
FORMATS = sorted((set(Image.SAVE) & set(Image.OPEN)) - {"BUFR", "EPS", "GRIB", "HDF5", "WMF"})


def readable(data: bytes) -> bool:
    """Whether Pillow reads a file."""
    try:
        return bool(as_pillow_reads(data, "").size)
    except (OSError, ValueError):
        return False


def as_pillow_reads(data: bytes, format: str) -> Array:
    """Return the picture in a file as Pillow gives it, as values 0 to 1."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            if image.mode.startswith("I;16") or (image.mode, format) == ("I", "PPM"):
                return grey(np.asarray(image) / 65535)
            if image.mode in ("I", "F"):
                values = np.asarray(image, np.float64)
                return grey((values - values.min()) / (values.max() - values.min()))
            return np.asarray(image.convert("RGB")) / 255


@pytest.mark.slow
@pytest.mark.parametrize("format", FORMATS)
def test_every_mode_that_pillow_writes_is_read_as_pillow_reads_it(
    convcalc: Convcalc, format: str
) -> None:
    modes = []
    for mode in MODES if format != "ICNS" else ["RGBA"]:  # whose pictures have a million pixels
        try:
            data = saved(picture(mode), format)
        except (OSError, ValueError, KeyError):
            continue  # Pillow does not write this mode in this format
        modes.append(mode)
        Path("picture").write_bytes(data)
        if not readable(data):  # an older Pillow does not read all that it writes
            assert forward(convcalc, "picture").code == 2
            continue
        expected = as_pillow_reads(data, format)
        np.testing.assert_allclose(maps(convcalc, "picture"), expected, rtol=0, atol=1e-12)
    assert modes


@pytest.mark.parametrize("format", ["BMP", "GIF", "ICO", "PNG", "PPM", "SGI", "TGA", "TIFF"])
def test_what_was_drawn_is_what_is_read(convcalc: Convcalc, format: str) -> None:
    drawn = grey(noise(16, 16)) if format == "GIF" else noise(16, 16, 3)
    image = Image.fromarray(drawn[..., 0] if format == "GIF" else drawn)
    Path("picture").write_bytes(saved(image, format))
    assert_same(maps(convcalc, "picture"), drawn / 255)


def test_a_wrong_ending_misleads_nobody(convcalc: Convcalc) -> None:
    drawn = noise(HEIGHT, WIDTH, 3)
    Path("picture.npy").write_bytes(saved(Image.fromarray(drawn), "PNG"))
    with open("array.jpg", "wb") as file:
        np.save(file, drawn)
    assert_same(maps(convcalc, "picture.npy"), drawn / 255)
    assert_same(maps(convcalc, "array.jpg"), drawn)


@pytest.mark.parametrize(("depth", "mode"), [(1, "L"), (3, "RGB"), (4, "RGBA")])
@pytest.mark.parametrize("drawn", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK"])
def test_an_image_is_given_the_depth_and_size_asked_for(
    convcalc: Convcalc, drawn: str, depth: int, mode: str
) -> None:
    image = picture(drawn)
    Path("picture").write_bytes(saved(image, "TIFF"))
    exact = np.asarray(image.convert(mode)).reshape(HEIGHT, WIDTH, depth)
    asked = f"{WIDTH}x{HEIGHT}x{depth}"
    assert_same(maps(convcalc, "picture", "--input", asked, depth=depth), exact / 255)
    small = np.asarray(image.convert(mode).resize((5, 4), Image.Resampling.LANCZOS))
    found = maps(convcalc, "picture", "--input", f"5x4x{depth}", depth=depth)
    assert_same(found, small.reshape(4, 5, depth) / 255)


def test_a_transparent_palette_gives_its_colours(convcalc: Convcalc) -> None:
    index = noise(HEIGHT, WIDTH) % 4
    image = Image.fromarray(index)
    image.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 99, 199])
    colours = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [9, 99, 199]])
    for transparency in (2, bytes([0, 100, 200, 255])):
        Path("picture").write_bytes(saved(image, "PNG", transparency=transparency))
        assert_same(maps(convcalc, "picture"), colours[index] / 255)


@pytest.mark.parametrize("format", ["GIF", "PNG", "TIFF", "WEBP"])
def test_an_animation_gives_its_first_frame(convcalc: Convcalc, format: str) -> None:
    frames = [Image.fromarray(noise(16, 16, seed=seed) // 128 * 255) for seed in range(4)]
    more = {"save_all": True, "append_images": frames[1:], "duration": 50, "lossless": True}
    more = {key: more[key] for key in more if format != "TIFF" or key != "duration"}
    Path("picture").write_bytes(saved(frames[0], format, **more))
    assert_same(maps(convcalc, "picture"), grey(np.asarray(frames[0])) / 255)


# --- images of more than 8 bits


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG file."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, bits: int, colour: int, rows: bytes, *extra: bytes) -> bytes:
    """Return a PNG file written by hand; `rows` is what is to be deflated."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(extra) + body


def rows_of(pixels: Array) -> bytes:
    """Return rows of a PNG, none of them filtered."""
    return b"".join(b"\0" + row.tobytes() for row in pixels)


def test_a_png_of_16_bits_is_divided_by_65535(convcalc: Convcalc) -> None:
    wide = np.random.default_rng(1).integers(0, 65536, (HEIGHT, WIDTH)).astype(">u2")
    wide[0, :2] = 0, 65535
    Path("wide.png").write_bytes(png(WIDTH, HEIGHT, 16, 0, rows_of(wide)))
    assert_same(maps(convcalc, "wide.png"), grey(wide / 65535))
    one = ["--input", f"{WIDTH}x{HEIGHT}x1"]
    assert_same(maps(convcalc, "wide.png", *one, depth=1), grey(wide / 65535, 1))
    four = maps(convcalc, "wide.png", "--input", f"{WIDTH}x{HEIGHT}x4", depth=4)
    assert_same(four[..., :3], grey(wide / 65535))
    assert_same(four[..., 3], np.ones((HEIGHT, WIDTH)))


def test_a_png_of_16_bits_that_is_small_in_value_stays_dark(convcalc: Convcalc) -> None:
    dark = np.arange(WIDTH * HEIGHT).reshape(HEIGHT, WIDTH).astype(">u2")
    Path("dark.png").write_bytes(png(WIDTH, HEIGHT, 16, 0, rows_of(dark)))
    assert_same(maps(convcalc, "dark.png"), grey(dark / 65535))


def twelve_bit_tiff(values: Array) -> bytes:
    """Return a TIFF of 12 bits, written by hand: (H, W) values of which there is an even number."""
    first, second = values.ravel()[::2], values.ravel()[1::2]
    triples = np.stack([first >> 4, (first & 15) << 4 | second >> 8, second & 255], axis=1)
    data = triples.astype(np.uint8).tobytes()
    (height, width), start = values.shape, 8 + len(data)
    tags = [(256, width), (257, height), (258, 12), (259, 1), (262, 1), (273, 8), (277, 1)]
    tags += [(278, height), (279, len(data))]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return struct.pack("<2sHI", b"II", 42, start) + data + struct.pack("<H", 9) + entries + bytes(4)


def test_the_white_of_a_12_bit_tiff_is_4095(convcalc: Convcalc) -> None:
    values = np.random.default_rng(3).integers(0, 4096, (8, 6))
    values[0, :2] = 0, 4095
    Path("twelve.tif").write_bytes(twelve_bit_tiff(values))
    assert_same(maps(convcalc, "twelve.tif"), grey(values / 4095))
    done = forward(convcalc, "twelve.tif")
    assert done.err == ""
    scale = {"least": 0, "greatest": 4095, "zero": 0, "one": 4095}
    assert json.loads(done.out)["source_scale"] == scale


def ramp(least: int, greatest: int, type: str) -> Array:
    """Return (H, W) values with these ends."""
    return np.linspace(least, greatest, 77).round().reshape(HEIGHT, WIDTH).astype(type)


def in_colours(values: Array, alpha: int = 0) -> Array:
    """Return (H, W, C) values, the same for every colour, and an alpha where one is given."""
    colours = np.stack([values] * 3 + [np.full_like(values, alpha)] * bool(alpha), axis=2)
    return colours.astype(values.dtype)


def pgm(values: Array) -> bytes:
    """Return a PGM file of 16 bits."""
    return f"P5 {WIDTH} {HEIGHT} 65535\n".encode() + values.astype(">u2").tobytes()


def written(values: Array, format: str, **options: Any) -> bytes:
    return saved(Image.fromarray(values), format, **options)


SCALES = {
    "12 bits in a png": (png(WIDTH, HEIGHT, 16, 0, rows_of(ramp(3, 4095, ">u2"))), 3, 4095, 65535),
    "10 bits in a png": (png(WIDTH, HEIGHT, 16, 0, rows_of(ramp(0, 1023, ">u2"))), 0, 1023, 65535),
    "1 of 65535": (png(WIDTH, HEIGHT, 16, 0, rows_of(ramp(0, 1, ">u2"))), 0, 1, 65535),
    "12 bits in a tiff": (written(ramp(9, 4095, "u2"), "TIFF"), 9, 4095, 65535),
    "12 bits, compressed": (
        *(written(ramp(9, 4095, "u2"), "TIFF", compression="tiff_lzw"), 9, 4095, 65535),
    ),
    "12 bits in a pgm": (pgm(ramp(0, 4095, "u2")), 0, 4095, 65535),
    "8 of 12 bits in a tiff": (twelve_bit_tiff(ramp(0, 255, "u2")[:, 1:]), 3, 255, 4095),
    "12 bits in colours": (
        *(png(WIDTH, HEIGHT, 16, 2, rows_of(in_colours(ramp(0, 4095, ">u2")))), 0, 15, 255),
    ),
    "12 bits and alpha": (
        *(png(WIDTH, HEIGHT, 16, 6, rows_of(in_colours(ramp(0, 4095, ">u2"), 65535))), 0, 15, 255),
    ),
    "4 bits in 8": (written(ramp(0, 15, "u1"), "PNG"), 0, 15, 255),
    "4 bits in colours": (written(in_colours(ramp(1, 15, "u1")), "BMP"), 1, 15, 255),
    "floats": (written(ramp(0, 1, "f4") / 32, "TIFF"), 0, 1 / 32, 1),
}
"""Pictures that come out nearly black: the file, its least and greatest value, and its white."""


@pytest.mark.parametrize("name", SCALES)
def test_a_nearly_black_picture_is_told_with_its_range(convcalc: Convcalc, name: str) -> None:
    data, least, greatest, white = SCALES[name]
    Path("dark").write_bytes(data)
    words = ["forward", "dark", "--filter", "2", "--filters", "1"]
    done = convcalc(*words, "--format", "json")
    scale = {"least": least, "greatest": greatest, "zero": 0, "one": white}
    assert json.loads(done.out)["source_scale"] == pytest.approx(scale)
    assert f"SOURCE dark: its values go up to {greatest} where {white} is white" in done.err
    table = convcalc(*words)
    told = f"input: dark, values {least} to {greatest} of 0 to {white}, min "
    assert (told in table.out) == (white != 255)
    assert table.err == done.err


@pytest.mark.parametrize("name", ["12 bits in a tiff", "12 bits and alpha"])
def test_a_nearly_black_picture_is_told_by_every_command_and_in_every_depth(
    convcalc: Convcalc, name: str
) -> None:
    Path("dark").write_bytes(SCALES[name][0])
    layer = ["--filter", "1", "--filters", "1"]
    told = convcalc("forward", "dark", *layer).err
    assert "nearly black" in told
    for depth in (1, 4):
        assert convcalc("forward", "dark", *layer, "--input", f"5x4x{depth}").err == told
    for command in (["forward", "--compare"], ["shift", "--by", "1x1"], ["backward"]):
        assert convcalc(*command, "dark", *layer).err == told
    demo = ["demo", "--image", "dark", *layer, "--stride", "1", "--pad", "0", "--steps"]
    assert convcalc(*demo, "--input", "3x3x1").err == told.replace("SOURCE", "--image")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (png(WIDTH, HEIGHT, 16, 0, rows_of(ramp(0, 4096, ">u2"))), (0, 4096, 0, 65535)),
        (png(WIDTH, HEIGHT, 16, 0, rows_of(ramp(9, 65535, ">u2"))), (9, 65535, 0, 65535)),
        (png(WIDTH, HEIGHT, 16, 0, rows_of(ramp(0, 0, ">u2"))), (0, 0, 0, 65535)),
        (twelve_bit_tiff(ramp(0, 256, "u2")[:, 1:]), (3, 256, 0, 4095)),
        (written(ramp(0, 16, "u1"), "PNG"), (0, 16, 0, 255)),
        (written(ramp(0, 0, "u1"), "PNG"), (0, 0, 0, 255)),
        (written(ramp(-9, 7, "i4"), "TIFF"), (-9, 7, -9, 7)),
        (written(ramp(7, 7, "i4"), "TIFF"), (7, 7, 7, 7)),
        (written(ramp(0, 1, "f4") / 8, "TIFF"), (0, 1 / 8, 0, 1)),
        (written(ramp(-1, 0, "f4"), "TIFF"), (-1, 0, -1, 0)),
    ],
    ids=lambda value: str(value) if isinstance(value, tuple) else "picture",
)
def test_a_picture_that_is_not_black_or_all_black_is_told_without_a_warning(
    convcalc: Convcalc, data: bytes, expected: tuple[float, ...]
) -> None:
    Path("picture").write_bytes(data)
    done = convcalc("forward", "picture", "--filter", "1", "--filters", "1", "--format", "json")
    assert done.err == ""
    assert tuple(json.loads(done.out)["source_scale"].values()) == pytest.approx(expected)


def test_what_is_no_picture_has_no_scale(convcalc: Convcalc) -> None:
    np.save("x.npy", np.full((3, 3, 1), 0.01))
    for words in (["x.npy"], ["--input", "3x3x1", "--seed", "1"]):
        done = convcalc("forward", *words, "--filter", "1", "--filters", "1", "--format", "json")
        assert json.loads(done.out)["source_scale"] is None
        assert done.err == ""


@pytest.mark.parametrize(("colour", "channels"), [(2, 3), (4, 2), (6, 4)])
def test_a_png_of_16_bit_colours_is_read_to_within_8_bits(
    convcalc: Convcalc, colour: int, channels: int
) -> None:
    wide = np.random.default_rng(2).integers(0, 65536, (HEIGHT, WIDTH, channels)).astype(">u2")
    Path("wide.png").write_bytes(png(WIDTH, HEIGHT, 16, colour, rows_of(wide)))
    seen = wide[..., :3] if channels > 2 else grey(wide[..., 0])
    np.testing.assert_allclose(maps(convcalc, "wide.png"), seen / 65535, rtol=0, atol=1 / 255)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.0, 0.25, 1.0], [0.0, 0.25, 1.0]),
        ([0.5, 0.5, 0.75], [0.5, 0.5, 0.75]),
        ([-2.0, 0.0, 2.0], [0.0, 0.5, 1.0]),
        ([0.0, 64.0, 256.0], [0.0, 0.25, 1.0]),
        ([7.0, 7.0, 7.0], [0.0, 0.0, 0.0]),
        ([-3e38, 0.0, 3e38], [0.0, 0.5, 1.0]),
    ],
)
def test_an_image_of_floats_is_kept_or_stretched(
    convcalc: Convcalc, values: list[float], expected: list[float]
) -> None:
    Path("float").write_bytes(saved(Image.fromarray(np.array([values], np.float32)), "TIFF"))
    np.testing.assert_allclose(maps(convcalc, "float")[0, :, 0], expected, rtol=0, atol=1e-7)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 65535, 13107], [0.0, 1.0, 0.2]),
        ([0, 65536, 16384], [0.0, 1.0, 0.25]),
        ([-(2**31), 0, 2**31 - 1], [0.0, 2**31 / (2**32 - 1), 1.0]),
        ([-5, -5, -5], [0.0, 0.0, 0.0]),
    ],
)
def test_an_image_of_32_bits_is_divided_or_stretched(
    convcalc: Convcalc, values: list[int], expected: list[float]
) -> None:
    Path("deep").write_bytes(saved(Image.fromarray(np.array([values], np.int32)), "TIFF"))
    np.testing.assert_allclose(maps(convcalc, "deep")[0, :, 0], expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_an_image_that_is_not_finite_is_refused(convcalc: Convcalc, value: float) -> None:
    values = np.full((3, 3), 0.5, np.float32)
    values[1, 1] = value
    Path("float").write_bytes(saved(Image.fromarray(values), "TIFF"))
    refused(forward(convcalc, "float"), "SOURCE", "float", "NaN or infinity")


# --- upright pictures

UPRIGHT: dict[int, Callable[[Array], Array]] = {
    1: lambda seen: seen,
    2: lambda seen: seen[:, ::-1],
    3: lambda seen: seen[::-1, ::-1],
    4: lambda seen: seen[::-1],
    5: lambda seen: seen.swapaxes(0, 1),
    6: lambda seen: seen[::-1].swapaxes(0, 1),
    7: lambda seen: seen[::-1, ::-1].swapaxes(0, 1),
    8: lambda seen: seen[:, ::-1].swapaxes(0, 1),
}
"""What EXIF's orientations ask for, row 0 of a file being the upright picture's ..."""


def turned(orientation: int) -> Image.Exif:
    """Return EXIF data that say how a picture is to be turned."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


@pytest.mark.slow
@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", UPRIGHT)
def test_a_turned_picture_is_read_upright(
    convcalc: Convcalc, format: str, orientation: int
) -> None:
    drawn = Image.fromarray(noise(HEIGHT, WIDTH, 3))
    options: dict[str, Any] = {"lossless": True} if format == "WEBP" else {}
    lying = np.asarray(Image.open(io.BytesIO(saved(drawn, format, **options))))
    Path("turned").write_bytes(saved(drawn, format, exif=turned(orientation), **options))
    upright = UPRIGHT[orientation](lying)
    assert_same(maps(convcalc, "turned"), upright / 255)
    record = json.loads(forward(convcalc, "turned").out)
    assert (record["input"]["height"], record["input"]["width"]) == upright.shape[:2]


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["1", "L", "P", "I;16", "F"])
def test_a_turned_picture_of_any_mode_is_read_upright(convcalc: Convcalc, mode: str) -> None:
    for orientation, upright in UPRIGHT.items():
        Path("turned").write_bytes(saved(picture(mode), "TIFF", exif=turned(orientation)))
        lying = as_pillow_reads(saved(picture(mode), "TIFF"), "TIFF")
        assert_same(maps(convcalc, "turned"), upright(lying))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF"])
@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_is_none_is_ignored(
    convcalc: Convcalc, format: str, orientation: int
) -> None:
    data = saved(picture("RGB"), format, exif=turned(orientation))
    Path("turned").write_bytes(data)
    lying = as_pillow_reads(saved(picture("RGB"), format), format)
    assert_same(maps(convcalc, "turned"), lying)


@pytest.mark.slow
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_exif_data_that_are_noise_are_survived(convcalc: Convcalc, format: str) -> None:
    for seed in range(20):
        for start in (b"Exif\0\0", b"Exif\0\0II*\0\x08\0\0\0", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff"):
            exif = start + noise(60, seed=seed).tobytes()
            Path("turned").write_bytes(saved(picture("RGB"), format, exif=exif))
            assert forward(convcalc, "turned").code in (0, 2)


def test_an_orientation_in_xmp_is_followed_like_any_viewer(convcalc: Convcalc) -> None:
    drawn = noise(HEIGHT, WIDTH, 3)
    xmp = b'<x:xmpmeta><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    text = chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp)
    Path("turned.png").write_bytes(png(WIDTH, HEIGHT, 8, 2, rows_of(drawn), text))
    assert_same(maps(convcalc, "turned.png"), UPRIGHT[6](drawn) / 255)


@pytest.mark.parametrize("orientation", UPRIGHT)
def test_an_orientation_behind_the_pixels_is_followed_or_refused(
    convcalc: Convcalc, orientation: int
) -> None:
    """A file that is known to lie on its side only once it is read cannot change its volume."""
    drawn = noise(HEIGHT, WIDTH, 3)
    whole = png(WIDTH, HEIGHT, 8, 2, rows_of(drawn))
    exif = chunk(b"eXIf", turned(orientation).tobytes()[6:])
    end = chunk(b"IEND", b"")
    Path("late.png").write_bytes(whole.removesuffix(end) + exif + end)
    if orientation < 5:
        assert_same(maps(convcalc, "late.png"), UPRIGHT[orientation](drawn) / 255)
    else:
        refused(forward(convcalc, "late.png"), "SOURCE", "late.png", "size")


# --- damage


def by_hand() -> dict[str, bytes]:
    """Return small files in formats that Pillow only reads."""
    plane = noise(HEIGHT, WIDTH).tobytes()
    cards = ["SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 2", "NAXIS1  = 11", "NAXIS2  = 7", "END"]
    xpm = [f'"{WIDTH} {HEIGHT} 2 1",', '"a c #ff0000",', '"b c #00ff00",']
    xpm += [f'"{"ab" * 5}a",'] * HEIGHT
    return {
        "psd": b"8BPS\0\1"
        + bytes(6)
        + struct.pack(">HIIHH", 3, HEIGHT, WIDTH, 8, 3)
        + bytes(12)
        + b"\0\0"
        + 3 * plane,
        "fits": "".join(card.ljust(80) for card in cards).ljust(2880).encode() + plane.ljust(2880),
        "xpm": ("/* XPM */\nstatic char *x[] = {\n" + "\n".join(xpm) + "\n};\n").encode(),
        "qoi": b"qoif" + struct.pack(">IIBB", WIDTH, HEIGHT, 3, 0) + b"\xfd\xce" + bytes(7) + b"\1",
        "plain ppm": f"P3 {WIDTH} {HEIGHT} 255\n{' '.join(map(str, plane * 3))}".encode(),
    }


def whole_files() -> dict[str, bytes]:
    """Return a small good file of every kind there is to damage."""
    colours = picture("RGB")
    frames = [Image.fromarray(noise(HEIGHT, WIDTH, seed=seed)) for seed in range(3)]
    animated: dict[str, Any] = {"save_all": True, "append_images": frames[1:]}
    modes = {"BLP": "P", "MSP": "1", "XBM": "1"}
    files = {format: saved(picture(modes.get(format, "RGB")), format) for format in FORMATS}
    files |= {f"animated {f}": saved(frames[0], f, **animated) for f in ("GIF", "PNG", "WEBP")}
    for compression in ("tiff_deflate", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"):
        files[compression] = saved(colours, "TIFF", compression=compression)
    files["group4"] = saved(picture("1"), "TIFF", compression="group4")
    files["progressive"] = saved(colours, "JPEG", progressive=True, exif=turned(6))
    files["run lengths"] = saved(colours, "TGA", compression="tga_rle")
    for mode in ("P", "LA", "RGBA", "I;16"):
        files[f"PNG {mode}"] = saved(picture(mode), "PNG")
    for mode in ("CMYK", "F", "LAB", "PA", "YCbCr"):
        files[f"TIFF {mode}"] = saved(picture(mode), "TIFF", exif=turned(8))
    return {name: data for name, data in (files | by_hand()).items() if readable(data)}


FILES = whole_files()


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_a_whole_file_is_read(convcalc: Convcalc, name: str) -> None:
    Path("whole").write_bytes(FILES[name])
    found = maps(convcalc, "whole")
    assert found.shape == ((WIDTH, HEIGHT, 3) if "turned" in name else found.shape)
    assert (found.min() >= 0, found.max() <= 1) == (True, True)


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_short_is_read_or_refused(convcalc: Convcalc, name: str) -> None:
    whole = FILES[name]
    lengths = sorted({*range(24), *np.linspace(24, len(whole) - 1, 24, dtype=int).tolist()})
    codes = []
    for length in lengths:
        Path("cut").write_bytes(whole[:length])
        codes.append(forward(convcalc, "cut").code)
    assert codes[0] == 2
    assert set(codes) <= {0, 2}


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_a_file_with_wrong_bytes_is_read_or_refused(convcalc: Convcalc, name: str) -> None:
    chance = random.Random(name)
    for _ in range(40):
        data = bytearray(FILES[name])
        head = chance.random() < 0.5  # where most of what can go wrong is written
        for _ in range(chance.choice([1, 1, 2, 8])):
            position = chance.randrange(min(len(data), 64) if head else len(data))
            data[position] = chance.choice([0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)])
        Path("flipped").write_bytes(data)
        done = forward(convcalc, "flipped", "--input", "5x4x3")
        assert done.code in (0, 2) or "memory" in done.err, done
        if not done.code:
            found = np.load("maps.npy")
            assert found.shape == (4, 5, 3)
            assert (found.min() >= 0, found.max() <= 1) == (True, True)


@pytest.mark.slow
def test_noise_behind_a_known_beginning_is_read_or_refused(convcalc: Convcalc) -> None:
    for name, whole in FILES.items():
        for length in (2, 4, 8, 16):
            Path("noise").write_bytes(whole[:length] + noise(300, seed=length).tobytes())
            done = forward(convcalc, "noise", "--input", "5x4x3")
            assert done.code in (0, 2) or "memory" in done.err, name


def test_a_tiff_of_too_many_samples_says_one_thing(convcalc: Convcalc) -> None:
    """Pillow also writes to its log, which Python sends to stderr where nobody listens."""
    data = FILES["TIFF"]
    tag = struct.pack("<HHI", 277, 3, 1)
    assert data.count(tag) == 1
    Path("samples.tif").write_bytes(data.replace(tag + b"\3\0", tag + b"\xff\0"))
    refused(forward(convcalc, "samples.tif"), "SOURCE", "samples.tif")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("text.png", b"once upon a time\n"),
        ("empty.png", b""),
        ("nul.png", bytes(1000)),
        ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
        ("page.html", b"<html><img src='x.png'></html>"),
        ("document.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"),
        ("archive.zip", b"PK\3\4" + bytes(100)),
        ("program", b"\x7fELF" + bytes(100)),
        ("grid.grib", b"GRIB" + bytes(3) + b"\1" + bytes(100)),
        ("data.h5", b"\x89HDF\r\n\x1a\n" + bytes(100)),
        ("film.mpg", b"\0\0\1\xb3" + bytes(100)),
        ("numbers.csv", b"1,2,3\n4,5,6\n"),
    ],
)
def test_what_is_no_picture_is_refused(convcalc: Convcalc, name: str, data: bytes) -> None:
    Path(name).write_bytes(data)
    refused(forward(convcalc, name), "SOURCE", name)
    refused(convcalc("forward", "--weights", name, "--input", "3x3x1"), "--weights", name)
    refused(
        convcalc("forward", "--input", "3x3x1", "--filter", "3", "--filters", "1", "--bias", name),
        *("--bias", name),
    )


def test_an_empty_file_is_called_empty(convcalc: Convcalc) -> None:
    Path("empty.png").touch()
    refused(forward(convcalc, "empty.png"), "SOURCE", "empty.png", "is empty")


def test_memory_that_runs_out_while_reading_is_not_called_damage(
    convcalc: Convcalc, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(image: Image.Image) -> None:
        raise MemoryError

    Path("picture").write_bytes(FILES["PNG"])
    monkeypatch.setattr(ImageFile.ImageFile, "load", fail)
    refused(forward(convcalc, "picture"), "out of memory", code=1)


EPS = b"""%!PS-Adobe-3.0 EPSF-3.0
%%BoundingBox: 0 0 9 9
%%EndComments
0 0 moveto 9 9 lineto stroke
showpage
%%EOF
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["drawing.eps", "drawing.png"])
def test_an_eps_is_refused_and_ghostscript_not_run(convcalc: Convcalc, name: str) -> None:
    """The trap is a `gs` that leaves a mark; Pillow itself is seen to step into it."""
    Path(name).write_bytes(EPS)
    Path("gs").write_text("#!/bin/sh\necho ran > ran\n")
    Path("gs").chmod(0o755)
    environment = os.environ | {"PATH": f"{Path.cwd()}:{os.environ['PATH']}"}
    words = ["forward", name, "--filter", "3", "--filters", "1"]
    program = subprocess.run(
        [sys.executable, "-m", "convcalc", *words], env=environment, capture_output=True, text=True
    )
    refused(Done(program.returncode, program.stdout, program.stderr), "SOURCE", name)
    assert not Path("ran").exists()
    pillow = f"from PIL import Image; Image.open({name!r}).load()"
    subprocess.run([sys.executable, "-c", pillow], env=environment, capture_output=True)
    assert Path("ran").exists()


# --- files that claim or hold too much

LIMIT = 400 * 2**20

BATCH = r"""
import contextlib, io, json, re, resource, sys
from pathlib import Path
if limit := int(sys.argv[1]):
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
from convcalc.cli import run
for words in json.load(sys.stdin):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(words)
    # not getrusage: what that tells begins with the parent's
    largest = int(re.search(r"VmHWM:\s+([0-9]+)", Path("/proc/self/status").read_text())[1]) * 1024
    print(json.dumps([code, out.getvalue(), err.getvalue(), largest]))
"""


def measured(*lines: list[str], limit: int = LIMIT) -> list[tuple[Done, int]]:
    """Run command lines one after the other in one process of limited address space.

    Return what each did, and the most memory (bytes) that the process had taken by then.
    """
    program = subprocess.run(
        [sys.executable, "-c", BATCH, str(limit)],
        input=json.dumps(lines),
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert program.stderr == ""
    outcomes = [json.loads(line) for line in program.stdout.splitlines()]
    assert len(outcomes) == len(lines)
    assert outcomes[-1][3] < LIMIT
    return [(Done(code, out, err), largest) for code, out, err, largest in outcomes]


def within_limit(*lines: list[str]) -> list[Done]:
    """Run command lines in one process that may take LIMIT bytes in all."""
    return [done for done, _ in measured(*lines)]


def patched(data: bytes, position: int, format: str, *values: int) -> bytes:
    """Return a file with other numbers at a position."""
    size = struct.calcsize(format)
    return data[:position] + struct.pack(format, *values) + data[position + size :]


def enormous() -> dict[str, bytes]:
    """Return small files whose headers claim sizes beyond any machine."""
    large, byte, word = 100_000, b"\0", 65535
    huge_png = png(large, large, 8, 2, bytes(1000))
    jpeg = FILES["JPEG"]
    tiff_tags = [(256, 4, large), (257, 4, large), (258, 3, 8), (259, 3, 1), (262, 3, 1)]
    tiff_tags += [(273, 4, 8), (277, 3, 1), (278, 4, large), (279, 4, 1000)]
    tags = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tiff_tags)
    fits = FILES["fits"].replace(b"= 11", b"= 99999999").replace(b"= 7 ", b"= 99999999 ")
    return {
        "png": huge_png,
        "png of 31 bits": png(2**31 - 1, 2**31 - 1, 16, 6, bytes(1000)),
        "thin png": png(2**31 - 1, 1, 8, 2, bytes(1000)),
        "apng": png(large, large, 8, 0, bytes(9), chunk(b"acTL", struct.pack(">II", 2**31, 0))),
        "gif": b"GIF89a"
        + struct.pack("<HHBBB", word, word, 0x80, 0, 0)
        + bytes(6)
        + b","
        + struct.pack("<HHHHB", 0, 0, word, word, 0)
        + b"\2\2\x4c\1\0;",
        "bmp": patched(FILES["BMP"], 18, "<ii", large, large),
        "upside-down bmp": patched(FILES["BMP"], 18, "<ii", large, -large),
        "bmp of 31 bits": patched(FILES["BMP"], 18, "<ii", 2**31 - 1, 2**31 - 1),
        "tiff": b"II*\0\x08\0\0\0" + struct.pack("<H", len(tiff_tags)) + tags + bytes(1000),
        "jpeg": patched(jpeg, jpeg.index(b"\xff\xc0") + 5, ">HH", word, word),
        "ppm": b"P6 99999 99999 255\n" + bytes(1000),
        "ppm of many digits": b"P6 " + b"9" * 5000 + b" 1 255\n" + bytes(1000),
        "tga": patched(FILES["TGA"], 12, "<HH", word, word),
        "webp": patched(FILES["WEBP"], 26, "<HH", 16383, 16383),
        "ico": struct.pack("<HHH", 0, 1, 1)
        + struct.pack("<BBBBHHII", 0, 0, 0, 0, 1, 32, len(huge_png), 22)
        + huge_png,
        "psd": patched(FILES["psd"], 14, ">II", 30000, 30000),
        "qoi": patched(FILES["qoi"], 4, ">II", 2**32 - 1, 2**32 - 1),
        "sgi": patched(FILES["SGI"], 6, ">HH", word, word),
        "pcx": patched(FILES["PCX"], 8, "<HH", word, word),
        "dds": patched(FILES["DDS"], 12, "<II", large, large),
        "xbm": b"#define x_width 99999\n#define x_height 99999\nstatic char x_bits[] = {\n0x00};",
        "xpm": FILES["xpm"].replace(b'"11 7 ', b'"99999 99999 '),
        "fits": fits,
        "icns": patched(FILES["ICNS"], 12, ">I", 2**32 - 1),
        "many ifds": b"II*\0\x08\0\0\0\0\0\x08\0\0\0" + byte * 100,
        "long tag": b"II*\0\x08\0\0\0\1\0" + struct.pack("<HHII", 256, 2, 2**32 - 1, 9) + byte * 99,
    }


@pytest.mark.slow
def test_headers_that_claim_enormous_sizes_are_refused_in_little_memory(tmp_path: Path) -> None:
    lines = []
    for name, data in enormous().items():
        (tmp_path / name).write_bytes(data)
        lines.append(["forward", str(tmp_path / name), "--filter", "1", "--filters", "1"])
        lines.append([*lines[-1], "--input", "5x4x3"])
    for done in within_limit(*lines):
        refused(done, "SOURCE", code=done.code)
        assert done.code == 2 or "memory" in done.err


def test_a_claim_that_is_refused_says_how_large_it_is(convcalc: Convcalc) -> None:
    Path("vast.png").write_bytes(png(9500, 9501, 8, 0, bytes(1000)))
    done = convcalc("forward", "vast.png", "--filter", "1", "--filters", "1")
    refused(done, "SOURCE", "vast.png", f"{Image.MAX_IMAGE_PIXELS:,} pixels", "smaller")


@cache
def burst() -> bytes:
    """Return half a gigabyte of zeros, deflated."""
    deflate = zlib.compressobj(9)
    return b"".join(deflate.compress(bytes(2**20)) for _ in range(512)) + deflate.flush()


@pytest.mark.slow
@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"iCCP"])
def test_a_compressed_text_that_bursts_is_kept_in_little_memory(
    tmp_path: Path, kind: bytes
) -> None:
    start = b"key\0\1\0\0\0" if kind == b"iTXt" else b"key\0\0"
    bomb = chunk(kind, start + burst())
    assert len(bomb) < 2**20
    path = tmp_path / "bomb.png"
    path.write_bytes(png(WIDTH, HEIGHT, 8, 2, rows_of(noise(HEIGHT, WIDTH, 3)), *[bomb] * 3))
    (done,) = within_limit(["forward", str(path), "--filter", "1", "--filters", "1"])
    check(done)
    assert done.code in (0, 2)


@pytest.mark.slow
def test_pixels_that_burst_are_refused_before_they_are_made(tmp_path: Path) -> None:
    """80 million pixels in some kilobytes: allowed by Pillow, too many for this process."""
    small, large = tmp_path / "small.png", tmp_path / "large.png"
    small.write_bytes(png(9, 9, 1, 0, bytes(3 * 9)))
    large.write_bytes(png(9000, 9000, 1, 0, bytes((1 + 9000 // 8) * 9000)))
    assert large.stat().st_size < 20_000
    words = ["--filter", "1", "--filters", "1", "--input", "5x4x3"]
    (read, before), (bomb, after) = measured(*(["forward", str(f), *words] for f in (small, large)))
    check(read)
    assert read.code == 0
    refused(bomb, "needs", "image", "are free", code=1)
    assert after - before < 40 * 10**6


@pytest.mark.slow
def test_an_array_that_is_mostly_a_hole_in_the_disk_is_refused_with_figures(
    tmp_path: Path,
) -> None:
    path = tmp_path / "hole.npy"
    header = npy("{'descr': '|u1', 'fortran_order': False, 'shape': (1048576, 1048576, 4)}")
    path.write_bytes(header)
    os.truncate(path, len(header) + 4 * 2**40)
    words = ["forward", str(path), "--filter", "1", "--filters", "1"]
    (single, _), (double, _) = measured(words, [*words, "--dtype", "float64"], limit=0)
    refused(single, "needs", "17.6 TB", code=1)
    refused(double, "needs", "35.2 TB", code=1)
    (done,) = within_limit(words)
    refused(done, "needs", "17.6 TB", code=1)


# --- arrays


def npy(header: str | bytes, body: bytes = b"", version: tuple[int, int] = (1, 0)) -> bytes:
    """Return an .npy file written by hand."""
    text = header.encode("latin1") if isinstance(header, str) else header
    size = struct.pack("<H" if version == (1, 0) else "<I", len(text) + 1)
    return b"\x93NUMPY" + bytes(version) + size + text + b"\n" + body


BODY = np.arange(60.0).tobytes()
GOOD = "{'descr': '<f8', 'fortran_order': False, 'shape': (4, 5, 3)}"


def described(descr: Any, shape: Any, order: Any = False) -> bytes:
    """Return an .npy file of 60 float64 whose header says something else."""
    return npy(repr({"descr": descr, "fortran_order": order, "shape": shape}), BODY)


HEADERS = {
    "huge": described("<f8", (10**6, 10**6, 3)),
    "beyond 64 bits": described("<f8", (10**30, 4, 3)),
    "product beyond 64 bits": described("<f8", (2**32, 2**32, 1)),
    "one number more than there is": described("<f8", (61, 1, 1)),
    "negative": described("<f8", (-4, 5, 3)),
    "two negatives": described("<f8", (-4, -5, 3)),
    "fractions": described("<f8", (4.0, 5, 3)),
    "booleans": described("<f8", (True, 20, 3)),
    "text": described("<f8", "4, 5, 3"),
    "a list": described("<f8", [4, 5, 3]),
    "none": described("<f8", None),
    "a hundred axes": described("<f8", (1,) * 100),
    "no axes": described("<f8", ()),
    "one axis": described("<f8", (60,)),
    "two axes": described("<f8", (20, 3)),
    "four axes": described("<f8", (2, 2, 5, 3)),
    "an axis of none": described("<f8", (0, 5, 3)),
    "nothing of much": described("<f8", (0, 2**62, 2**62)),
    "objects": described("|O", (4, 5, 3)),
    "fields": described([("a", "<f4"), ("b", "<f4")], (4, 5, 3)),
    "fields with objects": described([("a", "|O")], (4, 5, 3)),
    "fields in fields": described([("a", [("b", [("c", "<f8")])])], (4, 5, 3)),
    "subarrays": described([("a", "<f8", (10**9,))], (4, 5, 3)),
    "a subarray": described(("<f8", (3,)), (4, 5)),
    "a subarray of one": described(("<f8", (1,)), (4, 5, 3)),
    "a subarray beside what is needed": described(("<f8", (2,)), (2, 5, 3)),
    "a subarray of subarrays": described((("<f8", (3,)), (5,)), (4,)),
    "a subarray of fields": described(([("a", "<f8")], (3,)), (4, 5)),
    "a subarray of objects": described(("|O", (3,)), (4, 5)),
    "a subarray in text": described("3<f8", (4, 5)),
    "subarrays in text": described("(5, 3)<f8", (4,)),
    "fields in text": described("<f4, <f4", (4, 5, 3)),
    "numbers that have fields": described(("<i8", [("a", "<i4"), ("b", "<i4")]), (4, 5, 3)),
    "complex": described("<c16", (2, 5, 3)),
    "texts": described("<U2", (4, 5, 3)),
    "bytes": described("|S8", (4, 5, 3)),
    "void": described("|V8", (4, 5, 3)),
    "empty void": described("|V0", (4, 5, 3)),
    "dates": described("<M8[s]", (4, 5, 3)),
    "durations": described("<m8[s]", (4, 5, 3)),
    "unknown type": described("<q9", (4, 5, 3)),
    "a type of no type": described(7, (4, 5, 3)),
    "a type in code": described("__import__('os').abort()", (4, 5, 3)),
    "an order that is none": described("<f8", (4, 5, 3), "perhaps"),
    "no shape": npy("{'descr': '<f8', 'fortran_order': False}", BODY),
    "one key more": npy(GOOD.replace("{", "{'more': 1, "), BODY),
    "no dictionary": npy("[1, 2, 3]", BODY),
    "no literal": npy("__import__('os').abort()", BODY),
    "no text": npy(bytes(range(128, 256)), BODY),
    "no header": npy("", BODY),
    "only a beginning": b"\x93NUMPY",
    "no size": b"\x93NUMPY\1\0",
    "a size beyond the file": npy(GOOD, BODY)[:8] + b"\xff\xff" + npy(GOOD, BODY)[10:],
    "4 GB of header": b"\x93NUMPY\2\0\xff\xff\xff\xff" + GOOD.encode(),
    "version 0": npy(GOOD, BODY, (0, 0)),
    "version 4": npy(GOOD, BODY, (4, 0)),
    "version 255": npy(GOOD, BODY, (255, 255)),
    "10 MB of dictionary": npy(f"{{{', '.join(f'{k}: 0' for k in range(10**6))}}}", BODY, (2, 0)),
    "100 000 parentheses": npy("(" * 100_000 + ")" * 100_000, BODY, (2, 0)),
    "5000 parentheses": npy("(" * 5000 + ")" * 5000, BODY),
    "5000 minuses": npy("-" * 5000 + "1", BODY),
    "5000 digits": npy(GOOD.replace("(4", "(" + "4" * 5000), BODY),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("operand", ["SOURCE", "--weights", "--bias"])
def test_an_array_that_is_not_what_is_needed_is_refused(
    convcalc: Convcalc, name: str, operand: str
) -> None:
    Path("bad.npy").write_bytes(HEADERS[name])
    layer = ["--filter", "2", "--filters", "2"]
    given = {"SOURCE": ["bad.npy"], "--weights": ["--weights", "bad.npy", "--input", "5x4x3"]}
    words = given.get(operand, ["--bias", "bad.npy", "--input", "5x4x3"])
    refused(convcalc("forward", *words, *layer), operand.strip("-"), code=2)


@pytest.mark.parametrize(
    ("words", "shape"),
    [
        ("bad.npy --filter 2 --filters 2", (4, 5, 3)),
        ("--weights bad.npy --input 5x4x3", (2, 2, 2, 3)),
        ("--bias bad.npy --input 5x4x3 --filter 2 --filters 2", (2,)),
        ("--unshared --weights bad.npy --input 3x2x3", (1, 2, 2, 2, 2, 3)),
        ("--unshared --bias bad.npy --input 3x2x3 --filter 2 --filters 2", (1, 2, 2)),
    ],
)
def test_the_axes_of_a_subarray_are_not_the_arrays(
    convcalc: Convcalc, words: str, shape: tuple[int, ...]
) -> None:
    Path("bad.npy").write_bytes(described("<f8", shape))
    assert convcalc("forward", *words.split()).code == 0
    for outer in range(len(shape)):
        for descr in (("<f8", shape[outer:]), f"{shape[outer:]}<f8", (">f8", shape[outer:])):
            for order in (False, True):
                Path("bad.npy").write_bytes(described(descr, shape[:outer], order))
                refused(convcalc("forward", *words.split()), "bad.npy: holds", "not real numbers")


@pytest.mark.slow
@pytest.mark.parametrize("version", [(2, 0), (3, 0)])
def test_a_header_that_is_a_hole_in_the_disk_is_not_read(
    tmp_path: Path, version: tuple[int, int]
) -> None:
    lines = []
    for number, length in enumerate([2**31 - 1, 2**31, 2**32 - 1, 2**29, 20_000]):
        path = tmp_path / f"{number}.npy"
        path.write_bytes(b"\x93NUMPY" + bytes(version) + struct.pack("<I", length) + GOOD.encode())
        os.truncate(path, 5 * 2**30)
        lines.append(["forward", str(path), "--filter", "2", "--filters", "2"])
    for done in within_limit(*lines):
        refused(done, "SOURCE", "damaged")


def test_a_long_header_is_refused_in_a_short_sentence(convcalc: Convcalc) -> None:
    fields = [(f"\x1b[31m{number}", "<f8") for number in range(200)]
    for descr, shape in [(fields, (4, 5, 3)), ("<f8", (1,) * 2000), ("<f8", (10**1000, 4, 3))]:
        Path("long.npy").write_bytes(described(descr, shape))
        done = convcalc("forward", "long.npy", "--filter", "1", "--filters", "1")
        refused(done, "SOURCE", "long.npy")
        assert len(done.err) < 300


@pytest.mark.slow
def test_headers_that_lie_are_refused_in_little_memory(tmp_path: Path) -> None:
    lines = []
    for name, data in HEADERS.items():
        (tmp_path / f"{name}.npy").write_bytes(data)
        lines.append(["forward", str(tmp_path / f"{name}.npy"), "--filter", "2", "--filters", "2"])
    for done in within_limit(*lines):
        refused(done, "SOURCE")


TYPES = ["<f2", ">f2", "<f4", ">f4", "<f8", ">f8", "|b1", "|i1", "|u1", ">i2", "<u2", ">i4", "<u4"]


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("type", [*TYPES, "<i8", ">i8", "<u8", ">u8", np.longdouble])
def test_real_numbers_of_any_type_and_order_are_read(
    convcalc: Convcalc, type: Any, order: Any
) -> None:
    values = np.random.default_rng(3).integers(0, 100, (HEIGHT, WIDTH, 3)).astype(type, order=order)
    np.save("x.npy", values)
    assert_same(maps(convcalc, "x.npy"), values.astype(np.float64))


@pytest.mark.parametrize("type", TYPES)
def test_weights_and_biases_of_any_type_are_read(convcalc: Convcalc, type: str) -> None:
    rng = np.random.default_rng(4)
    x = rng.integers(0, 9, (3, 4, 2)).astype(np.float64)
    weights = rng.integers(0, 2, (5, 1, 1, 2)).astype(type)
    bias = rng.integers(0, 2, 5).astype(type)
    for name, array in {"x": x, "w": np.asfortranarray(weights), "b": bias}.items():
        np.save(f"{name}.npy", array)
    found = maps(convcalc, "x.npy", "--weights", "w.npy", "--bias", "b.npy")
    expected = np.einsum("ijc,kc->ijk", x, weights[:, 0, 0].astype(float)) + bias.astype(float)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_every_version_of_the_format_is_read(convcalc: Convcalc, version: tuple[int, int]) -> None:
    Path("x.npy").write_bytes(npy(GOOD, BODY, version))
    assert_same(maps(convcalc, "x.npy"), np.arange(60.0).reshape(4, 5, 3))


def test_numbers_written_by_python_2_are_read_without_a_warning(convcalc: Convcalc) -> None:
    Path("x.npy").write_bytes(npy(GOOD.replace("(4, 5, 3)", "(4L, 5L, 3L)"), BODY))
    assert_same(maps(convcalc, "x.npy"), np.arange(60.0).reshape(4, 5, 3))


def test_bytes_behind_the_array_are_left_alone(convcalc: Convcalc) -> None:
    Path("x.npy").write_bytes(npy(GOOD, BODY + b"more"))
    assert_same(maps(convcalc, "x.npy"), np.arange(60.0).reshape(4, 5, 3))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["x.npy", "w.npy", "b.npy"])
def test_an_array_cut_short_is_refused(convcalc: Convcalc, name: str) -> None:
    np.save("x.npy", np.ones((3, 4, 2)))
    np.save("w.npy", np.ones((2, 2, 2, 2)))
    np.save("b.npy", np.ones(2))
    words = ["forward", "x.npy", "--weights", "w.npy", "--bias", "b.npy"]
    assert convcalc(*words).code == 0
    whole = Path(name).read_bytes()
    for length in [*range(140), *range(140, len(whole), 7), len(whole) - 1]:
        Path(name).write_bytes(whole[:length])
        refused(convcalc(*words), name)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_an_array_with_wrong_bytes_is_read_or_refused(convcalc: Convcalc, seed: int) -> None:
    whole = npy(GOOD, BODY)
    chance = random.Random(seed)
    for _ in range(200):
        data = bytearray(whole)
        for _ in range(chance.choice([1, 1, 2, 8])):
            data[chance.randrange(chance.choice([80, len(data)]))] = chance.randrange(256)
        Path("flipped.npy").write_bytes(data)
        done = convcalc("forward", "flipped.npy", "--filter", "1", "--filters", "1")
        assert done.code in (0, 1, 2)


class Trap:
    """An object whose pickle writes a file when it is loaded."""

    def __reduce__(self) -> Any:
        return Path.touch, (Path("sprung"),)


@pytest.mark.parametrize("operand", ["SOURCE", "--weights", "--bias"])
@pytest.mark.parametrize("protocol", [0, 2, pickle.HIGHEST_PROTOCOL])
@pytest.mark.parametrize("wrapped", [True, False])
def test_a_pickle_is_refused_and_never_loaded(
    convcalc: Convcalc, operand: str, protocol: int, wrapped: bool
) -> None:
    objects = np.array([[[Trap()]]], dtype=object) if operand == "SOURCE" else Trap()
    data = pickle.dumps(objects, protocol)
    shape = {"SOURCE": (1, 1, 1), "--weights": (1, 1, 1, 1), "--bias": (1,)}[operand]
    header = repr({"descr": "|O", "fortran_order": False, "shape": shape})
    Path("trap.npy").write_bytes(npy(header, data) if wrapped else data)
    source = ["trap.npy"] if operand == "SOURCE" else [operand, "trap.npy", "--input", "3x3x1"]
    done = convcalc("forward", *source, "--filter", "1", "--filters", "1")
    refused(done, operand, "trap.npy")
    assert not Path("sprung").exists()
    pickle.loads(data)
    assert Path("sprung").exists()


def test_an_archive_named_npy_is_refused(convcalc: Convcalc) -> None:
    with open("arrays.npy", "wb") as file:
        np.savez(file, x=np.ones((3, 3, 1)))
    refused(forward(convcalc, "arrays.npy"), "SOURCE", "arrays.npy")
    done = convcalc("forward", "--input", "3x3x1", "--weights", "arrays.npy")
    refused(done, "--weights", "arrays.npy")


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("name", ["x.npy", "w.npy", "b.npy"])
def test_an_array_that_is_not_finite_is_refused_with_the_place(
    convcalc: Convcalc, name: str, value: str, order: Any
) -> None:
    arrays = {"x.npy": np.ones((3, 4, 2)), "w.npy": np.ones((2, 1, 1, 2)), "b.npy": np.ones(2)}
    place = {"x.npy": (2, 1, 0), "w.npy": (1, 0, 0, 1), "b.npy": (1,)}[name]
    arrays[name][place] = float(value)
    for each, array in arrays.items():
        np.save(each, np.asarray(array, order=order))
    done = convcalc("forward", "x.npy", "--weights", "w.npy", "--bias", "b.npy")
    refused(done, name, value, str(place), "finite")


@pytest.mark.parametrize("value", [1e39, -1e300, 1.7e308])
def test_a_number_too_large_for_float32_is_refused_and_float64_takes_it(
    convcalc: Convcalc, value: float
) -> None:
    values = np.zeros((3, 4, 1))
    values[1, 2, 0] = value
    np.save("large.npy", values)
    words = ["forward", "large.npy", "--weights", "same1.npy"]
    refused(convcalc(*words), "SOURCE", "large.npy", f"{value:g}"[:4], "(1, 2, 0)", "float64")
    assert_same(maps(convcalc, "large.npy", depth=1), values)


def test_a_number_too_large_for_float64_is_refused(convcalc: Convcalc) -> None:
    large = np.finfo(np.longdouble).max
    if np.isfinite(float(large)):
        return  # here long doubles are doubles
    np.save("large.npy", np.full((3, 4, 1), large))
    for dtype in ("float32", "float64"):
        done = convcalc("forward", "large.npy", "--weights", "same1.npy", "--dtype", dtype)
        refused(done, "SOURCE", "large.npy", "e+4932 at (0, 0, 0)", f"too large for {dtype}")
        assert ("take float64" in done.err) == (dtype == "float32")


@pytest.mark.parametrize(
    "values", [[1.7e308] * 4, [1.7e308, -1.7e308], [1e300, 0], [5e-324, 0], [3e38, -3e38], [1e-40]]
)
@pytest.mark.parametrize("how", ["--format table", "--format json", "--save maps.png"])
def test_numbers_at_the_ends_of_float64_are_shown_and_drawn(
    convcalc: Convcalc, values: list[float], how: str
) -> None:
    np.save("x.npy", np.array(values * 4).reshape(2, -1, 1))
    words = ["--weights", "same1.npy", "--dtype", "float64", *how.split()]
    done = convcalc("forward", "x.npy", *words)
    assert done.code == 0
    if "json" in how:
        stats = json.loads(done.out)["output_stats"]
        assert (stats["min"], stats["max"]) == (min(values), max(values))
        mean = sum(value / len(values) for value in values)
        np.testing.assert_allclose(stats["mean"], mean, rtol=1e-12, atol=5e-324)
    if "png" in how:
        with Image.open("maps.png") as sheet:
            assert sheet.mode == "L"


def test_an_output_beyond_float64_is_refused(convcalc: Convcalc) -> None:
    np.save("x.npy", np.full((2, 2, 1), 1e200))
    np.save("w.npy", np.full((1, 1, 1, 1), 1e200))
    words = ["forward", "x.npy", "--weights", "w.npy", "--dtype", "float64", "--save", "y.npy"]
    refused(convcalc(*words), "overflows float64", code=1)
    assert not Path("y.npy").exists()


@pytest.mark.parametrize(
    ("weights", "bias", "options", "needles"),
    [
        ((2, 3, 3, 3), (2,), "", ["--weights", "(2, 3, 3, 3)", "(2, 3, 3, 2)"]),
        ((2, 3, 3, 1), (2,), "", ["--weights", "(2, 3, 3, 1)", "(2, 3, 3, 2)"]),
        ((2, 3, 3, 2), (2,), "--groups 2", ["--weights", "(2, 3, 3, 2)", "(2, 3, 3, 1)"]),
        ((2, 3, 3, 2), (2,), "--filters 4", ["--weights", "(2, 3, 3, 2)", "(4, 3, 3, 2)"]),
        ((2, 3, 2, 2), (2,), "--filter 3x2", ["--weights", "(2, 3, 2, 2)", "(2, 2, 3, 2)"]),
        ((2, 3, 3), (2,), "--filter 3 --filters 2", ["--weights", "(2, 3, 3)", "(K, FH, FW,"]),
        ((18,), (2,), "--filter 3 --filters 1", ["--weights", "(18,)", "(K, FH, FW,"]),
        ((2, 9, 9, 2), (2,), "", ["--filter 9"]),
        ((0, 3, 3, 2), (0,), "", ["0"]),
        ((2, 0, 3, 2), (2,), "", ["0"]),
        ((2, 3, 3, 2), (3,), "", ["--bias", "(3,)", "(2,)"]),
        ((2, 3, 3, 2), (2, 1), "", ["--bias", "(2, 1)", "(K,)"]),
        ((2, 3, 3, 2), (), "", ["--bias", "()", "(K,)"]),
        ((2, 3, 3, 2), (2,), "--no-bias", ["--bias", "--no-bias"]),
    ],
)
def test_weights_and_biases_of_a_wrong_shape_are_refused(
    convcalc: Convcalc,
    weights: tuple[int, ...],
    bias: tuple[int, ...],
    options: str,
    needles: list[str],
) -> None:
    for name, shape in {"x": (4, 5, 2), "w": weights, "b": bias}.items():
        np.save(f"{name}.npy", np.ones(shape))
    words = ["--weights", "w.npy", "--bias", "b.npy", *options.split(), "--save", "y.npy"]
    refused(convcalc("forward", "x.npy", *words), *needles)
    assert not Path("y.npy").exists()


def test_a_layer_may_save_over_the_files_it_read(convcalc: Convcalc) -> None:
    values = np.random.default_rng(5).normal(size=(4, 5, 3))
    np.save("x.npy", values)
    words = ["--weights", "same3.npy", "--dtype", "float64"]
    done = convcalc("forward", "x.npy", *words, "--save", "x.npy", "--save", "same3.npy")
    assert done.code == 0
    assert_same(np.load("x.npy"), values)
    assert_same(np.load("same3.npy"), values)
