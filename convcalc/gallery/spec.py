"""What SPEC stands for: a name of the gallery, a file, or layers in one line."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from convcalc.errors import LONGEST, BadRequest, alternatives
from convcalc.files.network import MOST_BYTES, Document, decoded, load
from convcalc.gallery import shelf
from convcalc.layer.notation import parse

if TYPE_CHECKING:
    from convcalc.files.onnx.load import Model

STDIN = "-"


def find(spec: str | None) -> "Document | Model":
    """Return the network a SPEC stands for, in this order: gallery, file, line of layers.

    Raises BadRequest where it stands for none.
    """
    if spec is None:
        files = "a TOML or .onnx file"
        remedy = f"give {alternatives(shelf.names())}, {files}, or layers such as conv3-8, fc-9"
        raise BadRequest("SPEC", None, "is missing", remedy)
    name = spec.strip().lower()
    if shelf.known(name):
        return shelf.get(name)
    if spec == STDIN:
        return decoded(sys.stdin.buffer.read(MOST_BYTES + 1), "network", STDIN)
    if spec.lower().endswith(".onnx"):
        from convcalc.files.onnx.load import load as load_onnx

        return load_onnx(Path(spec))
    if spec.lower().endswith(".toml") or _is_file(spec):
        return load(Path(spec))
    try:
        return Document("network", None, parse(spec), {})
    except BadRequest as error:
        from difflib import get_close_matches

        near = get_close_matches(name[:LONGEST], shelf.names(), 3)
        if not near:
            raise
        problem = "is no network of the gallery, no file and no line of layers"
        raise BadRequest(
            "SPEC", spec, problem, f"the nearest in the gallery: {', '.join(near)}"
        ) from error


def _is_file(spec: str) -> bool:
    try:
        return Path(spec).is_file()
    except (OSError, ValueError):  # too long for a name, or with a zero byte
        return False
