"""Whatever happens to a job, its node or Slurm, this run or the next has the same tables."""

import re
import signal
from itertools import pairwise

import pytest

from cluster.runs import ONE, require_that_it_ended_well
from cluster.slurm import ask, wait_until

pytestmark = pytest.mark.cluster


def test_a_job_over_its_memory_or_its_time_is_ended_and_gets_more(slurm, checkout, one_locally):
    memory, time = "train:mem_mb=500 * attempt ** 2", "train:runtime=1 if attempt < 3 else 30"
    alone = ("--group-components", "trainings=1")
    run = checkout.start("--set-resources", memory, time, *alone)
    wait_until(lambda: "exceeded memory limit" in run.output, "500 MB are too little")
    checkout.training()  # and is suspended for longer than its limit of a minute
    require_that_it_ended_well(run, checkout, one_locally)
    assert re.search(r"ON node\d CANCELLED AT .* DUE TO TIME LIMIT", run.output)


def test_a_node_lost_while_it_trains_only_costs_time_and_its_orphan_does_no_harm(
    slurm, checkout, one_locally
):
    run = checkout.start("--default-resources", "slurm_partition=spare,main")
    orphan = checkout.training()
    (lost,) = run.jobs(show="%N")
    assert lost == slurm.nodes()[-1]
    slurm.kill_node(lost)
    wait_until(lambda: slurm.states()[lost].startswith("down"), "the node is missed")
    another = checkout.training(but=[orphan])
    assert run.jobs(show="%N") != [lost]
    slurm.start_node(lost)
    orphan.resume()  # it is still alive, and the other one waits for its result or makes it too
    another.resume()
    require_that_it_ended_well(run, checkout, one_locally)
    wait_until(lambda: slurm.states()[lost] != "down", "the node is back")


def test_a_job_that_is_cancelled_is_submitted_again_and_outlives_the_controller(
    slurm, checkout, one_locally
):
    run = checkout.start()
    cancelled = checkout.training()
    (job,) = run.jobs()
    cancelled.resume()
    ask("scancel", job)
    wait_until(lambda: not cancelled.is_running(), "the job has ended")
    training = checkout.training()
    (node,) = run.jobs(show="%N")
    slurm.stop_controller()
    slurm.start_controller()
    wait_until(lambda: slurm.states()[node] in ("mixed", "allocated"), "the node is known again")
    training.resume()
    require_that_it_ended_well(run, checkout, one_locally)
    assert re.search(rf"JOB {job} ON node\d CANCELLED", run.output)


def test_an_interrupted_run_ends_its_jobs_and_orphans_of_a_killed_run_do_no_harm(
    slurm, checkout, one_locally
):
    interrupted = checkout.start()
    checkout.training().resume()
    interrupted.process.send_signal(signal.SIGINT)
    assert interrupted.ends() != 0
    wait_until(lambda: not interrupted.jobs("PENDING,RUNNING,COMPLETING"), "its jobs have ended")
    killed = checkout.start()
    orphan = checkout.training()
    killed.kill()
    run = checkout.start()
    another = checkout.training(but=[orphan])
    orphan.resume()
    another.resume()
    require_that_it_ended_well(run, checkout, one_locally)


def test_no_two_jobs_share_an_accelerator_at_a_time(slurm, checkout):
    checkout.configure({"replicates": 2, "folds": 2, "replicas_per_job": 1})
    rules = ("train", "train_shard", "kfold", "kfold_shard")
    gpus = [f"{rule}:gpu=1" for rule in rules]
    alone = ("trainings=1", "wholes=1")
    run = checkout.start("--set-resources", *gpus, "--group-components", *alone)
    assert run.ends() == 0, run.output
    jobs = slurm.ended(checkout.path)
    assert len(jobs) == 2 + 2 + 2
    assert 1 < len({job["NodeList"] for job in jobs}) < 4  # the first four are more than the nodes
    for node in slurm.nodes():
        times = sorted(
            (job["StartTime"], job["EndTime"]) for job in jobs if job["NodeList"] == node
        )
        for (_, end), (start, _) in pairwise(times):
            assert end <= start


def test_a_device_is_refused_if_its_node_lacks_it_or_if_it_is_auto(slurm, checkout):
    checkout.configure({"devices": ["auto"]})
    run = checkout.start()
    assert run.ends() == 1
    assert "config.yaml: devices: auto means the devices of this machine" in run.output
    assert not (checkout.path / "results/store").exists()
    checkout.configure({"devices": ["cuda:0"]})
    run = checkout.start("--retries", "0")
    assert run.ends() == 1
    assert "device cuda:0 is not on this machine, only cpu" in run.output
    assert "Traceback" not in run.output
    assert not [*checkout.path.glob(f"results/store/train/{ONE}*/*/*")]
