"""The whole tree, by directory, in parts that each fit in a message."""

import errno
import itertools

from . import directories, hashing

# Rows in one part: about 4 MB before compression.
_PART = 20000
_DEEPEST = 200


class Scanner:
    """One walk. Sizes, times and inodes are those of the files and of the links themselves.

    `stops` are names of directories that are listed and not entered, and `hidden` says whether those that start with a dot
    are among them: what is noise to most projects is entered when the page asks for it by `starts`. `skips` are paths of
    directories that are not entered either. `is_temporary` tells the program's own leftovers, which are passed by.
    """

    def __init__(self, root, options, leftovers):
        self._root = root
        self._stops = frozenset(options.get("stops", ()))
        self._skips = frozenset(options.get("skips", ()))
        self._leftovers = leftovers
        self.parts = []
        self._rows = []
        self._count = 0

    def walk(self, starts):
        for start in starts:
            try:
                self._visit(self._root.directory(start), start, 0)
            except OSError as error:
                self._row(start, errno.errorcode.get(error.errno, "EIO"))
        if self._rows or not self.parts:
            self.parts.append(self._rows)
            self._rows = []
        return self.parts

    def _row(self, path, failed, columns=None):
        self._rows.append([path, failed] + (columns or []))
        self._count += 1 + (len(columns[0]) if columns else 0)
        if self._count >= _PART:
            self.parts.append(self._rows)
            self._rows = []
            self._count = 0

    def _visit(self, directory, path, depth):
        names, kinds, sizes, times, changes, inodes = [], [], [], [], [], []
        below = []
        prefix = path + "/" if path else ""
        with directory.list() as found:
            for entry in found:
                name = entry.name
                if self._leftovers.meets(directory, name):
                    continue
                try:
                    status = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                kind = directories.kind_of(status)
                names.append(name)
                kinds.append(kind)
                if kind in "fl":
                    sizes.append(status.st_size)
                    times.append(str(status.st_mtime_ns))
                    changes.append(str(status.st_ctime_ns))
                    inodes.append(str(status.st_ino))
                elif kind == "d" and self._enters(name, prefix + name):
                    below.append(name)
        self._row(path, 0, [names, "".join(kinds), sizes, times, changes, inodes])
        for name in below:
            inner = prefix + name
            if depth >= _DEEPEST:
                self._row(inner, "ELOOP")
                continue
            try:
                opened = directory.enter(name)
            except FileNotFoundError:
                self._row(inner, "ENOENT")
                continue
            except OSError as error:
                self._row(inner, errno.errorcode.get(error.errno, "EIO"))
                continue
            with opened:
                try:
                    self._visit(opened, inner, depth + 1)
                except OSError as error:
                    self._row(inner, errno.errorcode.get(error.errno, "EIO"))

    def _enters(self, name, path):
        return not (name in self._stops or name.startswith(".") or path in self._skips)


def hash_all(root, cache, paths, fresh=False, cancelled=lambda: False):
    """For each path [status, size, mtime, ctime, inode, sum, seen at], or only a status where it could not be had."""
    results = []
    hashed = 0
    for path in paths:
        if cancelled():
            return results, hashed
        try:
            directory, name = root.parent(path)
            status = directory.look(name)
            if status is None:
                results.append(["gone"])
                continue
            if directories.kind_of(status) != "f":
                results.append(["other"])
                continue
            known = None if fresh else cache.get(root.path, path, status)
            if known is not None:
                total, seen_at = known
            else:
                hashed += 1
                status, total, seen_at = hashing.hash_file(directory, name)
                cache.put(root.path, path, status, total, seen_at)
            results.append(["file"] + describe(status) + [total, seen_at])
        except FileNotFoundError:
            results.append(["gone"])
        except hashing.NoFile:
            results.append(["other"])
        except hashing.Changing:
            results.append(["changing"])
        except directories.Outside:
            results.append(["failed", "EINVAL", "no path of a project"])
        except OSError as error:
            results.append(failed(error))
    return results, hashed


def describe(status):
    """[size, mtime, ctime, inode]: nanoseconds and inodes as text, since they exceed what JSON's readers hold."""
    return [status.st_size, str(status.st_mtime_ns), str(status.st_ctime_ns), str(status.st_ino)]


def failed(error):
    if isinstance(error, UnicodeError):
        return ["failed", "EILSEQ", str(error)]
    return ["failed", errno.errorcode.get(error.errno, "EIO"), error.strerror or str(error)]


class Leftovers:
    """The program's own temporary files: never listed, and removed when whoever made them is gone."""

    PREFIX = ".~jupyterlab-projects-"
    # Age from which one that another kernel made is taken for left behind; ms.
    _OLD = 3600 * 1000

    def __init__(self, series, own):
        self._own = self.PREFIX + series + "-" + own
        self._former = self.PREFIX + series + "-"
        self._numbers = itertools.count()

    def new_name(self):
        return "%s-%d" % (self._own, next(self._numbers))

    def meets(self, directory, name):
        """True for a temporary file, which is removed when it is stale."""
        if not name.startswith(self.PREFIX):
            return False
        if name.startswith(self._own):
            return True
        try:
            status = directory.look(name)
            # Of the same series, so of this very kernel before it was started anew: that program is dead.
            is_dead = name.startswith(self._former)
            if status is not None and directories.kind_of(status) == "f":
                if is_dead or hashing.now() - status.st_mtime_ns // 1000000 > self._OLD:
                    directory.unlink(name)
        except OSError:
            pass
        return True
