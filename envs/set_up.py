"""Make a virtual environment from a lock, unless it is already in order.

    python -E -s envs/set_up.py .venv envs/requirements.txt

`make` runs this if check.py finds a fault. Nothing may be installed then, so it needs only Python.
The environment is complete once every package of the .in file beside the lock can be imported; only
then is its record written. A third argument names another environment whose packages it includes.
"""

import ast
import fcntl
import importlib
import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from check import RECORD, Environment, running_python

# The settings of pip (PIP_* and pip.conf) that say where packages come from. Only these apply,
# since others would put packages elsewhere (user, target), or install other packages (constraint,
# no-deps).
KEPT_SETTINGS = (
    *("index-url", "extra-index-url", "find-links", "no-index", "trusted-host", "keyring-provider"),
    *("proxy", "cert", "client-cert", "timeout", "default-timeout", "retries"),
    *("cache-dir", "no-cache-dir", "disable-pip-version-check"),
)
# Prefixes of other variables that would mislead Python or pip.
LEFT_OUT = ("PIP_", "PYTHON", "VIRTUAL_ENV", "__PYVENV")
TESTS = r"[\\/]tests?[\\/]"  # the tests of packages, a fifth of their files, are never run
AGAIN = "Fix that; the next `make` tries again."


def main() -> None:
    """Make the environment named on the command line, while no other `make` does."""
    environment = Environment(*sys.argv[1:])
    folder = os.open(".", os.O_RDONLY)
    with suppress(OSError):  # continue if the disk does not support locks
        fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        if fault := next(environment.faults(), None) or silent_python(environment):
            refuse_a_link_to_that_of_another(environment)
            first = not environment.record()
            say = "is set up" if first else f"is set up again, as {fault}"
            print(f"{environment.path} {say}: this takes some minutes", flush=True)
            make(environment)
    except KeyboardInterrupt:
        sys.exit(f"{environment.path} is not complete: interrupted. The next `make` starts again.")
    finally:
        os.close(folder)


def silent_python(environment: Environment) -> str | None:
    """Return a message if the environment's Python does not run."""
    return "its Python is gone" if run([environment.python, "-S", "-c", ""]) else None


def refuse_a_link_to_that_of_another(environment: Environment) -> None:
    """Stop if the environment is a link to another checkout's."""
    path, owner = environment.path, environment.record().get("owner", "")
    foreign = os.path.exists(owner) and not environment.lock.samefile(owner)
    unknown = not owner and (path / "pyvenv.cfg").exists()
    if path.is_symlink() and (foreign or unknown):
        sys.exit(
            f"{path} is a link to {path.resolve()}, which was made for another checkout and does "
            "not fit this one. Set it up there, or remove the link."
        )


def make(environment: Environment) -> None:
    """Rebuild the environment, install the locked packages, and check that they can be imported."""
    path, lock, beside = environment.path, environment.lock, environment.beside
    without_pip = ["--without-pip"] if beside else []
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", *without_pip, path.resolve()],
        env=surroundings(),
        stdout=subprocess.PIPE,  # so that Ctrl-C shows no traceback
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if made.returncode:
        sys.exit(f"{made.stdout}{path} could not be made: see above. {AGAIN}")
    record = {"place": str(path.resolve()), "owner": os.path.abspath(lock)}
    write_record(path, record)
    before = environment.contents().items()
    pip = [environment.python, "-m", "pip"]
    if beside:
        record["beside"] = str(beside.packages())
        (environment.packages() / "beside.pth").write_text(record["beside"] + "\n")
        pip = [beside.python, "-m", "pip", "--python", path]
    install = ["install", "--quiet", "--no-compile", "--require-hashes", "--requirement", lock]
    settings = pip_settings(pip[:3])
    if settings is None or run([*pip, *install], settings):
        sys.exit(f"{path} is not complete: pip failed, as it says above. {AGAIN}")
    # On all cores; pip would use one. Like pip, ignore files that cannot be compiled.
    compiling = [environment.python, "-m", "compileall", "-qq", "-j", "0", "-x", TESTS]
    run([*compiling, environment.packages()])
    wanted = lock.with_suffix(".in")
    code = f"import set_up; set_up.import_all({str(wanted)!r})"
    if run([environment.python, "-c", code], {"PYTHONPATH": str(Path(__file__).parent)}):
        sys.exit(f"{path} is not complete: a package of {wanted} cannot be used. {AGAIN}")
    installed = environment.contents().items()
    record["contents"] = {name: size for name, size in installed if (name, size) not in before}
    record |= {"locked": environment.locked, "python": running_python()}
    write_record(path, record)


def write_record(path: Path, record: dict) -> None:
    """Write the record of an environment atomically."""
    new = path / f"{RECORD}.new"
    new.write_text(json.dumps(record), "utf-8")
    new.replace(path / RECORD)


def run(command: list, more: dict | None = None) -> int:
    """Run a command in its own environment, and return its exit code."""
    try:
        return subprocess.run(command, env=surroundings() | (more or {}), check=False).returncode
    except OSError:  # no such program
        return 127


def surroundings() -> dict[str, str]:
    """Return the environment variables, without those that mislead Python or pip."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(LEFT_OUT)}
    return kept | {"PIP_CONFIG_FILE": os.devnull, "PYTHONNOUSERSITE": "1"}


def pip_settings(pip: list) -> dict[str, str] | None:
    """Read the user's settings that say where packages come from; None if pip cannot."""
    env = surroundings()
    del env["PIP_CONFIG_FILE"]
    if "PIP_CONFIG_FILE" in os.environ:
        env["PIP_CONFIG_FILE"] = os.environ["PIP_CONFIG_FILE"]
    listed = subprocess.run(
        [*pip, "config", "list"], env=env, stdout=subprocess.PIPE, text=True, check=False
    )
    if listed.returncode:
        return None
    found = {}
    for section in ("global", "install"):  # in pip's order
        lines = re.findall(rf"^{section}\.([\w-]+)=(.*)$", listed.stdout, re.MULTILINE)
        found |= {name: ast.literal_eval(value) for name, value in lines}
    variables = {name: "PIP_" + name.upper().replace("-", "_") for name in KEPT_SETTINGS}
    kept = {variables[name]: value for name, value in found.items() if name in variables}
    return kept | {name: os.environ[name] for name in variables.values() if name in os.environ}


def import_all(wanted: str) -> None:
    """Import every package that a file names, and stop at the first that is missing or fails."""
    text = Path(wanted).read_text("utf-8")
    for name, version, condition in re.findall(r"^([\w.-]+)==([^\s;#]+) *(;)?", text, re.MULTILINE):
        try:
            package = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            if condition:  # not wanted on this kind of machine
                continue
            sys.exit(f"{name} is not installed")
        if package.version != version:
            sys.exit(f"{name} has version {package.version}, not {version}")
        for module in modules(name, package.files or []):
            try:
                importlib.import_module(module)
            except (Exception, KeyboardInterrupt) as error:  # anything may happen while loading
                sys.exit(f"{name} cannot be imported: {type(error).__name__}: {error}")


def modules(name: str, files: list) -> list[str]:
    """Return the module named like a distribution, or otherwise all its public top modules."""
    tops = {file.parts[0] for file in files if file.name == "__init__.py" and len(file.parts) == 2}
    tops |= {file.stem for file in files if re.fullmatch(r"[a-zA-Z]\w*\.py", str(file))}
    namesake = re.sub(r"[-.]", "_", name)
    return [namesake] if namesake in tops else sorted(filter(str.isidentifier, tops))


if __name__ == "__main__":
    main()
