"""Files' bytes, in a message or in one pack file that the page fetches from the server."""

import os

from . import directories, hashing, scanning

_CHUNK = 1 << 20


def read_all(root, wanted):
    """For each [path, start, length] a status, and the bytes of all that could be read, one after the other."""
    results = []
    total = bytearray()
    for path, start, length in wanted:
        kept = len(total)
        result = _read(root, path, start, length, total.extend)
        if result[0] != "file":
            del total[kept:]
        results.append(result)
    return results, total


def pack_all(root, wanted, target):
    """The same into an open file."""
    results = []
    for path, start, length in wanted:
        kept = target.tell()
        result = _read(root, path, start, length, target.write)
        if result[0] != "file":
            target.seek(kept)
            target.truncate()
        results.append(result)
    return results


def _read(root, path, start, length, take):
    try:
        directory, name = root.parent(path)
        descriptor, before = hashing.open_file(directory, name)
    except (FileNotFoundError, NotADirectoryError, hashing.NoFile):
        return ["gone"]
    except directories.Outside:
        return ["failed", "EINVAL", "no path of a project"]
    except OSError as error:
        return scanning.failed(error)
    try:
        if start:
            os.lseek(descriptor, start, os.SEEK_SET)
        left = length
        while left > 0:
            chunk = os.read(descriptor, min(_CHUNK, left))
            if not chunk:
                return ["changed"]
            left -= len(chunk)
            take(chunk)
        after = os.fstat(descriptor)
    except OSError as error:
        return scanning.failed(error)
    finally:
        os.close(descriptor)
    if hashing.signature_of(before) != hashing.signature_of(after):
        return ["changed"]
    return ["file"] + scanning.describe(after)


class Packs:
    """Pack files in a folder that the server shows. Each goes when it was fetched, or when the next program starts."""

    PREFIX = "helper-pack-"

    def __init__(self, folder, own):
        self._folder = folder
        self._own = self.PREFIX + own
        self._number = 0
        for name in os.listdir(folder):
            if name.startswith(self.PREFIX) and name.endswith(".bin"):
                self._remove(name, old=not name.startswith(self._own))

    def make(self, fill):
        """Fills a new pack; its name, and what `fill` gave."""
        self._number += 1
        name = "%s-%d.bin" % (self._own, self._number)
        path = os.path.join(self._folder, name)
        try:
            with open(path, "xb") as target:
                return name, fill(target)
        except BaseException:
            self._remove(name)
            raise

    def remove(self, name):
        if name.startswith(self._own + "-") and "/" not in name and os.sep not in name:
            self._remove(name)

    def _remove(self, name, old=False):
        path = os.path.join(self._folder, name)
        try:
            if not old or hashing.now() - os.stat(path).st_mtime * 1000 > 600 * 1000:
                os.unlink(path)
        except OSError:
            pass
