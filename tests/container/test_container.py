"""The image builds by its recipe, and the documented commands run the workflow in it.

No network but that of the package registries is needed: the base image is made from Debian's
packages. The image gets a lock of a few real packages, and sees those of the tests' environment
in their place, because to install the whole lock takes some minutes and 6 GB.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from checkout import ROOT, Checkout, jobs

pytestmark = pytest.mark.thorough
DOCUMENTED = (ROOT / "docs/how-to/run-elsewhere.md").read_text("utf-8")
BUILD, RUN, SAVE = re.findall(r"^    (podman .*)$", DOCUMENTED, re.MULTILINE)
BASE = re.search(r"^ARG BASE=(.*)$", (ROOT / "Containerfile").read_text(), re.MULTILINE).group(1)
SETTINGS = Path("/etc/pip.conf"), Path("/etc/ssl/certs/ca-certificates.crt")
SOMEBODY = 4321  # a user who exists neither on the machine nor in the image


def bash(command, cwd, env):
    """Run a command as a reader does; `stdout` of the result has both streams."""
    return subprocess.run(
        ["bash", "-c", command],
        cwd=cwd,
        env=os.environ | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=600,
    )


def with_dependencies(name, extra=""):
    """Return the names of a package and of everything that it needs here."""
    found, wanted = set(), [(name, extra)]
    while wanted:
        name, extra = wanted.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key not in found:
            found.add(key)
            for requirement in map(Requirement, metadata.requires(name) or []):
                if not requirement.marker or requirement.marker.evaluate({"extra": extra}):
                    wanted.append((requirement.name, ",".join(requirement.extras)))
    return found


def take_few_packages(checkout):
    """Keep only Snakemake and its dependencies in a checkout's lock."""
    few = with_dependencies("snakemake")
    lock = checkout / "envs/requirements.txt"
    entries = re.split(r"^(?=[a-z0-9])", lock.read_text(), flags=re.MULTILINE)
    lock.write_text("".join(entry for entry in entries if entry.split("==")[0] in few))
    wanted = checkout / "envs/requirements.in"
    (pin,) = re.findall(r"^snakemake==.*$", wanted.read_text(), re.MULTILINE)
    wanted.write_text(pin)


@pytest.fixture(scope="module")
def podman(tmp_path_factory):
    """The settings of a separate podman, which has only the base image."""
    if os.getuid() or not all(map(shutil.which, ("podman", "mmdebstrap", "runc"))):
        pytest.skip("needs podman, runc and mmdebstrap, and root")
    if sys.version_info[:2] != (3, 11):
        pytest.skip("needs Python 3.11, as the base image has")
    folder = tmp_path_factory.mktemp("podman")
    packages = sysconfig.get_paths()["purelib"]
    (folder / "containers.conf").write_text(
        f"""
        [containers]
        netns = "host"
        default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
        volumes = ["{packages}:/opt/d2l-lab/venv/lib/python3.11/site-packages:ro"]
        [engine]
        runtime = "runc"
        cgroup_manager = "cgroupfs"
        events_logger = "file"
        """
    )
    (folder / "storage.conf").write_text(
        f'[storage]\ndriver = "overlay"\ngraphroot = "{folder}/graph"\nrunroot = "{folder}/run"\n'
    )
    env = {
        "CONTAINERS_CONF": str(folder / "containers.conf"),
        "CONTAINERS_STORAGE_CONF": str(folder / "storage.conf"),
    }
    # These files configure pip on a machine behind a mirror of the registry.
    settings = [f"--customize-hook=upload {path} {path}" for path in SETTINGS if path.exists()]
    packages = "python3-venv,python-is-python3,ca-certificates"
    command = ["mmdebstrap", "--quiet", "--variant=apt", f"--include={packages}", *settings]
    subprocess.run([*command, "bookworm", folder / "base.tar"], check=True)
    imported = bash(f"podman import --quiet base.tar {BASE}", folder, env)
    assert imported.returncode == 0, imported.stdout
    yield env
    bash("podman system reset --force", folder, env)


def owned_by(path, user):
    os.chown(path, user, user)
    for folder, folders, files in os.walk(path):
        for name in folders + files:
            os.lchown(os.path.join(folder, name), user, user)


def owners(path):
    return {entry.lstat().st_uid for entry in path.rglob("*")}


def test_the_documented_commands_build_the_image_and_run_the_workflow_in_it(podman, tmp_path):
    recipe = Checkout(tmp_path / "recipe")
    take_few_packages(recipe.path)
    no_mounts = podman["CONTAINERS_CONF"] + ".build"
    conf = Path(podman["CONTAINERS_CONF"]).read_text()
    Path(no_mounts).write_text(re.sub(r"^ *volumes = .*$", "", conf, flags=re.MULTILINE))
    built = bash(BUILD, recipe.path, podman | {"CONTAINERS_CONF": no_mounts})
    assert built.returncode == 0, built.stdout
    checkout = Checkout(tmp_path / "checkout")
    checkout.keep_models("linear_regression_scratch")
    owned_by(checkout.path, SOMEBODY)
    ran = bash(RUN, checkout.path, podman)
    assert ran.returncode == 0, ran.stdout
    assert "(100%) done" in ran.stdout
    assert (checkout.path / "results/tables/summary.csv").exists()
    assert owners(checkout.path) == {SOMEBODY}  # not the container's root
    assert checkout.done("--dry-run") == {}  # the results have the same keys as outside
    owned_by(checkout.path, 0)
    again = bash(RUN, checkout.path, podman)
    assert again.returncode == 0, again.stdout
    assert jobs(again.stdout) == {}
    stranger = bash(RUN.replace("run ", f"run --user {SOMEBODY} "), checkout.path, podman)
    assert stranger.returncode == 1
    assert stranger.stdout == (
        f"user {SOMEBODY} may not write to /work, which is user 0's: "
        "mount a checkout that is writable\n"
    )
    saved = bash(SAVE, recipe.path, podman)
    assert saved.returncode == 0, saved.stdout
