"""Renaming onto a free name: never over something that took it meanwhile, where the file system can tell."""

import ctypes
import errno
import os
import stat
import sys

_NOREPLACE = 1
# The kernel or the file system knows no such call, or not for this.
_UNKNOWN = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP)


def _find():
    if not sys.platform.startswith("linux"):
        return None
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return None
    call.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint]
    call.restype = ctypes.c_int
    return call


_renameat2 = _find()


def to_free_name(directory, source, other, target):
    """Moves `source` of one open directory to `target` of another; FileExistsError where the name is taken."""
    if _renameat2 is not None and directory.descriptor is not None:
        arguments = (directory.descriptor, os.fsencode(source), other.descriptor, os.fsencode(target))
        if _renameat2(*arguments, _NOREPLACE) == 0:
            return
        code = ctypes.get_errno()
        if code not in _UNKNOWN:
            raise OSError(code, os.strerror(code), target)
    status = directory.look(source)
    if status is not None and stat.S_ISREG(status.st_mode) and _link(directory, source, other, target):
        directory.unlink(source)
        return
    if other.look(target) is not None:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target)
    _rename(directory, source, other, target)


def _link(directory, source, other, target):
    """False where the file system has no second names for a file."""
    try:
        if directory.descriptor is None:
            os.link(os.path.join(directory.path, source), os.path.join(other.path, target))
        else:
            os.link(
                source,
                target,
                src_dir_fd=directory.descriptor,
                dst_dir_fd=other.descriptor,
                follow_symlinks=False,
            )
        return True
    except FileExistsError:
        raise
    except (OSError, NotImplementedError, AttributeError):
        return False


def _rename(directory, source, other, target):
    if directory.descriptor is None:
        os.rename(os.path.join(directory.path, source), os.path.join(other.path, target))
    else:
        os.rename(source, target, src_dir_fd=directory.descriptor, dst_dir_fd=other.descriptor)
