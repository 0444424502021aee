"""The framers of row 16, both ways. `none` is the row's point: everything runs together."""

import re
import struct

from wire import Deviation

_lengths = {"u8": ">B", "u16": ">H", "u32": ">I", "u16le": "<H", "u32le": "<I"}
_delimiters = {"lf": b"\n", "crlf": b"\r\n", "nul": b"\0"}

KINDS = ["none", *_delimiters, *_lengths, "varint", "netstring"]


def encode(kind, text):
    if kind in _delimiters:
        return text + _delimiters[kind]
    if kind in _lengths:
        return struct.pack(_lengths[kind], len(text)) + text
    if kind == "varint":
        return _varint(len(text)) + text
    if kind == "netstring":
        return b"%d:%s," % (len(text), text)
    return text


def decode(kind, data):
    """The messages in `data`, which must end where a frame ends."""
    while data:
        start, size, tail = _frame(kind, data)
        if start + size + len(tail) > len(data) or not data[start + size :].startswith(tail):
            raise Deviation(f"{kind}: a frame of {size} bytes does not end where it should")
        yield data[start : start + size]
        data = data[start + size + len(tail) :]


def _frame(kind, data):
    """Where the first message starts, how long it is, what must follow it."""
    try:
        if kind in _delimiters:
            return 0, data.index(_delimiters[kind]), _delimiters[kind]
        if kind in _lengths:
            return struct.calcsize(_lengths[kind]), struct.unpack_from(_lengths[kind], data)[0], b""
        if kind == "varint":
            last = next(i for i, byte in enumerate(data) if byte < 0x80)
            return last + 1, sum((byte & 0x7F) << 7 * i for i, byte in enumerate(data[: last + 1])), b""
        if kind == "netstring":
            head = re.match(rb"(0|[1-9]\d*):", data)
            return head.end(), int(head[1]), b","
    except (ValueError, struct.error, StopIteration, TypeError, AttributeError):
        raise Deviation(f"{kind}: no frame at '{data[:20]!r}'") from None
    return 0, len(data), b""


def _varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
