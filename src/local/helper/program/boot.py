"""Puts the program's modules into a kernel, under a name of their own, once."""


def _boot_projects_helper(version, modules, kernel_id):
    import sys
    import types

    if sys.version_info < (3, 8):
        raise RuntimeError("the helper needs Python 3.8 or later")
    name = "jupyterlab_projects_helper_" + version
    if name in sys.modules:
        return
    package = types.ModuleType(name)
    package.__path__ = []
    sys.modules[name] = package
    try:
        for each, source in modules:
            module = types.ModuleType(name + "." + each)
            module.__package__ = name
            sys.modules[module.__name__] = module
            exec(compile(source, "<projects helper " + each + ">", "exec"), module.__dict__)
            setattr(package, each, module)
        package.service.start(version, kernel_id)
    except BaseException:
        for each in [each for each in sys.modules if each.split(".")[0] == name]:
            del sys.modules[each]
        raise
