"""A user's settings for other work do not change a byte of any result."""

import re
import shutil
import sys
from pathlib import Path

import pytest

from checkout import Checkout

MATPLOTLIB = """
axes.facecolor: black
axes.formatter.use_locale: True
axes.grid: False
axes.prop_cycle: cycler('color', ['red', 'green'])
axes.unicode_minus: False
backend: TkAgg
figure.autolayout: True
figure.dpi: 300
figure.facecolor: black
figure.figsize: 3, 3
font.family: serif
font.size: 20
image.cmap: hot
image.interpolation: bicubic
image.origin: lower
lines.antialiased: False
mathtext.fontset: cm
path.simplify: False
savefig.bbox: tight
svg.fonttype: path
svg.hashsalt: mine
text.usetex: True
xtick.direction: in
"""
SCRIPT = """
import sys
sys.stderr.write("a script of the user ran\\n")
for name in ("numpy", "pandas"):
    if name in sys.modules:
        library = sys.modules[name]
        getattr(library, "set_printoptions", lambda precision: None)(precision=1)
        getattr(library, "set_option", lambda *_: None)("display.precision", 1)
"""
FILES = {
    ".config/matplotlib/matplotlibrc": MATPLOTLIB,
    ".config/pip/pip.conf": "[global]\nindex-url = https://nowhere.invalid\n",
    ".config/snakemake/mine/config.yaml": "cores: 1\nprintshellcmds: true\n",
    ".docutils": "[general]\nhalt_level: 1\nsmart_quotes: yes\n",
    ".gitconfig": "[core]\nautocrlf = true\nquotePath = false\n",
    ".ipython/profile_default/ipython_config.py": "c.InteractiveShell.autoawait = 1 / 0\n",
    ".ipython/profile_default/startup/mine.py": f"import numpy, pandas\n{SCRIPT}",
    ".jupyter/jupyter_config.py": "1 / 0\n",
    ".local/share/jupyter/kernels/python3/kernel.json": "{ broken",
    ".local/lib/python3/site-packages/usercustomize.py": SCRIPT,
    "modules/sitecustomize.py": "",
    "modules/kiwisolver.py": "1 / 0\n",
    "modules/nbformat.py": "1 / 0\n",
    "shell": "echo a script of the shell ran >&2\npython() { false; }\nenv() { false; }\n",
    "start.py": "raise SystemExit('a script of the user ran')\n",
}
VARIABLES = {
    "HOME": "{home}",
    "XDG_CONFIG_HOME": "{home}/.config",
    # languages, characters, times
    "LANGUAGE": "tr",
    "LC_ALL": "C",
    "PYTHONCOERCECLOCALE": "0",
    "PYTHONIOENCODING": "latin-1",
    "PYTHONUTF8": "0",
    "SOURCE_DATE_EPOCH": "0",
    "TZ": "Pacific/Auckland",
    # Python, shells, git
    "BASH_ENV": "{home}/shell",
    "BASH_FUNC_env%%": "() { false; }",
    "ENV": "{home}/shell",
    "GIT_DIR": "{home}/nowhere",
    "GIT_TRACE": "1",
    "PIP_REQUIRE_VIRTUALENV": "1",
    "PYTHONHASHSEED": "7",
    "PYTHONOPTIMIZE": "2",
    "PYTHONPATH": "{home}/modules",
    "PYTHONSTARTUP": "{home}/start.py",
    "PYTHONUSERBASE": "{home}/.local",
    "PYTHONWARNINGS": "error",
    # figures and pages
    "DOCUTILSCONFIG": "{home}/.docutils",
    "IPYTHONDIR": "{home}/.ipython",
    "JUPYTER_CONFIG_DIR": "{home}/.jupyter",
    "JUPYTER_DATA_DIR": "{home}/.local/share/jupyter",
    "JUPYTER_PATH": "{home}/.local/share/jupyter",
    "MATPLOTLIBRC": "{home}/.config/matplotlib/matplotlibrc",
    "MPLBACKEND": "module://nowhere",
    "SNAKEMAKE_PROFILE": "mine",
    "SPHINXOPTS": "-W -D html_theme=alabaster",
    # instructions, precision, threads
    "ATEN_CPU_CAPABILITY": "default",
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA",
    "MKL_CBWR": "COMPATIBLE",
    "MKL_ENABLE_INSTRUCTIONS": "SSE4_2",
    "MKL_NUM_THREADS": "3",
    "NPY_DISABLE_CPU_FEATURES": "AVX512_SPR",
    "OMP_NUM_THREADS": "3",
    "ONEDNN_DEFAULT_FPMATH_MODE": "BF16",
    "ONEDNN_MAX_CPU_ISA": "SSE41",
    "OPENBLAS_CORETYPE": "Nehalem",
}
ENDS_PRIVATE = ("sh", "-c", 'umask 077; exec "$@"', "sh")
# Stages and studies whose files contain times, so that no two of their runs are the same.
TIMED = {"download", "record", "report", "tables"}
TIMED |= {"study/exercises_softmax", "study/images", "study/vectorisation"}
# The curves of one model stand for those of all, which are drawn by the same code.
CURVES = re.compile(r"figures/(training|kfold)_(?!mlp_scratch$)")


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    """The variables of a user who has set everything possible, and the files that they name."""
    home = tmp_path / "home"
    for name, text in FILES.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, "utf-8")
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    (home / ".local/lib/python3").rename(home / f".local/lib/{version}")
    return {name: value.replace("{home}", str(home)) for name, value in VARIABLES.items()}


def contents(checkout: Checkout) -> dict[str, bytes]:
    """Return the content of results, except times."""
    return {
        name: data
        for name, data in checkout.files("results").items()
        if not name.startswith(("logs/", ".run", "store/.run"))
        and not name.endswith(("provenance.json", "report.html", ".lock"))
    }


def remade(
    checkout: Checkout, names: set[str], settings: dict[str, str], cores: int = 2
) -> dict[str, bytes]:
    """Recompute results with a user's settings, some in a file of the checkout; return them."""
    for name in names:
        shutil.rmtree(checkout.path / "results/store" / name)
    (checkout.path / "matplotlibrc").write_text(MATPLOTLIB)
    answer = checkout.run(cores=cores, env=settings, within=ENDS_PRIVATE)
    assert answer.returncode == 0, answer.stdout
    assert "Traceback" not in answer.stdout
    assert "a script of the" not in answer.stdout
    return contents(checkout)


def stored(checkout: Checkout) -> set[str]:
    store = checkout.path / "results/store"
    return {"/".join(path.relative_to(store).parts) for path in store.glob("*/*") if path.is_dir()}


@pytest.mark.thorough
def test_no_byte_of_a_result_depends_on_a_users_settings_or_the_number_of_cores(
    published, tmp_path, settings
):
    copy = published.copy(tmp_path / "été 学")  # made on four cores
    names = {each for each in stored(copy) if TIMED.isdisjoint({each, each.partition("/")[0]})}
    names = {each for each in names if not CURVES.match(each)}
    before = contents(copy)
    after = remade(copy, names, settings, cores=1)
    assert after.keys() == before.keys()
    assert [name for name in before if before[name] != after[name]] == []


@pytest.mark.thorough
def test_no_table_that_accompanies_times_depends_on_them_either(published, tmp_path, settings):
    copy = published.copy(tmp_path / "copy")
    before = contents(copy)
    after = remade(copy, {"tables/all", "study/images", "study/vectorisation"}, settings)
    differing = {Path(name).name for name in before if before[name] != after[name]}
    assert differing <= {"timing.csv", "images_timing.csv", "vectorisation_timing.csv"}
