"""What SPEC stands for: a name of the gallery, a file, or layers in one line."""

from difflib import get_close_matches
from pathlib import Path

from convcalc.errors import BadRequest
from convcalc.files import network
from convcalc.files.network import Document
from convcalc.gallery import shelf
from convcalc.layer.notation import parse

ENDINGS = (".toml", ".onnx")


def find(spec: str) -> Document:
    """Return the network a SPEC stands for, in this order: gallery, file, line of layers.

    Raises BadRequest where it stands for none.
    """
    name = spec.strip().lower()
    if shelf.known(name):
        return shelf.get(name)
    if spec.lower().endswith(ENDINGS) or Path(spec).is_file():
        return network.load(Path(spec))
    try:
        return Document("network", None, parse(spec), {})
    except BadRequest as error:
        near = get_close_matches(name, shelf.names(), 3)
        if not near:
            raise
        problem = "is no network of the gallery, no file and no line of layers"
        remedy = f"the nearest in the gallery: {', '.join(near)}"
        raise BadRequest("SPEC", spec, problem, remedy) from error
