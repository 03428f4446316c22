"""Changes below folders, by a library of the kernel's environment: watchfiles or watchdog."""

import os
import threading


def find(tell):
    """A watcher by what can be imported, or None."""
    for make in (Watchfiles, Watchdog):
        try:
            return make(tell)
        except ImportError:
            continue
    return None


class Watchfiles:
    def __init__(self, tell):
        import watchfiles

        self._watch = watchfiles.watch
        self._tell = tell
        self._ends = {}

    def add(self, key, tree):
        end = self._ends[key] = threading.Event()
        arguments = (key, tree, end)
        threading.Thread(target=self._run, args=arguments, name="projects-helper-watch", daemon=True).start()

    def remove(self, key):
        end = self._ends.pop(key, None)
        if end is not None:
            end.set()

    def close(self):
        for key in list(self._ends):
            self.remove(key)

    def _run(self, key, tree, end):
        options = {"stop_event": end, "debounce": 50, "step": 20, "watch_filter": None}
        try:
            for changes in self._watch(tree.full(""), **options):
                for _, full in changes:
                    _told(self._tell, key, tree, full)
        except Exception:
            pass
        if not end.is_set():
            self._tell(key, None)


class Watchdog:
    def __init__(self, tell):
        from watchdog.events import FileSystemEventHandler
        from watchdog.observers import Observer

        self._handler = FileSystemEventHandler
        self._tell = tell
        self._watches = {}
        self._observer = Observer()
        self._observer.daemon = True
        self._observer.start()

    def add(self, key, tree):
        tell = self._tell

        class Handler(self._handler):
            def on_any_event(self, event):
                # A directory is modified by what is told of its files.
                is_echo = event.is_directory and event.event_type == "modified"
                if is_echo or event.event_type in ("opened", "closed_no_write"):
                    return
                for full in (event.src_path, getattr(event, "dest_path", "")):
                    if full:
                        _told(tell, key, tree, os.fsdecode(full))

        self._watches[key] = self._observer.schedule(Handler(), tree.full(""), recursive=True)

    def remove(self, key):
        watch = self._watches.pop(key, None)
        if watch is not None:
            self._observer.unschedule(watch)

    def close(self):
        self._observer.stop()


def _told(tell, key, tree, full):
    path = os.path.relpath(full, tree.full("")).replace(os.sep, "/")
    if path != "." and not path.startswith("../") and all(tree.sees(name) for name in path.split("/")):
        tell(key, path)
