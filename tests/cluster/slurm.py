"""A real Slurm on this machine for the cluster tests: 1 to 4 nodes on the loopback address.

It needs root, and Debian's packages slurm-wlm and munge. By hand:

    python tests/cluster/slurm.py start --nodes 3
    python tests/cluster/slurm.py check
    python tests/cluster/slurm.py stop

Slurm's commands find a cluster by /etc/slurm/slurm.conf. If another cluster's is there already,
nothing starts, and that cluster is left alone.
"""

import argparse
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from zlib import crc32

import psutil

PROGRAMS = ("munged", "slurmctld", "slurmd", "sinfo", "sbatch")
ETC = Path("/etc/slurm")
FILES = (ETC / "slurm.conf", ETC / "gres.conf")
MINE = "# The test cluster of d2l-lab, made by tests/cluster/slurm.py; `stop` takes it away."
MARK = "D2L_LAB_TEST_CLUSTER"  # a variable of every process of the cluster
MAX_NODES = 4
PATIENCE = 400  # seconds, on a busy machine
HOST = socket.gethostname().partition(".")[0]

# Everything else is Slurm's default. A lost node is noticed within seconds, and its jobs are soon
# queued again, as are jobs that take too much memory. Like many small clusters, this one has no
# control groups and no accounting. The last node is the one that tests lose: it has its own
# partition, and a job that may run in both partitions is sent there first.
SLURM_CONF = """{mine}
ClusterName={name}
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmUser=root
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=15
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmctldPidFile={folder}/slurmctld.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdSpoolDir={folder}/%n
SlurmdPidFile={folder}/%n.pid
SlurmdLogFile={folder}/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=bf_interval=1,batch_sched_delay=0,sched_interval=5
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=1
JobAcctGatherParams=OverMemoryKill
JobCompType=jobcomp/filetxt
JobCompLoc={folder}/jobs.txt
SlurmdTimeout=5
SlurmctldTimeout=10
KillWait=2
ReturnToService=2
GresTypes=gpu
{nodes}
PartitionName=main Nodes={main} Default=YES MaxTime=INFINITE State=UP
PartitionName=spare Nodes={spare} PriorityTier=10 MaxTime=INFINITE State=UP
"""
NODE = (
    "NodeName={name} NodeAddr=127.0.0.1 NodeHostname={host} Port={port} "
    "CPUs=2 CoresPerSocket=2 RealMemory=6000 Gres=gpu:1"
)
GRES_CONF = """{mine}
Name=gpu File=/dev/null
"""


class ClusterError(Exception):
    """The cluster cannot be started or does not work; the message says why."""


class Cluster:
    """A Slurm whose files, except for its configuration, are in one folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.name = f"d2l-lab-{crc32(bytes(folder)):x}"

    def start(self, nodes: int) -> None:
        """Start the cluster and wait until every node is idle; if that fails, leave nothing."""
        if why := why_not():
            raise ClusterError(why)
        if self.folder.exists():
            raise ClusterError(f"{self.folder}: is there already; stop that cluster first")
        try:
            self._configure([f"node{n}" for n in range(1, nodes + 1)])
            munge = self.folder / "munge"
            files = ["key-file", "socket", "pid-file", "log-file", "seed-file"]
            options = [f"--{name}={munge}.{name.removesuffix('-file')}" for name in files]
            # Forced, since the folder may be in one that others can write to, such as /tmp.
            self._run("munged", *options, "--force")
            wait_until((self.folder / "munge.socket").exists, "munged answers")
            self.start_controller()
            for name in self.nodes():
                self.start_node(name)
            wait_until(self.is_idle, "all nodes are idle")
        except (ClusterError, subprocess.SubprocessError) as error:
            logs = [path.read_text()[-1000:] for path in sorted(self.folder.glob("*.log"))]
            self.stop()
            raise ClusterError("\n".join([str(error), *logs])) from None

    def start_controller(self) -> None:
        """Start slurmctld, which continues from its saved state."""
        self._run("slurmctld")

    def start_node(self, name: str) -> None:
        """Start a node's slurmd."""
        self._run("slurmd", "-N", name)

    def stop_controller(self) -> None:
        """Stop slurmctld as a shutdown of its machine does; jobs continue."""
        self._end("slurmctld", signal.SIGTERM)

    def kill_node(self, name: str) -> None:
        """Kill a node's slurmd at once; the jobs on it become orphans."""
        self._end(name, signal.SIGKILL)

    def nodes(self) -> list[str]:
        """Name the nodes."""
        return sorted(path.name for path in self.folder.glob("node[1-9]"))

    def states(self) -> dict[str, str]:
        """Return the state of each node by its name."""
        answer = ask("sinfo", "--Node", "--noheader", "--format=%N %T")
        return dict(line.split() for line in answer.splitlines())

    def is_idle(self) -> bool:
        """Return whether every node is up and idle."""
        with suppress(subprocess.SubprocessError):
            return self.states() == dict.fromkeys(self.nodes(), "idle")
        return False

    def ended(self, folder: Path) -> list[dict[str, str]]:
        """List Slurm's records of ended jobs of a folder."""
        lines = (self.folder / "jobs.txt").read_text().splitlines()
        jobs = [dict(re.findall(r"(\w+)=(\S*)", line)) for line in lines]
        return [job for job in jobs if job["WorkDir"] == str(folder)]

    def processes(self) -> list[psutil.Process]:
        """List the cluster's processes: its daemons and those of jobs."""
        return [process for process in psutil.process_iter() if self._owns(process)]

    def stop(self) -> None:
        """End all processes of the cluster, and remove its files."""
        with suppress(subprocess.SubprocessError, FileNotFoundError, ClusterError):
            ask("scancel", "--user=root")
            wait_until(lambda: not ask("squeue", "--noheader"), "all jobs have ended", 10)
        for ending in (signal.SIGTERM, signal.SIGKILL):
            processes = self.processes()
            for process in processes:
                with suppress(psutil.NoSuchProcess):
                    process.send_signal(ending)
            psutil.wait_procs(processes, timeout=10)
        for path in FILES:
            if is_mine(path):
                path.unlink()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _configure(self, names: list[str]) -> None:
        for name in (".", "state", *names):
            (self.folder / name).mkdir(mode=0o755, parents=True)
        key = self.folder / "munge.key"
        key.touch(mode=0o600)
        key.write_bytes(secrets.token_bytes(1024))
        port, *ports = free_ports(1 + len(names))
        nodes = [
            NODE.format(name=name, host=HOST, port=port)
            for name, port in zip(names, ports, strict=True)
        ]
        main = ",".join(names[: MAX_NODES - 1])
        facts = {"mine": MINE, "folder": self.folder, "host": HOST, "port": port}
        facts |= {"main": main, "spare": names[-1]}
        text = SLURM_CONF.format(**facts, name=self.name, nodes="\n".join(nodes))
        ETC.mkdir(exist_ok=True)
        for path, content in zip(FILES, (text, GRES_CONF.format(mine=MINE)), strict=True):
            path.write_text(content)

    def _run(self, *command: str) -> None:
        """Start a daemon, which returns once it is in the background."""
        answer = subprocess.run(
            command,
            env=os.environ | {MARK: str(self.folder)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        if answer.returncode:
            raise ClusterError(f"{command[0]}: {answer.stdout}{answer.stderr}")

    def _end(self, name: str, ending: signal.Signals) -> None:
        process = psutil.Process(int((self.folder / f"{name}.pid").read_text()))
        process.send_signal(ending)
        process.wait(timeout=PATIENCE)

    def _owns(self, process: psutil.Process) -> bool:
        """Recognise a process by its variable, or one that slurmd started by its folder."""
        try:
            facts = process.environ().items()
            ours = {(MARK, str(self.folder)), ("SLURM_CLUSTER_NAME", self.name)}
            return not ours.isdisjoint(facts) or Path(process.cwd()).is_relative_to(self.folder)
        except psutil.Error:
            return False


def why_not() -> str | None:
    """Return the reason why no cluster can be started on this machine; None if one can."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if os.geteuid():
        return "to start a Slurm needs root, as it is configured in /etc/slurm"
    if missing:
        return f"no {', '.join(missing)} here; install slurm-wlm and munge"
    for path in FILES:
        if path.exists():
            whose = "another test cluster's" if is_mine(path) else "not a test cluster's"
            return f"{path}: is there already, and is {whose}"
    return None


def is_mine(path: Path) -> bool:
    """Return whether a file of Slurm's configuration was made by this script."""
    return path.exists() and path.read_text(encoding="utf-8").startswith(MINE)


def ask(*command: str) -> str:
    """Run a command of Slurm and return its output."""
    options = {"capture_output": True, "text": True, "timeout": PATIENCE}
    return subprocess.run(command, check=True, **options).stdout


def wait_until(condition: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Wait for a condition; raise `ClusterError` if it does not hold in time."""
    end_of_patience = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end_of_patience:
            raise ClusterError(f"waited {seconds} s in vain until {what}")
        time.sleep(0.3)  # a look at all processes takes some hundredths


def free_ports(count: int) -> list[int]:
    """Find free ports."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listening.getsockname()[1] for listening in sockets]
    for listening in sockets:
        listening.close()
    return ports


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("action", choices=["start", "check", "stop"])
    parser.add_argument("--nodes", type=int, choices=range(1, MAX_NODES + 1), default=3)
    folder = Path(tempfile.gettempdir(), "d2l-lab-slurm")
    parser.add_argument("--folder", type=Path, default=folder, help="default: %(default)s")
    args = parser.parse_args()
    cluster = Cluster(args.folder.absolute())
    try:
        if args.action == "start":
            cluster.start(args.nodes)
        elif args.action == "stop":
            cluster.stop()
        elif not cluster.nodes():
            raise ClusterError(f"{cluster.folder}: no cluster is there")
        else:
            print("\n".join(map(" ".join, sorted(cluster.states().items()))))
    except ClusterError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
