"""What is in the gallery, and where a network's text comes from."""

from pathlib import Path

from convcalc.errors import BadRequest
from convcalc.files.network import Document, read

SHELF = Path(__file__).parent


def names() -> list[str]:
    """Return the names of all networks, sorted."""
    return sorted(path.stem for path in SHELF.glob("*.toml"))


def known(name: str) -> bool:
    """Whether there is a network of a name."""
    return name in names()


def text(name: str) -> str:
    """Return a network as TOML; raise BadRequest where there is none of the name."""
    if not known(name):
        raise BadRequest("SPEC", name, "is not in the gallery", f"give {', '.join(names())}")
    return (SHELF / f"{name}.toml").read_text(encoding="utf-8")


def get(name: str) -> Document:
    """Return a network of the gallery."""
    return read(text(name), name)._replace(where=name)
