"""What the processes that make results see of a user's surroundings, and what they do not.

A setting that someone made for other work, such as a style for figures, a locale or a number of
threads, must not change a result, because it is in no key. Such settings come by environment
variables, or by files to which a variable leads. `clean` drops these variables, or sets them, for
this process and everything that it starts. Every other variable stays: where things are, how to
reach the network, what a cluster tells its jobs.

It is called where Snakemake begins (`d2l_lab.pipeline.environment`), in each tool
(`d2l_lab.tools.cli`), and in a stage that is run by hand (`d2l_lab.stages.__main__`).
"""

import codecs
import fnmatch
import io
import os
import sys
import warnings
from collections.abc import Iterable

DROPPED = (
    # how numbers, figures and pages look
    "DOCUTILSCONFIG",
    "IPYTHON*",
    "JUPYTER*",
    "MATPLOTLIBRC",
    "MPL*",
    "PANDAS_*",
    "SOURCE_DATE_EPOCH",
    "SPHINX*",
    # the language and the characters of what programs say
    "LANG",
    "LANGUAGE",
    "LC_*",
    # what a shell runs as it starts, and functions that take the place of commands
    "BASHOPTS",
    "BASH_ENV",
    "BASH_FUNC_*",
    "ENV",
    "SHELLOPTS",
    # by which instructions, with what precision and in how many threads libraries compute
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
    # how Python runs
    "PYTHON*",
)
# Where Python, its modules and the caches of libraries lie; how a GPU's memory is shared out.
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
# The libraries of matrix products read these as they are loaded.
ONE_THREAD = (
    "GOTO_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
SET = dict.fromkeys(ONE_THREAD, "1") | {
    "DOCUTILSCONFIG": os.devnull,  # or docutils would read ~/.docutils and ./docutils.conf
    "LC_ALL": "C",  # which every machine has; Python's text is UTF-8 all the same, see below
    "MATPLOTLIBRC": os.devnull,  # or Matplotlib would read the one in the user's folder
    "PYTHONHASHSEED": "0",
    "PYTHONSAFEPATH": "1",  # no module comes from the folder in which a command is run
    "PYTHONUTF8": "1",
}
MODULES = os.path.abspath(f"{__file__}/../../..")  # by os.path, for every job loads this module
TUNABLES = (
    "GLIBC_TUNABLES"  # of the C library, whose functions round otherwise for other processors
)
QUIET = (DeprecationWarning, ImportWarning, PendingDeprecationWarning, ResourceWarning)
PACKAGES = ("*.dist-info", "*.egg-info")  # beside packages that were installed into a folder


def clean() -> set[str]:
    """Make the surroundings of this process the same for every user, and of all it starts.

    Returns
    -------
    set of str
        The variables that the user had set, and that are gone or say something else now.
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
    if "PYTHONWARNINGS" in before:  # Snakemake has faults that are not for this project's users
        warnings.resetwarnings()
        for category in QUIET:
            warnings.simplefilter("ignore", category)
    return {name for name, value in before.items() if os.environ.get(name) != value}


def say_anything() -> None:
    """Let this process print any text, whatever the locale; what an encoding lacks is spelled out.

    ASCII is the encoding of the C locale, on terminals that show UTF-8 all the same. A stream in
    UTF-8 stays as it is: that of a fork may refuse to be changed.
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
    """Return the folder of this project's modules, then those of a path with installed packages.

    Libraries may come from such folders, as on many clusters, and keys hold their versions. A
    folder of someone's own modules could put one in the place of a library's.
    """
    folders = filter(_has_packages, path.split(os.pathsep))
    return [*dict.fromkeys([MODULES, *folders])]


def _has_packages(folder: str) -> bool:
    try:
        return any(_matches(name, PACKAGES) for name in os.listdir(folder)) if folder else False
    except OSError:
        return False  # it is not there, or is a ZIP file
