"""Changes below folders, where the system tells none: by looking again and again, seldom where looking takes long."""

import os
import threading
import time

# Seconds.
_SHORTEST = 2.0
_LONGEST = 30.0
# The part of the time that looking may take.
_SHARE = 0.02


class Polling:
    """Watches whole trees. `tell(key, path)` is called for each change."""

    def __init__(self, tell, shortest=_SHORTEST):
        self._tell = tell
        self._shortest = shortest
        self._trees = {}
        self._changed = threading.Condition()
        self._running = None
        self._closed = False

    def add(self, key, tree):
        with self._changed:
            self._trees[key] = [tree, None]
            if self._running is None:
                self._running = threading.Thread(target=self._run, name="projects-helper-poll", daemon=True)
                self._running.start()
            self._changed.notify_all()

    def remove(self, key):
        with self._changed:
            self._trees.pop(key, None)

    def close(self):
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _run(self):
        quiet = 0
        while True:
            with self._changed:
                if self._closed:
                    return
                if not self._trees:
                    self._changed.wait()
                    continue
                trees = list(self._trees.items())
            began = time.monotonic()
            told = False
            for key, state in trees:
                told = self._look(key, state) or told
            took = time.monotonic() - began
            quiet = 0 if told else quiet + 1
            rest = max(self._shortest * min(8, 1 + quiet / 10), took / _SHARE)
            with self._changed:
                if not self._closed:
                    self._changed.wait(min(_LONGEST, rest))

    def _look(self, key, state):
        tree, before = state
        now = {}
        _collect(tree, "", now)
        state[1] = now
        if before is None:
            return False
        changed = [path for path in now if before.get(path) != now[path]]
        changed += [path for path in before if path not in now]
        for path in changed:
            self._tell(key, path)
        return bool(changed)


def _collect(tree, path, into):
    try:
        with os.scandir(tree.full(path)) as found:
            for entry in found:
                if not tree.sees(entry.name):
                    continue
                below = path + "/" + entry.name if path else entry.name
                if entry.is_dir(follow_symlinks=False):
                    into[below] = "directory"
                    _collect(tree, below, into)
                else:
                    status = entry.stat(follow_symlinks=False)
                    into[below] = (status.st_size, status.st_mtime_ns, status.st_ino)
    except OSError:
        pass
