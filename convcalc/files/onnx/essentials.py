"""A protocol buffer without the large data in it, which is passed over and never read.

A message is a row of fields: a number that says which field and how it ends (its key), then the
field. What ends by its length may be a message in turn. Lengths are rewritten where data in them
is left out. The fields of ONNX are in onnx.proto.
"""

from collections.abc import Mapping
from typing import Any, BinaryIO, NamedTuple

from convcalc.numerals import grouped

MOST_BYTES = 16 * 2**20
"""A model whose description is longer, weights apart, is refused."""

SMALL = 4096
"""Bytes of data or text that are kept: shapes and scales are data, too."""

MOST_DEPTH = 60
"""Messages within messages."""

DROPPED = "dropped"

Fields = Mapping[int, Any]

TENSOR: Fields = dict.fromkeys((4, 5, 6, 7, 9, 10, 11, 12), DROPPED)
SPARSE: Fields = {1: TENSOR, 2: TENSOR}
ATTRIBUTE: dict[int, Any] = {5: TENSOR, 10: TENSOR, 13: DROPPED, 22: SPARSE, 23: SPARSE}
NODE: Fields = {5: ATTRIBUTE, 6: DROPPED}
VALUE: Fields = {3: DROPPED}
GRAPH: Fields = {
    1: NODE,
    5: TENSOR,
    10: DROPPED,
    11: VALUE,
    12: VALUE,
    13: VALUE,
    15: SPARSE,
}
ATTRIBUTE |= {6: GRAPH, 11: GRAPH}
FUNCTION: Fields = {7: NODE, 8: DROPPED}
MODEL: Fields = {6: DROPPED, 7: GRAPH, 25: FUNCTION}
"""Of each message the fields that are messages, and those that are left out where they are large:
the data of tensors, and what documents something."""

NAME, RAW, FLOATS, DOUBLES = 8, 9, 4, 10
"""Fields of a tensor: its name, and data that lies in the file as it lies in memory."""


class Malformed(Exception):
    """A file that is no protocol buffer, or too much of one; says how."""


class Span(NamedTuple):
    """Where a tensor's data is in a file."""

    start: int
    length: int


class Essentials:
    """What is left of a model, as bytes, and where the data of tensors is, by their names."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._kept = 0
        self.spans: dict[str, Span] = {}
        self.bytes = bytes(self._message(0, size, MODEL, 0))

    def _message(self, start: int, stop: int, fields: Fields, depth: int) -> bytearray:
        """Return a message with what is needed of it; `fields` says what is in it."""
        if depth > MOST_DEPTH:
            raise Malformed(f"has messages more than {MOST_DEPTH} deep")
        found, at, name, span = bytearray(), start, None, None
        while at < stop:
            key, head = self._varint(at, stop)
            number, form = key >> 3, key & 7
            if form == 2:
                length, more = self._varint(at + len(head), stop)
                body = at + len(head) + len(more)
                if body + length > stop:
                    raise Malformed("ends too early")
                at = body + length
                inner = fields.get(number)
                if length > SMALL and inner == DROPPED:
                    if fields is TENSOR and number in (RAW, FLOATS, DOUBLES):
                        span = Span(body, length)
                    continue
                if length > SMALL and inner is not None:
                    message = self._message(body, body + length, inner, depth + 1)
                    found += head + varint(len(message)) + message
                else:
                    data = self._read(body, length)
                    if fields is TENSOR and number == NAME:
                        name = data
                    found += head + more + data
            else:
                rest = {0: None, 1: 8, 5: 4}.get(form, 0)
                if rest == 0 or not number:
                    raise Malformed("is no protocol buffer")
                at += len(head)
                body_bytes = (
                    self._varint(at, stop)[1]
                    if rest is None
                    else self._read(at, min(rest, stop - at))
                )
                at += len(body_bytes)
                found += head + body_bytes
        if name is not None and span is not None:
            self.spans[name.decode("utf-8", "replace")] = span
        return found

    def _read(self, start: int, length: int) -> bytes:
        self._kept += length
        if self._kept > MOST_BYTES:
            raise Malformed(f"has more than {grouped(MOST_BYTES)} bytes besides its weights")
        self._file.seek(start)
        found = self._file.read(length)
        if len(found) < length:
            raise Malformed("ends too early")
        return found

    def _varint(self, start: int, stop: int) -> tuple[int, bytes]:
        """Return a number and its bytes: seven bits each, the last one without the eighth."""
        self._file.seek(start)
        data = self._file.read(min(10, stop - start))
        value = 0
        for place, byte in enumerate(data):
            value |= (byte & 127) << 7 * place
            if byte < 128:
                return value, data[: place + 1]
        raise Malformed("ends too early" if len(data) < 10 else "is no protocol buffer")


def varint(value: int) -> bytes:
    """Return a number as bytes, seven bits each.

    >>> varint(300)
    b'\\xac\\x02'
    """
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    found.append(value)
    return bytes(found)
