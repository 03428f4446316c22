"""Reaching what lies below a project's root without ever leaving it.

A path is walked name by name, each directory opened relative to the one above it and never through a link, so that
a link that takes a directory's place meanwhile leads nowhere. Where the platform has no such calls, full paths are used, and
each directory is looked at before it is entered.
"""

import errno
import os
import stat

from . import rename as renaming

HAS_DESCRIPTORS = (
    os.open in os.supports_dir_fd
    and os.scandir in os.supports_fd
    and os.mkdir in os.supports_dir_fd
    and os.rename in os.supports_dir_fd
    and os.access in os.supports_dir_fd
    and hasattr(os, "O_NOFOLLOW")
    and hasattr(os, "O_DIRECTORY")
)

_PLAIN = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
READ = os.O_RDONLY | _PLAIN | _NO_LINK | getattr(os, "O_NONBLOCK", 0)
WRITE = os.O_WRONLY | _PLAIN | _NO_LINK
CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _PLAIN | _NO_LINK
_ENTER = os.O_RDONLY | _PLAIN | _NO_LINK | getattr(os, "O_DIRECTORY", 0)


class Outside(Exception):
    """The path is none that may be used: it would lead out of the root, or is no path."""


def names_of(path):
    """The names of a relative path with `/` between them; none for the root."""
    if path == "":
        return []
    names = path.split("/")
    for name in names:
        if name in ("", ".", "..") or "\0" in name or (os.sep != "/" and os.sep in name):
            raise Outside(path)
        if os.name == "nt" and (":" in name or "/" in name):
            raise Outside(path)
    return names


class Directory:
    """An open directory. What is named is directly in it."""

    def __init__(self, path, descriptor):
        self.path = path
        self.descriptor = descriptor

    @classmethod
    def top(cls, path):
        """Any directory, by its absolute path."""
        if HAS_DESCRIPTORS:
            return cls(path, os.open(path, os.O_RDONLY | os.O_DIRECTORY | _PLAIN))
        return cls(os.path.realpath(path), None)

    def close(self):
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __del__(self):
        self.close()

    def at(self, name):
        """What a call of `os` takes for `name`: a path, and named arguments."""
        if self.descriptor is None:
            return os.path.join(self.path, name), {}
        return name, {"dir_fd": self.descriptor}

    def enter(self, name):
        path = os.path.join(self.path, name)
        if self.descriptor is not None:
            return Directory(path, os.open(name, _ENTER, dir_fd=self.descriptor))
        if kind_of(os.lstat(path)) != "d" or not _is_real(path):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path)
        return Directory(path, None)

    def make(self, name):
        """Makes a directory; False where the name is taken."""
        path, where = self.at(name)
        try:
            os.mkdir(path, **where)
            return True
        except FileExistsError:
            return False

    def look(self, name):
        """The status of what has the name, links not followed; None where nothing has it."""
        path, where = self.at(name)
        try:
            return os.stat(path, follow_symlinks=False, **where)
        except FileNotFoundError:
            return None

    def is_writable(self, name):
        """Whether a person let it be changed; to replace it would need the right to write here alone."""
        path, where = self.at(name)
        return os.access(path, os.W_OK, **where)

    def list(self):
        return os.scandir(self.path if self.descriptor is None else self.descriptor)

    def open(self, name, flags, mode=0o666):
        path, where = self.at(name)
        return os.open(path, flags, mode, **where)

    def unlink(self, name):
        path, where = self.at(name)
        os.unlink(path, **where)

    def rmdir(self, name):
        path, where = self.at(name)
        os.rmdir(path, **where)

    def replace(self, source, target):
        """Gives `target`'s name to `source`, both here, whatever had it."""
        if self.descriptor is None:
            os.replace(os.path.join(self.path, source), os.path.join(self.path, target))
        else:
            os.replace(source, target, src_dir_fd=self.descriptor, dst_dir_fd=self.descriptor)

    def rename_to_free(self, source, other, target):
        """Moves `source` to the directory `other` as `target`; FileExistsError where that name is taken."""
        renaming.to_free_name(self, source, other, target)

    def sync(self):
        if self.descriptor is not None:
            os.fsync(self.descriptor)


class Root:
    """A project's root on disk. Directories that were entered stay open until it is closed."""

    def __init__(self, server_root, path, made=lambda path: None):
        """`made` is called with the path of each directory that is made."""
        self.path = path
        self._made = made
        self._open = {}
        self._top = []
        try:
            directory = Directory.top(server_root)
            self._top.append(directory)
            for name in names_of(path):
                directory = directory.enter(name)
                self._top.append(directory)
        except BaseException:
            self.close()
            raise
        self._open[""] = directory

    def close(self):
        for directory in list(self._open.values()) + self._top:
            directory.close()
        self._open.clear()
        self._top.clear()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def directory(self, path, make=False):
        """The directory at `path`, made with its parents where `make` says so."""
        known = self._open.get(path)
        if known is not None:
            return known
        names = names_of(path)
        parent = self.directory("/".join(names[:-1]), make)
        if make and parent.make(names[-1]):
            self._made(path)
        directory = parent.enter(names[-1])
        if len(self._open) > 128:
            # Whoever still uses one holds it open.
            for old in [old for old in self._open if old != ""][:64]:
                del self._open[old]
        self._open[path] = directory
        return directory

    def parent(self, path, make=False):
        """The directory that holds `path`, and the name it has there."""
        names = names_of(path)
        if not names:
            raise Outside(path)
        return self.directory("/".join(names[:-1]), make), names[-1]


def kind_of(status):
    """`f`ile, `d`irectory, `l`ink, or `o`ther: what can't be read without waiting, perhaps for ever."""
    if getattr(status, "st_reparse_tag", 0):
        return "l"
    mode = status.st_mode
    if stat.S_ISREG(mode):
        return "f"
    if stat.S_ISDIR(mode):
        return "d"
    return "l" if stat.S_ISLNK(mode) else "o"


def _is_real(path):
    return os.path.normcase(os.path.realpath(path)) == os.path.normcase(os.path.abspath(path))
