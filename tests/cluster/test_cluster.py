"""A real Slurm of three nodes runs the workflow in few jobs, with the results of one machine."""

import re
import subprocess
import sys

import pytest

from checkout import Checkout
from cluster import slurm as slurm_script
from cluster.runs import Run
from cluster.slurm import FILES, Cluster, ClusterError

pytestmark = pytest.mark.cluster


def test_a_model_of_each_dataset_and_a_study_give_the_tables_of_one_machine_to_the_byte(
    slurm, few, tmp_path
):
    checkout = Checkout(tmp_path / "checkout")
    checkout.write_config(few.config())
    # Three groups of trainings at once need more than one node.
    run = Run(checkout.path, "--group-components", "trainings=2")
    assert run.ends() == 0, run.output
    assert checkout.tables() == few.tables()
    made, expected = (run.files("results/store") for run in (checkout, few))
    assert made.keys() <= expected.keys()  # its store may have results of larger runs
    submitted = re.findall(r"has been submitted with SLURM jobid (\d+)", run.output)
    assert 1 < len(submitted) <= 4  # of 7 jobs; lighter ones run on this machine
    assert len({job["NodeList"] for job in slurm.ended(checkout.path)}) > 1


def test_a_second_cluster_is_refused_and_does_no_harm(slurm, tmp_path):
    before = [path.read_bytes() for path in FILES]
    with pytest.raises(ClusterError, match=r"slurm.conf: is there already"):
        Cluster(tmp_path / "cluster").start(1)
    assert [path.read_bytes() for path in FILES] == before
    assert not (tmp_path / "cluster").exists()
    command = [sys.executable, slurm_script.__file__, "check", "--folder", str(slurm.folder)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert re.fullmatch(r"node1 \S+\nnode2 \S+\nnode3 \S+\nnode4 \S+\n", told)
