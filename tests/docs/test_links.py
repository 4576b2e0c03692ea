"""Links lead somewhere, in the tree and from a package index; nothing is left undocumented."""

import re
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import click
import pytest

from convcalc.cli import COMMANDS, program

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = sorted((ROOT / "docs").glob("*.md"))
URLS: dict[str, str] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]
SOURCE = URLS["Source"]
RAW = SOURCE.replace("https://github.com", "https://raw.githubusercontent.com") + "/main/"
AWAY = (f"{SOURCE}/issues",)
"""Addresses that the repository's host answers, and no file."""

STANDARDS = ("keepachangelog.com", "semver.org")

LINK = re.compile(r"\]\(([^)\s]+)\)|<(?:img|a) [^>]*(?:src|href)=\"([^\"]+)\"")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def links(text: str) -> list[str]:
    """The targets of a page's links and pictures, code left out."""
    return [found[1] or found[2] for found in LINK.finditer(FENCED.sub("", text))]


def in_the_tree(url: str) -> Path:
    """The file or folder that an absolute address of the repository shows."""
    for base in (RAW, f"{SOURCE}/blob/main/", f"{SOURCE}/tree/main/"):
        if url.startswith(base):
            return ROOT / url.removeprefix(base).partition("#")[0]
    raise AssertionError(f"{url} is not in this repository")


def anchors(text: str) -> set[str]:
    """The fragments of a page's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.*)$", FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def check(target: Path, link: str) -> None:
    assert target.exists(), f"{link} leads nowhere"
    if fragment := urlsplit(link).fragment:
        assert fragment in anchors(target.read_text(encoding="utf-8")), link


def test_the_readme_works_without_the_repository_around_it() -> None:
    found = links(README.read_text(encoding="utf-8"))
    assert any(link.startswith(RAW) for link in found), "no picture"
    for link in found:
        check(in_the_tree(link), link)


def test_the_projects_addresses_show_what_is_there() -> None:
    for name, url in URLS.items():
        if url != SOURCE and url not in AWAY:
            check(in_the_tree(url), f"{name}: {url}")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for link in links(page.read_text(encoding="utf-8")):
        if urlsplit(link).netloc in STANDARDS:
            continue
        address, _, _ = link.partition("#")
        check(page.parent / address if address else page, link)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("[a](https://github.com/convcalc/convcalc/blob/main/docs/none.md)", "nowhere"),
        ("[a](https://github.com/convcalc/other/blob/main/README.md)", "not in this repository"),
        ("[a](docs/cli.md)", "not in this repository"),
        (f'<img width="9" src="{RAW}docs/none.gif">', "nowhere"),
        (f"[a]({SOURCE}/blob/main/docs/cli.md#none)", "#none"),
    ],
)
def test_a_link_that_does_not_work_is_noticed(text: str, wrong: str) -> None:
    [link] = links(text)
    with pytest.raises(AssertionError, match=wrong):
        check(in_the_tree(link), link)


def test_every_page_is_in_the_index() -> None:
    index = ROOT / "docs" / "README.md"
    listed = links(index.read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(page.name for page in PAGES if page != index)


def test_the_readme_links_the_index_and_each_command() -> None:
    found = links(README.read_text(encoding="utf-8"))
    page = f"{SOURCE}/blob/main/docs/commands.md"
    assert f"{SOURCE}/blob/main/docs/README.md" in found
    assert [link for link in found if link.startswith(f"{page}#")] == [
        f"{page}#convcalc-{name}" for name in COMMANDS
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_shown_and_every_option_has_help(name: str) -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    [section] = re.findall(rf"^## convcalc {name}$(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    assert re.search(rf"^\$ (\w+=\S+ )*convcalc {name}\b", section, re.MULTILINE)
    command = program.get_command(click.Context(program), name)
    assert command
    assert command.help
    assert "Example" in command.help
    for option in command.params:
        assert isinstance(option, click.Argument) or getattr(option, "help", None), option.name
