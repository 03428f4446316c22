"""Builds the extension when the Python package is built: `pip install .` on a clean clone needs Node and nothing else."""

import shutil
import subprocess
import sys
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BuildExtension(BuildHookInterface):
    """Leaves the extension in jupyterlab_projects/labextension, always made anew: an older build would be packed unnoticed."""

    def initialize(self, version, build_data):
        root = Path(self.root)
        if (root / "PKG-INFO").exists():
            # An unpacked source distribution: it holds the build that was made of its own sources.
            return
        npm = shutil.which("npm")
        if npm is None:
            raise RuntimeError("Node.js 20 or newer, with npm, is needed to build jupyterlab_projects.")
        if not (root / "node_modules" / ".package-lock.json").exists():
            self._run(npm, "ci", "--no-fund", "--no-audit")
        self._run(npm, "run", "--silent", "clean:extension")
        self._run(npm, "run", "--silent", "build:lib")
        self._run(sys.executable, "-m", "jupyter_builder.main", "build", ".")

    def _run(self, *command):
        subprocess.run(command, cwd=self.root, check=True)
