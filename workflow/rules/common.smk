# From the configuration to the plan, and what the rules ask of it.

import json
import shutil
import subprocess
import tempfile
from functools import cache

STORE = layout.STORE.as_posix()


def get_plan():
    """Make the plan of the present configuration; raise LabError if it cannot be run."""
    plan = plan_of(config, written)
    environment.require_writable(run.RESULTS)
    plan.view_key  # computes every key, so that a mistake in the code shows before any job starts
    return plan


plan = or_exit(get_plan)
VIEW = run.view_of(plan)


def get_view(wildcards):
    """Give the mark of the present view, to the target `all`.

    Snakemake asks for inputs when it knows what it is to do, and locks its folder only then.
    """
    begin_run()
    return str(VIEW)


@cache
def begin_run():
    """Before jobs start: be the only run in this folder, and let what was altered be made again."""
    runs = workflow.executor_plugin is not None and not (
        workflow.dryrun or workflow.touch
    )
    if not (workflow.is_main_process and runs):
        return  # so a job that another machine runs, by a Snakemake of its own, begins nothing
    or_exit(use_devices)
    or_exit(run.be_the_only_one)
    # What Snakemake noted of a run that was killed: its locks, for no other run is alive, and the
    # jobs it did not end, for a result is whole or absent. (--report would refuse to work.)
    workflow.persistence.cleanup_locks()
    for notes in ("locks", "incomplete"):
        shutil.rmtree(Path(workflow.persistence.path, notes), ignore_errors=True)
        Path(workflow.persistence.path, notes).mkdir()
    or_exit(run.use_the_store)
    standing = run.Standing(plan, VIEW)
    or_exit(run.forget_what_was_altered, standing, VIEW)
    for result in standing.altered:
        logger.warning(f"{result.reference}: altered since it was made, is made again")
    if standing.to_make:
        or_exit(environment.require_writable, layout.STORE)
        # In environments of their own, jobs load their modules themselves.
        if workflow.local_exec and not deployment:
            start_warm([*run.modules_of(standing.to_make), ["snakemake.cli"]])
    for printer in [one for one in logger.handlers if getattr(one, "is_tty", False)]:
        # Imported for a terminal alone: its library takes a while.
        from d2l_lab.pipeline.progress import ProgressBar

        logger.addHandler(ProgressBar(printer))


def use_devices():
    """Make sure of the devices, as far as this machine runs the jobs, and share them out."""
    if workflow.executor_plugin.common_settings.non_local_exec:
        environment.require_names(plan.config["devices"])
        return  # each machine looks for its devices itself, and its scheduler shares them out
    for device, jobs in environment.slots_of(plan.devices).items():
        workflow.register_resource(slot_of(device), jobs)


def get_result(rule, wildcards):
    """Find the plan's result at the place that a job's wildcards name."""
    return or_exit(plan.find, rule, wildcards.name, wildcards.key)


def get_settings(rule):
    """Make the function that gives a job its settings, as JSON."""
    return lambda wildcards: json.dumps(get_result(rule, wildcards).settings)


def get_input(rule, role):
    """Make the function that gives a job the marks of its inputs."""
    return get_marks(rule, lambda result: result.inputs.get(role, []))


def get_shards(rule):
    """Make the function that gives a job the marks of its shards, which are made before it."""
    return get_marks(rule, lambda result: result.shards)


def get_marks(rule, choose):
    """Make the function that gives a job the marks of some results that are made before it.

    Their age is no matter. A result that is there needs none: so what only it rests on is not
    made for its sake, and the graph of jobs holds no more than what is to be done.
    """

    def get(wildcards):
        begin_run()
        result = get_result(rule, wildcards)
        if is_settled(result.mark):
            return []
        return [ancient(one.mark) for one in choose(result)]

    return get


def get_to_show(wildcards):
    """Give the marks of what is to be shown, unless it is shown already."""
    begin_run()
    return [] if is_settled(VIEW) else [ancient(result.mark) for result in plan.shown]


def is_settled(mark):
    """Tell whether a job has nothing to do; if there is no run, but a report, all jobs count."""
    return (
        workflow.executor_plugin is not None and not is_forced() and Path(mark).exists()
    )


def is_forced():
    """Tell whether Snakemake is asked to make what is there already."""
    settings = workflow.dag_settings
    return bool(settings.forceall or settings.forcerun or settings.forcetargets)


def get_again(wildcards):
    """Say whether a job is to make even a result that is there."""
    return "yes" if is_forced() else "no"


def accelerators():
    """Name the slots of each device but the CPU."""
    return [slot_of(device) for device in plan.devices if device != "cpu"]


def get_needs(rule):
    """Make the functions that say what a job needs of a machine, by the name of each resource.

    On this machine a job takes a slot of its accelerator; elsewhere a scheduler finds it a GPU.
    """
    needs = {
        "mem_mb": lambda result, attempt: attempt * demand.memory(result),
        "runtime": lambda result, attempt: attempt * demand.runtime(result),
        "gpu": lambda result, attempt: int(demand.device_of(result) != "cpu"),
    }
    for slot in accelerators():
        needs[slot] = lambda result, attempt, slot=slot: int(
            slot_of(demand.device_of(result)) == slot
        )
    return {
        name: lambda wildcards, attempt, need=need: need(
            get_result(rule, wildcards), attempt
        )
        for name, need in needs.items()
    }


def get_group(rule):
    """Make the function that names the group in which a cluster runs a short job, if any.

    A dry run is to list each job by itself.
    """
    return lambda wildcards: (
        None if workflow.dryrun else demand.group_of(get_result(rule, wildcards))
    )


def get_shown():
    """List the plain names of the results that people read, for Snakemake's report too."""
    return [
        (
            get_reported(result, file)
            if file.endswith((".svg", ".csv"))
            else plain_name(result, file)
        )
        for result in plan.shown
        for file in result.files
    ]


def plain_name(result, file):
    """Give the name under which people read a file of a result."""
    return f"results/{result.shelf}/{file}"


def get_reported(result, file):
    """Put a file into Snakemake's report, with its caption."""
    if result.shelf == "tables":
        what = file.rpartition(".")[0]
    else:  # figures drawn by one module share its caption
        what = result.settings["module"].rpartition(".")[2]
    notes = ", ".join(sections_of(result.name))
    return report(
        plain_name(result, file),
        category=result.shelf.capitalize(),
        subcategory=what.replace("_", " "),
        caption=f"../report/{what}.rst",
        labels={"file": file} | ({"notes": notes} if notes else {}),
    )


def make_report():
    """Make Snakemake's own report of everything that is shown."""
    if not VIEW.exists():
        return  # a run of other targets
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(config, file)
        file.flush()
        run.REPORT.parent.mkdir(exist_ok=True)
        command = [sys.executable, "-m", "d2l_lab.forkserver"]
        command += ["snakemake", "--report", str(run.REPORT)]
        command += [
            "--snakefile",
            str(workflow.main_snakefile),
            "--configfile",
            file.name,
        ]
        command += ["--workflow-profile", "none", "--quiet", "all", "--nolock"]
        answer = subprocess.run(command, capture_output=True, text=True)
    if answer.returncode:
        said = (answer.stderr + answer.stdout).strip()
        sys.exit(f"{run.REPORT}: Snakemake could not make it: {said}")
