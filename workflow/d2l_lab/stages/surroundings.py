"""Shield the processes that make results from a user's personal settings.

A setting made for other work, such as a style for figures, a locale or a number of threads, must
not change a result, because no key covers it. Such settings come from environment variables, or
from files that a variable points to. `clean` unsets or sets these variables for this process and
everything that it starts. All other variables stay, such as those for paths, the network or a
cluster's jobs.

It is called at Snakemake's start (`d2l_lab.pipeline.environment`), by each tool
(`d2l_lab.tools.cli`), and by a stage run by hand (`d2l_lab.stages.__main__`).
"""

import codecs
import fnmatch
import io
import os
import sys
import warnings
from collections.abc import Iterable

DROPPED = (
    # the look of numbers, figures and pages
    "DOCUTILSCONFIG",
    "IPYTHON*",
    "JUPYTER*",
    "MATPLOTLIBRC",
    "MPL*",
    "PANDAS_*",
    "SOURCE_DATE_EPOCH",
    "SPHINX*",
    # the language and encoding of programs' output
    "LANG",
    "LANGUAGE",
    "LC_*",
    # scripts that a shell runs at its start, and functions that replace commands
    "BASHOPTS",
    "BASH_ENV",
    "BASH_FUNC_*",
    "ENV",
    "SHELLOPTS",
    # the instructions, precision and threads that libraries compute with
    "ATEN_*",
    "BLIS_*",
    "CUBLAS*",
    "CUDNN_*",
    "DNNL_*",
    "GOMP_*",
    "GOTO_*",
    "KMP_*",
    "MKL_*",
    "NPY_*",
    "NUMEXPR_*",
    "NVIDIA_TF32_OVERRIDE",
    "OMP_*",
    "ONEDNN_*",
    "OPENBLAS_*",
    "PYTORCH_*",
    "TORCH*",
    "VECLIB_*",
    # Python's behaviour
    "PYTHON*",
)
# Paths of Python, modules and libraries' caches, and how GPU memory is allocated.
KEPT = (
    "MPLCONFIGDIR",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONHOME",
    "PYTHONNOUSERSITE",
    "PYTHONPATH",
    "PYTHONPLATLIBDIR",
    "PYTHONPYCACHEPREFIX",
    "PYTHONUSERBASE",
    "PYTORCH_*ALLOC_CONF",
    "TORCH_HOME",
)
# The libraries for matrix products read these when they are loaded.
ONE_THREAD = (
    "GOTO_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
SET = dict.fromkeys(ONE_THREAD, "1") | {
    "DOCUTILSCONFIG": os.devnull,  # otherwise ~/.docutils and ./docutils.conf
    "LC_ALL": "C",  # on every machine; Python's text is UTF-8 anyway, see below
    "MATPLOTLIBRC": os.devnull,  # otherwise the one in the user's folder
    "PYTHONHASHSEED": "0",
    "PYTHONSAFEPATH": "1",  # import no modules from the current folder
    "PYTHONUTF8": "1",
}
MODULES = os.path.abspath(f"{__file__}/../../..")  # os.path loads faster than pathlib
TUNABLES = "GLIBC_TUNABLES"  # settings of the C library, whose rounding depends on them
QUIET = (DeprecationWarning, ImportWarning, PendingDeprecationWarning, ResourceWarning)
PACKAGES = ("*.dist-info", "*.egg-info")  # next to installed packages


def clean() -> set[str]:
    """Give this process and all its children the same environment for every user.

    Returns
    -------
    set of str
        The user's variables that were unset or changed.
    """
    before = dict(os.environ)
    for name in before:
        if _matches(name, DROPPED) and not _matches(name, KEPT):
            del os.environ[name]
    os.environ.update(SET)
    os.environ["PYTHONPATH"] = os.pathsep.join(_folders_of_modules(before.get("PYTHONPATH", "")))
    if TUNABLES in before:
        tunables = before[TUNABLES].split(":")
        os.environ[TUNABLES] = ":".join(
            each for each in tunables if not each.startswith("glibc.cpu.")
        )
    if "PYTHONWARNINGS" in before:  # hide Snakemake's own warnings
        warnings.resetwarnings()
        for category in QUIET:
            warnings.simplefilter("ignore", category)
    return {name for name, value in before.items() if os.environ.get(name) != value}


def say_anything() -> None:
    """Let this process print any text in any locale; characters that it lacks are escaped.

    The C locale's encoding is ASCII, even on terminals that show UTF-8. A stream that is already
    UTF-8 is left alone, because a fork's may refuse the change.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = codecs.lookup(stream.encoding).name
            if encoding == "ascii":
                stream.reconfigure(encoding="utf-8", errors="surrogateescape")
            elif encoding != "utf-8":
                stream.reconfigure(errors="backslashreplace")


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def _folders_of_modules(path: str) -> list[str]:
    """Return the folder of this project's modules, then folders of a path with installed packages.

    Many clusters provide libraries in such folders, and keys contain their versions. Other folders
    are dropped, because a user's own module could hide one of a library.
    """
    folders = filter(_has_packages, path.split(os.pathsep))
    return [*dict.fromkeys([MODULES, *folders])]


def _has_packages(folder: str) -> bool:
    try:
        return any(_matches(name, PACKAGES) for name in os.listdir(folder)) if folder else False
    except OSError:
        return False  # missing, or a ZIP file
