# From the configuration to the plan, and what the rules ask of it.

import json
import subprocess
import tempfile

STORE = store.STORE.as_posix()


def get_plan():
    """Make the plan of the present configuration; raise LabError if it cannot be run."""
    valid = validate(config)
    valid["models"] = in_written_order(valid["models"], Path("config.yaml"))
    environment.require_writable(Path("results"))
    plan = Plan(valid, environment.resolve_devices(valid["devices"]))
    plan.view_key  # computes every key, so that a mistake in the code shows before any job starts
    return plan


plan = or_exit(get_plan)
VIEW_MARK = f"results/.shown/{plan.view_key}"


def get_result(rule, wildcards):
    """Find the plan's result at the place that a job's wildcards name."""
    return or_exit(plan.find, rule, wildcards.name, wildcards.key)


def get_settings(rule):
    """Make the function that gives a job its settings, as JSON."""
    return lambda wildcards: json.dumps(get_result(rule, wildcards).settings)


def get_input(rule, role):
    """Make the function that gives a job the marks of its inputs: their age is no matter."""
    return lambda wildcards: [
        ancient(one.mark) for one in get_result(rule, wildcards).inputs.get(role, [])
    ]


def get_slots():
    """Make the functions that give a job the slot of its accelerator, by the slot's name.

    An accelerator has one slot: one job at a time runs on it.
    """
    return {
        slot: lambda wildcards, slot=slot: int(wildcards.name.endswith(f".{slot}"))
        for slot in map(slot_of, plan.devices)
        if slot != "cpu"
    }


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
    return f"results/{result.stage}/{file}"


def get_reported(result, file):
    """Put a file into Snakemake's report, with its caption."""
    what = file.rpartition(".")[0] if result.stage == "tables" else result.name
    return report(
        plain_name(result, file),
        category=result.stage.capitalize(),
        subcategory=what.replace("_", " "),
        caption=f"../report/{what}.rst",
        labels={"file": file},
    )


def make_report():
    """Make Snakemake's own report of everything that is shown."""
    if not Path(VIEW_MARK).exists():
        return  # a run of other targets
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(config, file)
        file.flush()
        command = [sys.executable, "-m", "snakemake", "--report", "results/report.html"]
        command += [
            "--snakefile",
            str(workflow.main_snakefile),
            "--configfile",
            file.name,
        ]
        command += ["--workflow-profile", "none", "--quiet", "all", "--nolock"]
        answer = subprocess.run(command, capture_output=True, text=True)
    if answer.returncode:
        sys.exit(
            f"results/report.html: Snakemake could not make it: {answer.stderr.strip()}"
        )


for slot in get_slots():
    workflow.register_resource(slot, 1)

if workflow.is_main_process and not workflow.dryrun:
    for result in plan.results.values():
        if or_exit(store.forget_damaged, Path(result.mark).parent):
            logger.warning(f"{result.reference}: damaged, is made again")
    show_progress(logger)
