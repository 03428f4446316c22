"""Hints: which paths below the watched roots changed, gathered for a moment."""

import os
import stat
import threading
import time

from . import hashing, inotify, libraries, polling, scanning

# How long changes are gathered; seconds. While they go on, each time twice as long as the time before.
_SHORTEST = 0.05
_LONGEST = 0.4
# Above so many, a hint says "anything".
_MOST = 500
# How long the program's own writes are known for its own; seconds.
_OWN = 20


class Tree:
    """A watched root on disk, and which names in it are passed by."""

    def __init__(self, root, options):
        self.root = root
        self._excludes = frozenset(options.get("excludes", ()))
        self._hidden = bool(options.get("hidden"))

    def full(self, path):
        return os.path.join(self.root, *path.split("/")) if path else self.root

    def sees(self, name):
        if name in self._excludes or name.startswith(scanning.Leftovers.PREFIX):
            return False
        return self._hidden or not name.startswith(".")


class Watching:
    """Gathers changes of all roots, and tells them by `send({root: [path] or None})` on a thread of its own."""

    def __init__(self, server_root, send):
        self._server_root = server_root
        self._send = send
        self._gathered = {}
        self._own = {}
        self._changed = threading.Condition()
        # Held while what is watched changes; never by what tells of changes.
        self._setting = threading.Lock()
        self._watchers = {}
        self._roots = {}
        self._native = None
        self._polling = None
        threading.Thread(target=self._run, name="projects-helper-hints", daemon=True).start()

    def watch(self, roots):
        """Watches these and no others. `roots`: {path: {"excludes": [name], "hidden": bool}}."""
        with self._setting:
            for root in [root for root in self._roots if roots.get(root) != self._roots[root]]:
                self._remove(root)
            for root, options in roots.items():
                if root not in self._roots:
                    self._add(root, options)

    def renew(self, root):
        """Watches a root again that was not there, or went."""
        with self._setting:
            options = self._roots.get(root)
            if options is not None and self._kind(root) is None:
                self._remove(root)
                self._add(root, options)

    def kinds(self):
        """How each root is watched; None where it is not."""
        with self._setting:
            return {root: self._kind(root) for root in self._roots}

    def _kind(self, root):
        watcher = self._watchers.get(root)
        if watcher is None or root in getattr(watcher, "gone", ()):
            return None
        return type(watcher).__name__.lower()

    def own(self, root, path, status):
        """The program itself gave the path this status (None: removed it)."""
        now = time.monotonic()
        with self._changed:
            self._own[(root, path)] = (_trace_of(status), now)
            if len(self._own) > 20000:
                self._forget(now)
            self._changed.notify_all()

    def _add(self, root, options):
        self._roots[root] = options
        tree = Tree(os.path.join(self._server_root, *root.split("/")) if root else self._server_root, options)
        if not os.path.isdir(tree.root):
            return
        for watcher in (self._best(), self._poll()):
            if watcher is None:
                continue
            try:
                watcher.add(root, tree)
                self._watchers[root] = watcher
                return
            except Exception:
                continue

    def _remove(self, root):
        self._roots.pop(root, None)
        watcher = self._watchers.pop(root, None)
        if watcher is not None:
            watcher.remove(root)

    def _best(self):
        if self._native is None:
            try:
                self._native = inotify.Inotify(self._tell) if inotify.is_available() else libraries.find(self._tell)
            except OSError:
                self._native = libraries.find(self._tell)
        return self._native

    def _poll(self):
        if self._polling is None:
            self._polling = polling.Polling(self._tell)
        return self._polling

    def _tell(self, root, path):
        with self._changed:
            if path is None:
                self._gathered[root] = None
            else:
                paths = self._gathered.setdefault(root, set())
                if paths is not None:
                    paths.add(path)
                    # More than are told: some may be the program's own.
                    if len(paths) > 20 * _MOST:
                        self._gathered[root] = None
            self._changed.notify_all()

    def _run(self):
        wait = _SHORTEST
        while True:
            with self._changed:
                if not self._gathered:
                    rest = _LONGEST if wait > _SHORTEST else _OWN if self._own else None
                    self._changed.wait(rest)
                if not self._gathered:
                    wait = _SHORTEST
                    self._forget(time.monotonic())
                    continue
            time.sleep(wait)
            wait = min(_LONGEST, wait * 2)
            with self._changed:
                gathered, self._gathered = self._gathered, {}
                now = time.monotonic()
                own = {key: each[0] for key, each in self._own.items() if now - each[1] < _OWN}
                self._forget(now)
            hints = {}
            for root, paths in gathered.items():
                told = None if paths is None else [path for path in paths if not self._is_own(own, root, path)]
                if told is None or len(told) > _MOST:
                    hints[root] = None
                elif told:
                    hints[root] = sorted(told)
            if hints:
                self._send(hints)

    def _forget(self, now):
        self._own = {key: each for key, each in self._own.items() if now - each[1] < _OWN}

    def _is_own(self, own, root, path):
        key = (root, path)
        if key not in own:
            return False
        try:
            status = os.lstat(os.path.join(self._server_root, *root.split("/"), *path.split("/")))
        except OSError:
            return own[key] is None
        return own[key] == _trace_of(status)


def _trace_of(status):
    """What tells a file from what another writes; a directory's times change with what it holds."""
    if status is None:
        return None
    return status.st_ino if stat.S_ISDIR(status.st_mode) else hashing.signature_of(status)
