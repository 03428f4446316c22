"""Changes to files, each with its precondition: what it finds must be what the plan saw."""

import errno
import hashlib
import os
import stat
import threading

from . import directories, durable, hashing, scanning

CHANGED = ["changed"]
GONE = ["applied"]
# As the server has it, which writes into the file itself.
PROTECTED = ["failed", "EACCES", "it may not be written"]
_NOT_THERE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)


class Staged:
    """Large content that comes in several messages, in a temporary file beside its target."""

    def __init__(self, leftovers):
        self._leftovers = leftovers
        self._names = {}
        self._lock = threading.Lock()

    def write(self, root, path, token, start, content):
        directory, _ = root.parent(path, make=True)
        with self._lock:
            name = self._names.get(token)
            if name is None:
                name = self._names[token] = self._leftovers.new_name()
                descriptor = directory.open(name, directories.CREATE)
            else:
                descriptor = directory.open(name, directories.WRITE)
        try:
            os.lseek(descriptor, start, os.SEEK_SET)
            _write(descriptor, content)
        finally:
            os.close(descriptor)

    def take(self, token):
        """The name of the temporary file, which is the caller's from now on; None where there is none."""
        return self._names.pop(token, None)

    def drop(self, root, path, token):
        name = self._names.pop(token, None)
        if name is not None:
            _discard(root, path, name)


class Apply:
    """One batch of independent operations. Contents are one buffer, in the operations' order."""

    def __init__(self, root, staged, leftovers, told, trash):
        self._root = root
        self._staged = staged
        self._leftovers = leftovers
        # Called with a path and its new status: a change that nobody needs to be told.
        self._told = told
        self._put_away = trash

    def run(self, operations, content):
        content = memoryview(content)
        outcomes = [None] * len(operations)
        puts = []
        start = 0
        for index, operation in enumerate(operations):
            length = operation.get("length", 0)
            piece = content[start : start + length]
            start += length
            if operation["op"] == "put":
                prepared = self._guarded(self._prepare, operation, piece)
                if isinstance(prepared, _Put):
                    puts.append((index, prepared))
                else:
                    outcomes[index] = prepared
            else:
                outcomes[index] = self._guarded(getattr(self, "_" + operation["op"]), operation)
        self._commit(puts, outcomes)
        return outcomes

    def _guarded(self, task, *arguments):
        try:
            return task(*arguments)
        except directories.Outside:
            return ["failed", "EINVAL", "no path of a project"]
        except (OSError, UnicodeError) as error:
            return scanning.failed(error)

    def _prepare(self, operation, piece):
        """What is to be renamed later, or an outcome."""
        path, total = operation["path"], operation["sha256"]
        token = operation.get("staged")
        temporary = self._staged.take(token) if token else None
        prepared = _Put(path, total, temporary)
        try:
            outcome = self._prepare_put(prepared, operation, piece, token is not None)
        except BaseException:
            self._abandon(prepared)
            raise
        if outcome is not prepared:
            self._abandon(prepared)
        return outcome

    def _prepare_put(self, prepared, operation, piece, is_staged):
        directory, name = self._root.parent(prepared.path, make=True)
        before = directory.look(name)
        if not self._meets(directory, name, before, operation):
            return self._there_already(directory, name, before, prepared.total) or CHANGED
        if before is not None and operation["expect"].get("sha256") == prepared.total:
            return ["applied"] + scanning.describe(before) + [hashing.now()]
        if before is not None and not directory.is_writable(name):
            return PROTECTED
        prepared.before = before
        if is_staged:
            if prepared.temporary is None:
                return ["failed", "EAGAIN", "its content did not arrive"]
            prepared.descriptor = directory.open(prepared.temporary, directories.READ)
            digest = hashlib.sha256()
            while True:
                chunk = os.read(prepared.descriptor, 1 << 20)
                if not chunk:
                    break
                digest.update(chunk)
        else:
            digest = hashlib.sha256(piece)
            prepared.temporary = self._leftovers.new_name()
            prepared.descriptor = directory.open(prepared.temporary, directories.CREATE)
            _write(prepared.descriptor, piece)
        if digest.hexdigest() != prepared.total:
            return ["failed", "EBADMSG", "the content that came is not the one that was sent"]
        if before is not None and hasattr(os, "fchmod"):
            os.fchmod(prepared.descriptor, stat.S_IMODE(before.st_mode))
        return prepared

    def _commit(self, puts, outcomes):
        if not puts:
            return
        try:
            durable.sync_files([each.descriptor for _, each in puts])
        except OSError as error:
            for index, each in puts:
                self._abandon(each)
                outcomes[index] = scanning.failed(error)
            return
        touched = set()
        for index, each in puts:
            os.close(each.descriptor)
            each.descriptor = None
            outcomes[index] = self._guarded(self._show, each)
            if outcomes[index][0] == "applied":
                touched.add(os.path.dirname(each.path))
            else:
                self._abandon(each)
        self._sync_names(touched)

    def _show(self, prepared):
        directory, name = self._root.parent(prepared.path)
        before = prepared.before
        if before is None:
            try:
                directory.rename_to_free(prepared.temporary, directory, name)
            except FileExistsError:
                return self._there_already(directory, name, directory.look(name), prepared.total) or CHANGED
        else:
            now = directory.look(name)
            if now is None or hashing.signature_of(now) != hashing.signature_of(before):
                return CHANGED
            directory.replace(prepared.temporary, name)
        prepared.temporary = None
        seen_at = hashing.now()
        status = directory.look(name)
        if status is None or status.st_size < 0:
            return CHANGED
        self._told(prepared.path, status)
        return ["applied"] + scanning.describe(status) + [seen_at]

    def _sync_names(self, touched):
        try:
            opened = [self._root.directory(path) for path in touched]
            durable.sync_files([each.descriptor for each in opened if each.descriptor is not None])
        except OSError:
            # Some file systems sync no directories; what has the name is whole either way.
            pass

    def _abandon(self, prepared):
        if prepared.descriptor is not None:
            os.close(prepared.descriptor)
            prepared.descriptor = None
        if prepared.temporary is not None:
            _discard(self._root, prepared.path, prepared.temporary)
            prepared.temporary = None

    def _there_already(self, directory, name, status, total):
        """The outcome where the wanted content has the name already: a repeated request, say."""
        if status is None or directories.kind_of(status) != "f":
            return None
        try:
            status, found, seen_at = hashing.hash_file(directory, name)
        except (OSError, hashing.Changing, hashing.NoFile):
            return None
        return ["applied"] + scanning.describe(status) + [seen_at] if found == total else None

    def _meets(self, directory, name, status, operation):
        expect = operation["expect"]
        if expect is None or status is None:
            return expect is None and status is None
        kind = directories.kind_of(status)
        if expect["kind"] == "directory":
            return kind == "d"
        if kind != "f":
            return False
        if expect.get("seen") == scanning.describe(status):
            return True
        if status.st_size != expect["size"]:
            return False
        try:
            return hashing.hash_file(directory, name)[1] == expect["sha256"]
        except (hashing.Changing, hashing.NoFile):
            return False

    def _delete(self, operation):
        path = operation["path"]
        try:
            directory, name = self._root.parent(path)
        except OSError as error:
            if error.errno in _NOT_THERE:
                return GONE
            raise
        status = directory.look(name)
        if status is None:
            return GONE
        if not self._meets(directory, name, status, operation):
            return CHANGED
        if not directory.is_writable(name):
            return PROTECTED
        if directories.kind_of(status) == "d":
            try:
                directory.rmdir(name)
            except OSError as error:
                if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
                    return ["not-empty"]
                raise
        else:
            now = directory.look(name)
            if now is None or hashing.signature_of(now) != hashing.signature_of(status):
                return CHANGED
            if not self._put_away(directory, name, os.path.join(directory.path, name)):
                directory.unlink(name)
        self._told(path, None)
        return GONE

    def _move(self, operation):
        source, target = operation["from"], operation["path"]
        if (target + "/").startswith(source + "/"):
            return ["failed", "EINVAL", "it can not be moved into itself"]
        try:
            directory, name = self._root.parent(source)
        except OSError as error:
            if error.errno in _NOT_THERE:
                return CHANGED
            raise
        status = directory.look(name)
        if status is None or not self._meets(directory, name, status, operation):
            return CHANGED
        other, new_name = self._root.parent(target, make=True)
        try:
            directory.rename_to_free(name, other, new_name)
        except FileExistsError:
            return CHANGED
        seen_at = hashing.now()
        moved = other.look(new_name)
        self._told(source, None)
        if moved is None:
            return CHANGED
        self._told(target, moved)
        return ["applied"] + scanning.describe(moved) + [seen_at]

    def _mkdir(self, operation):
        self._root.directory(operation["path"], make=True)
        return ["made", hashing.now()]


class _Put:
    def __init__(self, path, total, temporary):
        self.path = path
        self.total = total
        self.temporary = temporary
        self.descriptor = None
        self.before = None


def _write(descriptor, content):
    view = memoryview(content)
    while len(view):
        view = view[os.write(descriptor, view) :]


def _discard(root, path, name):
    try:
        root.parent(path)[0].unlink(name)
    except OSError:
        pass
