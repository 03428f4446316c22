"""Carries the built JupyterLab extension; there is no server code."""

from importlib.metadata import version

__version__ = version("jupyterlab_projects")


def _jupyter_labextension_paths():
    """Where `jupyter labextension develop` finds the built extension."""
    return [{"src": "labextension", "dest": "jupyterlab-projects"}]
