"""What a file holds: its sum, taken while it did not change, and remembered by its status."""

import hashlib
import os
import struct
import threading
import time
from collections import OrderedDict

from . import directories

_CHUNK = 1 << 20
_TRIES = 3
# A time stamp this close to the look vouches for nothing: the clock of a file system may tick that slowly. In ms.
_RACY = 2000


class Changing(Exception):
    """The file kept changing while it was read."""


class NoFile(Exception):
    """Something else than a file has the name."""


def signature_of(status):
    """What differs whenever a file was written or replaced."""
    return (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def now():
    """In ms since the epoch."""
    return int(time.time() * 1000)


def open_file(directory, name):
    """An open regular file and its status; never waits for a pipe's other end."""
    descriptor = directory.open(name, directories.READ)
    try:
        status = os.fstat(descriptor)
        if directories.kind_of(status) != "f":
            raise NoFile(name)
        return descriptor, status
    except BaseException:
        os.close(descriptor)
        raise


def hash_file(directory, name):
    """(status, lower-case hex of the sha256, the moment in ms before the look)."""
    for _ in range(_TRIES):
        seen_at = now()
        descriptor, before = open_file(directory, name)
        try:
            total = _hash(descriptor, before.st_size)
            after = os.fstat(descriptor)
        finally:
            os.close(descriptor)
        if total is not None and signature_of(before) == signature_of(after):
            return after, total, seen_at
    raise Changing(name)


def _hash(descriptor, size):
    digest = hashlib.sha256()
    length = 0
    while True:
        chunk = os.read(descriptor, _CHUNK)
        if not chunk:
            break
        length += len(chunk)
        if length > size:
            return None
        digest.update(chunk)
    return digest.hexdigest() if length == size else None


class Cache:
    """Sums by root, path and status. Bounded: those that were not asked for the longest go first."""

    # Size, both times, inode, the sum, and when it was seen.
    _FORM = struct.Struct("<qqqQ32sq")

    def __init__(self, limit=40000):
        self._limit = limit
        self._sums = OrderedDict()
        self._lock = threading.Lock()

    def get(self, root, path, status):
        """(hex, seen at), or None where nothing vouches for the content."""
        key = root + "//" + path
        with self._lock:
            packed = self._sums.get(key)
            if packed is None:
                return None
            self._sums.move_to_end(key)
        known = self._FORM.unpack(packed)
        return (known[4].hex(), known[5]) if known[:4] == signature_of(status) else None

    def put(self, root, path, status, total, seen_at):
        if min(abs(seen_at - each // 1000000) for each in (status.st_mtime_ns, status.st_ctime_ns)) < _RACY:
            return
        try:
            packed = self._FORM.pack(*signature_of(status), bytes.fromhex(total), seen_at)
        except struct.error:
            # A time or an inode out of range: such a file is hashed each time.
            return
        key = root + "//" + path
        with self._lock:
            self._sums[key] = packed
            self._sums.move_to_end(key)
            while len(self._sums) > self._limit:
                self._sums.popitem(last=False)
