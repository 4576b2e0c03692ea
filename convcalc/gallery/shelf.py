"""What is in the gallery, and where a network's text comes from."""

from importlib.resources import files

from convcalc.errors import BadRequest
from convcalc.files import network
from convcalc.files.network import Document


def names() -> list[str]:
    """Return the names of all networks, sorted."""
    shelf = files("convcalc.gallery").iterdir()
    return sorted(one.name.removesuffix(".toml") for one in shelf if one.name.endswith(".toml"))


def known(name: str) -> bool:
    """Whether there is a network of a name."""
    return name in names()


def text(name: str) -> str:
    """Return a network as TOML; raise BadRequest where there is none of the name."""
    if not known(name):
        raise BadRequest("SPEC", name, "is not in the gallery", f"give {', '.join(names())}")
    return files("convcalc.gallery").joinpath(f"{name}.toml").read_text(encoding="utf-8")


def get(name: str) -> Document:
    """Return a network of the gallery."""
    return network.read(text(name), name)
