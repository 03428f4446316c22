"""How messages look: a small dictionary, and binary buffers of which the first may hold more of it, compressed."""

import json
import zlib

# What is longer goes into a buffer; bytes.
_INLINE = 1024


def pack(value):
    """JSON in ASCII, so that a name that is no Unicode passes; compressed for speed, not size."""
    return zlib.compress(json.dumps(value, separators=(",", ":")).encode("ascii"), 1)


def unpack(buffer):
    return json.loads(zlib.decompress(bytes(buffer)).decode("utf-8", "surrogatepass"))


def arguments_of(data, buffers):
    """The arguments of a request, and its other buffers."""
    if data.get("packed"):
        return unpack(buffers[0]), list(buffers[1:])
    return data.get("args") or {}, list(buffers)


def reply(identifier, result, buffers=(), packed=None):
    """The dictionary and the buffers of a reply. `packed`: the result, already packed."""
    data = {"id": identifier}
    if packed is None:
        text = json.dumps(result, separators=(",", ":"))
        if len(text) <= _INLINE:
            data["result"] = result
            return data, list(buffers)
        packed = zlib.compress(text.encode("ascii"), 1)
    data["packed"] = True
    return data, [packed] + list(buffers)


def failure(identifier, code, message):
    return {"id": identifier, "error": code, "message": message}, []
