"""What the keys of a demo do: from one step to another."""

from typing import NamedTuple

from rich.text import Text

from convcalc.arithmetic.walk.steps import Mode, Walk
from convcalc.present.player.step import step_lines, wrapped
from convcalc.present.player.terminal import END_OF_INPUT, Terminal

BEAT = 1.0
"""Seconds a step stands while playing."""

RIGHT, LEFT = ("\x1b[C", "\x1bOC"), ("\x1b[D", "\x1bOD")
ENTER, ERASE, ESCAPE = ("\r", "\n"), ("\x7f", "\b"), "\x1b"
MOST_DIGITS = 6


class Player(NamedTuple):
    """Where the demo stands, and whether it goes on by itself.

    `typed` holds the digits of a jump while they are typed, and is None otherwise.
    """

    walk: Walk
    mode: Mode
    step: int = 0
    playing: bool = False
    typed: str | None = None
    over: bool = False

    def press(self, key: str) -> "Player":
        """Return the player after a key."""
        if self.typed is not None:
            return self._type(self.typed, key)
        stopped = self._replace(playing=False)
        if key in ("n", *RIGHT, *ENTER):
            return stopped.to(self.step + 1)
        if key in ("p", *LEFT, *ERASE):
            return stopped.to(self.step - 1)
        if key == "f":
            return self.to((self.step + self.walk.positions) % len(self.walk))
        if key == " ":
            again = self.to(0) if self.at_end and not self.playing else self
            return again._replace(playing=not self.playing)
        if key == "j":
            return stopped._replace(typed="")
        if key == "u":
            return self._replace(mode=self.mode._replace(shared=not self.mode.shared))
        if key == "g":
            return self._replace(mode=self.mode._replace(gradient=not self.mode.gradient))
        return self._replace(over=key in ("q", END_OF_INPUT))

    @property
    def at_end(self) -> bool:
        """Whether there is no further step."""
        return self.step == len(self.walk) - 1

    def to(self, step: int) -> "Player":
        """Return the player at a step, or at the nearest there is."""
        return self._replace(step=max(0, min(step, len(self.walk) - 1)))

    def tick(self) -> "Player":
        """Return the player after one beat of playing; it stops at the end."""
        further = self.to(self.step + 1)
        return further._replace(playing=not further.at_end)

    def _type(self, typed: str, key: str) -> "Player":
        if key in ENTER:
            return (self.to(int(typed) - 1) if typed else self)._replace(typed=None)
        if key == ESCAPE:
            return self._replace(typed=None)
        if key in ERASE:
            return self._replace(typed=typed[:-1])
        if key in tuple("0123456789") and len(typed) < MOST_DIGITS:
            return self._replace(typed=typed + key)
        return self

    @property
    def prompt(self) -> str:
        """The last line of the screen: the keys, or what is being typed."""
        if self.typed is not None:
            return f"jump to step (1 to {len(self.walk)}), then Enter: {self.typed}_"
        play = "pause" if self.playing else "play"
        other = self.mode._replace(shared=not self.mode.shared, gradient=not self.mode.gradient)
        return (
            f"n next, p back, f filter, space {play}, j jump, "
            f"u {other.sharing}, g {other.direction}, q quit"
        )


def perform(player: Player, terminal: Terminal) -> None:
    """Draw the player's steps and obey the keys until the demo is over."""
    while not player.over:
        if not terminal.has_keys:
            terminal.draw(screen_lines(player, *terminal.size))
        key = terminal.key(BEAT if player.playing else None)
        if key is None:
            player = player.tick()
        elif key:
            player = player.press(key)


def screen_lines(player: Player, width: int, height: int) -> list[Text]:
    """Return a screen: the step from the top, the keys at the bottom."""
    state = player.walk.state(player.step, player.mode)
    keys = wrapped(player.prompt, width, "dim")
    room = max(height - len(keys), 1)
    drawn = step_lines(state, width, room)
    return [*drawn, *([Text()] * (room - len(drawn))), *keys][:height]
