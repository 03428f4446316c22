"""The program's face: pages talk to it by comms. The kernel's own thread only queues; others answer.

Each request has an identifier and gets one reply. A request that comes twice is done once, or is one that may be done twice.
"""

import os
import queue
import sys
import threading
import time
import uuid
from collections import OrderedDict

from . import applying, directories, hashing, memory, reading, scanning, trash, watching, wire

_WORKERS = 2
# After so long without work memory is given back; seconds.
_REST = 1
# Hints that a page may leave unanswered before it is taken for gone.
_PATIENCE = 40
_MOST_PAGES = 64
# Replies up to so many bytes are kept for a page that did not hear them.
_SMALL = 1 << 16
_KEPT = 64
_CONTROL = frozenset(("hello", "prove", "roots", "ask", "cancel", "unpack", "bye"))


class Refused(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class Page:
    def __init__(self, comm):
        self.comm = comm
        self.proven = False
        self.roots = {}
        self.hints = 0
        self.unanswered = 0
        self.heard = time.monotonic()
        self.under_way = set()
        self.cancelled = set()
        self.replies = OrderedDict()
        self.parts = []


class Service:
    def __init__(self, version, kernel_id):
        self.version = version
        self.own = uuid.uuid4().hex[:8]
        self._series = (kernel_id.replace("-", "")[:12] + version[:4]).lower()
        self._start = os.getcwd()
        self._server_root = None
        self._pages = OrderedDict()
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        self._cache = hashing.Cache()
        self._leftovers = scanning.Leftovers(self._series, self.own)
        self._staged = applying.Staged(self._leftovers)
        self._packs = None
        self._watching = None
        self._control = queue.SimpleQueue()
        self._work = queue.SimpleQueue()
        for each in [self._control] + [self._work] * _WORKERS:
            arguments = {"target": self._serve, "args": (each,), "daemon": True}
            threading.Thread(name="projects-helper", **arguments).start()

    # On the kernel's own thread: nothing here may wait.

    def open(self, comm, message):
        page = Page(comm)
        comm.on_msg(lambda message: self._receive(page, message))
        comm.on_close(lambda message: self._control.put((page, {"op": "bye"}, [])))
        with self._lock:
            self._pages[comm.comm_id] = page
            while len(self._pages) > _MOST_PAGES:
                self._pages.popitem(last=False)
        self._receive(page, message)

    def _receive(self, page, message):
        data = message["content"]["data"]
        page.unanswered = 0
        page.heard = time.monotonic()
        if data.get("op") in ("nudge", "ack"):
            return
        target = self._control if data.get("op") in _CONTROL else self._work
        target.put((page, data, message.get("buffers") or []))

    # On threads of the program.

    def _serve(self, waiting):
        rest = None
        while True:
            try:
                page, data, buffers = waiting.get(timeout=rest)
            except queue.Empty:
                memory.give_back()
                rest = None
                continue
            rest = _REST
            try:
                self._answer(page, data, buffers)
            except Exception as error:
                try:
                    self._send(page, *wire.failure(data.get("id"), "failed", repr(error)))
                except Exception:
                    # The kernel is going.
                    pass
            # What was sent is held by nothing.
            page = data = buffers = None

    def _answer(self, page, data, buffers):
        identifier, name = data.get("id"), data.get("op")
        if name == "bye":
            self._forget(page)
            return
        if name == "ask":
            self._tell_state(page, data["of"])
            return
        if name == "cancel":
            if data["of"] in page.under_way:
                page.cancelled.add(data["of"])
            return
        with self._lock:
            if identifier in page.under_way:
                return
            kept = page.replies.get(identifier)
            if kept is None:
                page.under_way.add(identifier)
        if kept is not None:
            self._send(page, *kept)
            return
        try:
            reply = self._do(page, name, identifier, data, buffers)
        except Refused as error:
            reply = wire.failure(identifier, error.code, str(error))
        except OSError as error:
            reply = wire.failure(identifier, *scanning.failed(error)[1:])
        with self._lock:
            page.under_way.discard(identifier)
            page.cancelled.discard(identifier)
            if sum(len(each) for each in reply[1]) <= _SMALL:
                page.replies[identifier] = reply
                while len(page.replies) > _KEPT:
                    page.replies.popitem(last=False)
        self._send(page, *reply)

    def _tell_state(self, page, identifier):
        with self._lock:
            kept = page.replies.get(identifier)
            state = "working" if identifier in page.under_way else "unknown"
        if kept is not None:
            self._send(page, *kept)
        else:
            self._send(page, {"id": identifier, "state": state}, [])

    def _do(self, page, name, identifier, data, buffers):
        handler = getattr(self, "do_" + str(name), None)
        if handler is None:
            raise Refused("unknown", "no such request")
        with self._lock:
            is_known = page.comm.comm_id in self._pages
            if is_known:
                self._pages.move_to_end(page.comm.comm_id)
        if not is_known:
            raise Refused("expired", "the page was taken for gone")
        if not page.proven and name not in ("hello", "prove"):
            raise Refused("unproven", "it is not known that the kernel sees the server's files")
        arguments, rest = wire.arguments_of(data, buffers)
        result = handler(page, arguments, rest, lambda: identifier in page.cancelled)
        if isinstance(result, tuple):
            return wire.reply(identifier, *result)
        return wire.reply(identifier, result)

    def do_hello(self, page, arguments, buffers, cancelled):
        return {
            "version": self.version,
            "own": self.own,
            "process": os.getpid(),
            "python": ".".join(str(each) for each in sys.version_info[:3]),
        }

    def do_prove(self, page, arguments, buffers, cancelled):
        """Finds the server's root: the folder in which the proof lies."""
        names = directories.names_of(arguments["path"])
        for candidate in self._candidates():
            full = os.path.join(candidate, *names)
            try:
                with open(full, "rb") as source:
                    content = source.read(4096)
            except OSError:
                continue
            if content.decode("ascii", "replace") != arguments["content"]:
                continue
            with self._lock:
                if self._server_root is None:
                    self._server_root = candidate
                    self._watching = watching.Watching(candidate, self._hint)
                    self._packs = reading.Packs(os.path.dirname(full), self.own)
                elif not os.path.samefile(self._server_root, candidate):
                    continue
            page.proven = True
            return {"found": True}
        return {"found": False}

    def _candidates(self):
        yield self._start
        named = os.environ.get("JUPYTER_SERVER_ROOT")
        if named:
            yield os.path.expanduser(named)
        above = os.path.dirname(self._start)
        while above != os.path.dirname(above):
            yield above
            above = os.path.dirname(above)

    def do_roots(self, page, arguments, buffers, cancelled):
        """Which project roots the page uses, and how they are watched."""
        for root in arguments["roots"]:
            directories.names_of(root)
        page.roots = arguments["roots"]
        self._watch()
        return {"watched": self._watching.kinds()}

    def do_root(self, page, arguments, buffers, cancelled):
        return {"state": self._state_of(arguments["root"])}

    def _state_of(self, root):
        """What is at a root's path: `link` where one lies on the way."""
        path = self._server_root
        for name in directories.names_of(root):
            path = os.path.join(path, name)
            try:
                kind = directories.kind_of(os.lstat(path))
            except FileNotFoundError:
                return "missing"
            if kind == "l":
                return "link"
            if kind != "d":
                return "not-directory"
        return "present"

    def _root(self, page, arguments):
        root = arguments["root"]
        if root not in page.roots:
            raise Refused("unknown-root", "the page named no such root")
        made = self._made(root)
        try:
            return directories.Root(self._server_root, root, made)
        except OSError:
            state = self._state_of(root)
            raise Refused("root-" + ("failed" if state == "present" else state), "the root can not be entered")

    def _made(self, root):
        def made(path):
            full = os.path.join(self._server_root, *root.split("/"), *path.split("/"))
            try:
                self._watching.own(root, path, os.lstat(full))
            except OSError:
                pass

        return made

    def do_scan(self, page, arguments, buffers, cancelled):
        with self._root(page, arguments) as root:
            seen_at = hashing.now()
            scanner = scanning.Scanner(root, arguments, self._leftovers)
            parts = scanner.walk(arguments.get("starts", [""]))
        self._watching.renew(root.path)
        packed = [wire.pack({"rows": rows, "parts": len(parts), "seenAt": seen_at}) for rows in parts]
        page.parts = packed if len(packed) > 1 else []
        return None, (), packed[0]

    def do_part(self, page, arguments, buffers, cancelled):
        number = arguments["number"]
        if number >= len(page.parts):
            raise Refused("unknown", "no such part")
        return None, (), page.parts[number]

    def do_hash(self, page, arguments, buffers, cancelled):
        with self._root(page, arguments) as root:
            fresh = bool(arguments.get("fresh"))
            results, hashed = scanning.hash_all(root, self._cache, arguments["paths"], fresh, cancelled)
        return {"results": results, "hashed": hashed}

    def do_read(self, page, arguments, buffers, cancelled):
        with self._root(page, arguments) as root:
            results, content = reading.read_all(root, arguments["wanted"])
        return {"results": results}, [content]

    def do_pack(self, page, arguments, buffers, cancelled):
        with self._root(page, arguments) as root:
            name, results = self._packs.make(
                lambda target: reading.pack_all(root, arguments["wanted"], target)
            )
        return {"name": name, "results": results}

    def do_unpack(self, page, arguments, buffers, cancelled):
        self._packs.remove(arguments["name"])
        return {}

    def do_stage(self, page, arguments, buffers, cancelled):
        with self._root(page, arguments) as root:
            content = buffers[0] if buffers else b""
            self._staged.write(root, arguments["path"], arguments["token"], arguments["start"], content)
        return {}

    def do_unstage(self, page, arguments, buffers, cancelled):
        with self._root(page, arguments) as root:
            self._staged.drop(root, arguments["path"], arguments["token"])
        return {}

    def do_apply(self, page, arguments, buffers, cancelled):
        if cancelled():
            raise Refused("cancelled", "the page asked for no more")
        put_away = trash.put_away if arguments.get("trash", True) else lambda *_: False
        with self._root(page, arguments) as root:
            told = lambda path, status: self._watching.own(root.path, path, status)  # noqa: E731
            apply = applying.Apply(root, self._staged, self._leftovers, told, put_away)
            content = buffers[0] if buffers else b""
            outcomes = apply.run(arguments["operations"], content)
        return {"outcomes": outcomes}

    def do_same(self, page, arguments, buffers, cancelled):
        """For each pair of paths whether both name one thing; None where that can't be told."""
        answers = []
        with self._root(page, arguments) as root:
            for pair in arguments["pairs"]:
                try:
                    one, other = [directory.look(name) for directory, name in map(root.parent, pair)]
                except (OSError, directories.Outside):
                    one = other = None
                if one is None:
                    answers.append(None)
                else:
                    answers.append(other is not None and os.path.samestat(one, other))
        return {"same": answers}

    def _watch(self):
        roots = {}
        with self._lock:
            for page in self._pages.values():
                roots.update(page.roots)
        if self._watching is not None:
            self._watching.watch(roots)

    def _hint(self, hints):
        with self._lock:
            pages = list(self._pages.values())
        for page in pages:
            told = {root: paths for root, paths in hints.items() if root in page.roots}
            if not told:
                continue
            page.unanswered += 1
            if page.unanswered > _PATIENCE:
                self._forget(page)
                continue
            self._send(page, {"hints": told}, [], 1)

    def _forget(self, page):
        with self._lock:
            self._pages.pop(page.comm.comm_id, None)
        page.roots = {}
        page.parts = []
        self._watch()

    def _send(self, page, data, buffers, hints=0):
        """Each message tells how many hints there were, so that a lost one is missed."""
        with self._sending:
            page.hints += hints
            page.comm.send(dict(data, count=page.hints), buffers=buffers or None)


def start(version, kernel_id):
    service = Service(version, kernel_id)
    _manager().register_target("jupyterlab_projects_helper_" + version, service.open)
    return service


def _manager():
    try:
        from comm import get_comm_manager

        return get_comm_manager()
    except ImportError:
        from IPython import get_ipython

        return get_ipython().kernel.comm_manager
