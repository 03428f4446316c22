"""Giving memory back to the system after large work."""

import ctypes
import sys


def _find():
    if not sys.platform.startswith("linux"):
        return None
    try:
        call = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return None
    call.argtypes = [ctypes.c_size_t]
    return call


_malloc_trim = _find()


def give_back():
    if _malloc_trim is not None:
        _malloc_trim(0)
