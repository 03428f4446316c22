"""The person's trash, as file managers and Jupyter know it: what is deleted there can be had back by hand."""

import errno
import os
import sys
import time
from urllib.parse import quote

from . import directories


def put_away(directory, name, full_path):
    """Moves a file to the trash; False where there is none that takes it.

    On Linux by the freedesktop.org rules, and by open directories, so that no link can lead it elsewhere. Only the home's trash is
    used, and only on its own file system. Elsewhere by send2trash where that can be imported.
    """
    if directory.descriptor is not None and sys.platform.startswith("linux"):
        try:
            return _to_home_trash(directory, name, full_path)
        except OSError:
            return False
    try:
        from send2trash import send2trash
    except ImportError:
        return False
    if os.path.realpath(directory.path) != os.path.abspath(directory.path):
        return False
    try:
        send2trash(full_path)
        return True
    except Exception:
        return False


def _to_home_trash(directory, name, full_path):
    data = os.environ.get("XDG_DATA_HOME") or os.path.join(os.path.expanduser("~"), ".local", "share")
    trash = os.path.join(data, "Trash")
    for each in ("files", "info"):
        os.makedirs(os.path.join(trash, each), 0o700, exist_ok=True)
    files = directories.Directory.top(os.path.join(trash, "files"))
    info = directories.Directory.top(os.path.join(trash, "info"))
    with files, info:
        if os.fstat(files.descriptor).st_dev != os.fstat(directory.descriptor).st_dev:
            return False
        note = "[Trash Info]\nPath=%s\nDeletionDate=%s\n" % (
            quote(os.fsencode(full_path)),
            time.strftime("%Y-%m-%dT%H:%M:%S"),
        )
        stem, dot, extension = name.rpartition(".")
        for number in range(1000):
            free = name
            if number > 0:
                free = "%s %d.%s" % (stem, number, extension) if stem else "%s %d" % (name, number)
            try:
                descriptor = info.open(free + ".trashinfo", directories.CREATE, 0o600)
            except FileExistsError:
                continue
            try:
                with os.fdopen(descriptor, "wb") as target:
                    target.write(note.encode("ascii"))
                directory.rename_to_free(name, files, free)
                return True
            except FileExistsError:
                info.unlink(free + ".trashinfo")
            except BaseException:
                info.unlink(free + ".trashinfo")
                raise
    raise OSError(errno.EEXIST, "the trash has no free name")
