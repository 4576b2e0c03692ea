"""What SPEC stands for: a name of the gallery, a file, or layers in one line."""

import sys
from pathlib import Path

from convcalc.errors import LONGEST, BadRequest, alternatives
from convcalc.files.network import MOST_BYTES, Document, decoded, load
from convcalc.gallery import shelf
from convcalc.layer.notation import parse

ENDINGS = (".toml", ".onnx")
STDIN = "-"


def find(spec: str | None) -> Document:
    """Return the network a SPEC stands for, in this order: gallery, file, line of layers.

    Raises BadRequest where it stands for none.
    """
    if spec is None:
        remedy = f"give {alternatives(shelf.names())}, a TOML file, or layers such as conv3-8, fc-9"
        raise BadRequest("SPEC", None, "is missing", remedy)
    name = spec.strip().lower()
    if shelf.known(name):
        return shelf.get(name)
    if spec == STDIN:
        return decoded(sys.stdin.buffer.read(MOST_BYTES + 1), "network", STDIN)
    if spec.lower().endswith(ENDINGS) or _is_file(spec):
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
