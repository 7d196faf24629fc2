# Plan the run from the configuration, and define the functions that rules use to look up the plan.

from d2l_lab.book.sections import sections_of
from d2l_lab.book.titles import first_sentence, title
from d2l_lab.forkserver import server as forkserver
from d2l_lab.pipeline.result import Result
from d2l_lab.pipeline.status import Status
from d2l_lab.store import layout, view
from d2l_lab.tables import divergences


def get_plan():
    """Plan the current configuration; raise LabError if it cannot be run."""
    plan = make_plan(config, written)
    for folder in (view.RESULTS, Path(".snakemake")):
        environment.require_writable(folder)
    return plan


plan = or_exit(get_plan)
# Compute every key now, so that errors in the code appear before any job starts.
or_exit(lambda: [result.key for result in plan.results.values()])


# Results without their own jobs: those that a batch of a sweep trains, and those that are only
# read.
not_jobs = [result.key for batch in plan.batches.values() for result in batch]
not_jobs += [result.key for result in plan.borrowed]


wildcard_constraints:
    key=f"(?!{'|'.join(not_jobs) or 'none'})[0-9a-f]{{16}}",
    device="[a-z]+[0-9]*",
    first="[0-9]+",
    last="[0-9]+",


def where_results_are():
    """Say at the end of a run where to look."""
    there = f"all results are in {view.RESULTS}/"
    has_book = plan.config["book"]["languages"]
    return f"{there}; the book is {view.RESULTS}/book/index.html" if has_book else there


# What happens before and after Snakemake builds the graph of jobs; see snakemake_internals.


def before_the_graph():
    """Before Snakemake looks for files: make sure that what it finds is valid."""
    if internals.makes_results(workflow):
        or_exit(use_devices)
        status = or_exit(session.begin, plan)
        or_exit(internals.forget_killed_runs, workflow)
        internals.end_with_the_last_job(workflow)
        internals.show_progress()
        return status
    if workflow.executor_plugin is not None and workflow.dryrun:
        status = or_exit(Status, plan)
        internals.count_as_missing(workflow, session.paths_to_make(status))
        return status
    return None


def before_deletion():
    """Before Snakemake deletes all output: make sure that no run is using it."""
    or_exit(session.claim_results)
    or_exit(session.claim_store)


def after_the_graph(status):
    """Run only what is missing, and load modules that several jobs need in the fork server."""
    if status is None:
        return
    internals.run_only_missing(workflow, lambda path: session.is_there(status, path))
    results = session.results_at(plan, internals.outputs_to_make(workflow))
    if results and internals.makes_results(workflow):
        or_exit(environment.require_writable, layout.STORE)
        # In conda environments or containers, jobs load their modules themselves.
        if workflow.local_exec and not deployment:
            or_exit(forkserver.start, session.modules_to_load(results))


internals.around_graph(workflow, before_the_graph, after_the_graph)
internals.around_deletion(
    workflow, before_deletion, lambda paths: or_exit(session.delete_rest, plan, paths)
)


def use_devices():
    """Check the devices, if this machine runs the jobs, and declare them as resources."""
    if internals.is_remote(workflow):
        environment.require_names(plan.config["devices"])
        return  # each machine checks its own devices, and its scheduler assigns them
    slots = environment.accelerator_slots(plan.devices)
    for device, jobs in slots.items():
        workflow.register_resource(environment.device_slot(device), jobs)


def tell_diverged():
    """Print which models have diverged at the end of a run, even a quiet one."""
    for line in divergences.lines(session.diverged(plan)):
        print(line, file=sys.stderr)


onsuccess:
    tell_diverged()


onerror:
    tell_diverged()


# What the rules look up


def get_result(stage, name, wildcards):
    """Find a result of the plan, by its name, or by the name and key in the wildcards."""
    if isinstance(name, Result):
        return name
    if name is not None:
        return plan[stage, name]
    words = {word: value for word, value in wildcards.items() if word != "key"}
    if "last" in words:
        words["first"] += f"-{words.pop('last')}"
    return or_exit(plan.find, stage, ".".join(words.values()), wildcards.key)


def get_files(choose):
    """Return a function that gives a job the files of results to make before it.

    If jobs share a disk, the provenance represents all files of a result; otherwise each file must
    be fetched. Inputs may be newer than the results made from them: a result is made if it is
    missing, not if it is old, since its key covers its inputs.
    """
    number = 1 if internals.shares_disk(workflow) else None
    return lambda wildcards: [
        ancient(path) for result in choose(wildcards) for path in result.paths[:number]
    ]


def get_input(stage, role, name=None):
    """Return a function that gives a job the files of its inputs in a role."""
    return get_files(
        lambda wildcards: get_result(stage, name, wildcards).inputs.get(role, [])
    )


def get_shards(stage):
    """Return a function that gives a job the files of its shards."""
    return get_files(lambda wildcards: get_result(stage, None, wildcards).shards)


def get_settings(stage, name=None):
    """Return a function that gives a job its settings as arguments of its command."""
    return lambda wildcards: as_arguments(get_result(stage, name, wildcards).settings)


def as_arguments(settings):
    """Format settings as arguments of a command."""
    return [as_argument(*setting) for setting in settings.items()]


def get_also(batch):
    """Return a function that gives a job, as arguments, the results besides its first one.

    Each is followed by the settings in which it differs.
    """
    first, *others = batch
    return lambda wildcards: [
        word
        for result in others
        for word in (
            "--also",
            str(result.provenance),
            *as_arguments(dict(result.settings.items() - first.settings.items())),
        )
    ]


def get_unkeyed(stage, name=None):
    """Return a function that gives a job, as arguments, the settings that do not change its result."""
    return lambda wildcards: as_arguments(get_result(stage, name, wildcards).unkeyed)


def get_about(stage):
    """Return a function that briefly describes how a job trains."""
    return lambda wildcards: resources.describe(get_result(stage, None, wildcards))


def get_caption(wildcards):
    """Read the caption of a figure; figures drawn by the same module share it."""
    drawn_by = get_result("figures", None, wildcards).settings["module"]
    return (environment.ROOT / "report" / f"{drawn_by}.rst").read_text("utf-8")


def get_force(wildcards):
    """Make a job recompute existing results if Snakemake is forced to."""
    return ["--force"] if internals.is_forced(workflow) else []


def get_resources(stage, name=None):
    """Return functions that say how much of each resource a job needs, by resource.

    On this machine a job takes a slot of its accelerator; elsewhere a scheduler assigns it a GPU.
    """
    return get_resources_of(lambda wildcards: [get_result(stage, name, wildcards)])


def get_resources_of(choose):
    """Return these functions for a job that makes several results."""
    needs = {
        "mem_mb": lambda results, attempt: attempt
        * sum(map(resources.memory, results)),
        "runtime": lambda results, attempt: attempt
        * sum(map(resources.runtime, results)),
        "gpu": lambda results, attempt: int(resources.device(results[0]) != "cpu"),
    }
    for slot in map(environment.device_slot, plan.devices):
        if slot != "cpu":
            needs[slot] = lambda results, attempt, slot=slot: int(
                environment.device_slot(resources.device(results[0])) == slot
            )
    return {
        need: lambda wildcards, attempt, ask=ask: ask(choose(wildcards), attempt)
        for need, ask in needs.items()
    }


def get_group(stage, name=None):
    """Return a function that names the group in which a cluster runs a short job, if any.

    A dry run lists each job by itself.
    """
    return lambda wildcards: (
        None if workflow.dryrun else resources.group(get_result(stage, name, wildcards))
    )


# The outputs and commands of the rules


def stored(path):
    """Declare a file of a result in the store, which a job must keep until it has a new one.

    With a storage provider, `update` makes a forced run crash, so it is not used there.
    """
    path = f"{layout.STORE}/{path}"
    return update(path) if internals.shares_disk(workflow) else path


def stored_files(stage, name):
    """Declare all files of a result, by their names without suffix."""
    paths = stored_paths(plan[stage, name])
    return {Path(path).stem: path for path in paths}


def stored_paths(result):
    """Declare all files of a result, its provenance first."""
    return [stored(Path(path).relative_to(layout.STORE)) for path in result.paths]


def reported(declared, category, caption, labels):
    """Put a stored file into Snakemake's report, with its caption."""
    return report(declared, category=category, caption=caption, labels=labels)


def get_labels(kind, name, caption):
    """Label a figure or table in Snakemake's report: title, content and sections of the notes."""
    labels = {kind: title(name), "shows": first_sentence(caption)}
    notes = ", ".join(sections_of(name))
    return labels | ({"notes": notes} if notes else {})


def get_figure_labels(wildcards):
    """Label a figure, which may share its caption with others of its module."""
    drawn_by = get_result("figures", None, wildcards).settings["module"]
    return get_labels("figure", wildcards.figure, drawn_by)


# With a row for each epoch, point or example they would be a third of the report; the book has
# them.
LONG_TABLES = {
    "activations",
    "capacity",
    "capacity_test",
    "closed_form_distance",
    "information_cross_entropy",
    "kfold",
    "learning_rate_path",
    "learning_rate_surface",
    "minibatches_examples",
    "redrawn",
    "sample_size",
    "sample_size_examples",
    "sample_size_fits",
    "training",
    "weight_images_pixels",
}


def reported_tables(stage, name):
    """Declare all files of a result, with the tables in Snakemake's report, but the longest."""
    return {
        stem: (
            reported(
                declared,
                "Tables",
                f"../report/{stem}.rst",
                get_labels("table", stem, stem),
            )
            if declared.endswith(".csv") and stem not in LONG_TABLES
            else declared
        )
        for stem, declared in stored_files(stage, name).items()
    }


def get_start(wildcards):
    """Return the beginning of a job's command, so that it also runs when pasted into a shell."""
    python = "python" if deployment else sys.executable
    return ["env", f"PYTHONPATH={environment.module_path()}", python, "-m"]


def get_roles(wildcards, input):
    """Return a job's inputs as arguments of its command: each role with its files.

    Shards are left out, since the stage finds them itself, like all replicas that it need not
    train.
    """
    roles = (
        (role, [files] if isinstance(files, str) else files)
        for role, files in input.items()
    )
    return [
        word
        for role, files in roles
        if files and role != "shards"
        for word in ("--input", role, *files)
    ]
