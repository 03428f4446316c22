"""Changes below folders, as Linux tells them."""

import ctypes
import ctypes.util
import os
import select
import struct
import sys
import threading

_MODIFY, _CLOSE_WRITE = 0x2, 0x8
_MOVED_FROM, _MOVED_TO, _CREATE, _DELETE, _DELETE_SELF, _MOVE_SELF = 0x40, 0x80, 0x100, 0x200, 0x400, 0x800
_OVERFLOW, _IGNORED, _IS_DIRECTORY = 0x4000, 0x8000, 0x40000000
_ONLY_DIRECTORY, _DO_NOT_FOLLOW, _EXCLUDE_UNLINKED = 0x1000000, 0x2000000, 0x4000000
_MASK = (
    _MODIFY
    | _CLOSE_WRITE
    | _MOVED_FROM
    | _MOVED_TO
    | _CREATE
    | _DELETE
    | _DELETE_SELF
    | _MOVE_SELF
    | _ONLY_DIRECTORY
    | _DO_NOT_FOLLOW
    | _EXCLUDE_UNLINKED
)
_HEAD = struct.Struct("iIII")


def is_available():
    return sys.platform.startswith("linux")


class Inotify:
    """Watches whole trees. `tell(key, path)` is called for each change, with None for "anything"."""

    def __init__(self, tell):
        self._tell = tell
        self._library = ctypes.CDLL(None, use_errno=True)
        self._descriptor = self._library.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._descriptor < 0:
            raise OSError(ctypes.get_errno(), "inotify is not to be had")
        self._lock = threading.RLock()
        # Watch to (key, path below its root), and back.
        self._places = {}
        self._watches = {}
        self._trees = {}
        # Roots that went, or have another path now.
        self.gone = set()
        self._end, self._ending = os.pipe()
        threading.Thread(target=self._run, name="projects-helper-inotify", daemon=True).start()

    def add(self, key, tree):
        """Watches `tree` (see watching.Tree). OSError where the system has no more watches."""
        with self._lock:
            self._trees[key] = tree
            self.gone.discard(key)
            try:
                self._watch(key, "")
            except OSError:
                self.remove(key)
                raise

    def remove(self, key):
        with self._lock:
            self._trees.pop(key, None)
            for place in [place for place in self._watches if place[0] == key]:
                self._unwatch(place)

    def close(self):
        os.close(self._ending)

    def _watch(self, key, path):
        tree = self._trees[key]
        waiting = [path]
        while waiting:
            path = waiting.pop()
            full = os.fsencode(tree.full(path))
            watch = self._library.inotify_add_watch(self._descriptor, full, _MASK)
            if watch < 0:
                code = ctypes.get_errno()
                if path != "" and code in (2, 13, 20, 40):
                    continue
                raise OSError(code, os.strerror(code))
            former = self._places.get(watch)
            if former is not None:
                self._watches.pop(former, None)
            self._places[watch] = (key, path)
            self._watches[(key, path)] = watch
            try:
                with os.scandir(full) as found:
                    for entry in found:
                        name = os.fsdecode(entry.name)
                        if entry.is_dir(follow_symlinks=False) and tree.sees(name):
                            waiting.append(path + "/" + name if path else name)
            except OSError:
                pass

    def _unwatch(self, place):
        watch = self._watches.pop(place, None)
        if watch is not None:
            self._places.pop(watch, None)
            self._library.inotify_rm_watch(self._descriptor, watch)

    def _unwatch_below(self, key, path):
        for place in [each for each in self._watches if each[0] == key]:
            if place[1] == path or place[1].startswith(path + "/"):
                self._unwatch(place)

    def _run(self):
        while True:
            ready, _, _ = select.select([self._descriptor, self._end], [], [])
            if self._end in ready:
                break
            try:
                data = os.read(self._descriptor, 1 << 16)
            except BlockingIOError:
                continue
            except OSError:
                break
            with self._lock:
                self._take(data)
        os.close(self._descriptor)
        os.close(self._end)

    def _take(self, data):
        start = 0
        while start + _HEAD.size <= len(data):
            watch, mask, _, length = _HEAD.unpack_from(data, start)
            start += _HEAD.size
            name = os.fsdecode(data[start : start + length].rstrip(b"\0"))
            start += length
            if mask & _OVERFLOW:
                for key in list(self._trees):
                    self._renew(key)
            else:
                self._event(watch, mask, name)

    def _event(self, watch, mask, name):
        place = self._places.get(watch)
        if place is None:
            return
        key, path = place
        if mask & _IGNORED:
            self._watches.pop(place, None)
            self._places.pop(watch, None)
            return
        if mask & (_DELETE_SELF | _MOVE_SELF):
            if path == "":
                self.gone.add(key)
                self._tell(key, None)
            return
        tree = self._trees.get(key)
        if tree is None or not tree.sees(name):
            return
        below = path + "/" + name if path else name
        if mask & _IS_DIRECTORY:
            if mask & (_MOVED_FROM | _DELETE):
                self._unwatch_below(key, below)
            if mask & (_MOVED_TO | _CREATE):
                try:
                    self._watch(key, below)
                except OSError:
                    self._tell(key, None)
        self._tell(key, below)

    def _renew(self, key):
        """Events were lost: new directories among them, perhaps."""
        try:
            self._watch(key, "")
        except OSError:
            pass
        self._tell(key, None)
