"""Count what the checklist of reproducibility asks for: runs, parameters, examples."""

import pandas as pd

from d2l_lab.stages.job import Job
from d2l_lab.tables import checklist, files


def work(job: Job) -> None:
    """Write checklist_models.csv and checklist_data.csv."""
    folds = {result.name: result.settings["folds"] for result in job.inputs.get("kfold", [])}
    models = [
        {
            "model": result.name.partition(".")[0],
            "device": result.settings["device"],
            "parameters": checklist.count_parameters(result.folder),
            "training_runs": result.settings["replicates"],
            "validation_runs": folds[result.name],
        }
        for result in job.inputs["train"]
    ]
    halves = [
        {"dataset": name, "split": split, **checklist.describe_data(result.folder)}
        for result in job.inputs["data"]
        for name, _, split in [result.name.rpartition("_")]
    ]
    data = pd.DataFrame(halves)
    kinds, generated = job.settings["kinds"], job.settings["generated"]
    licences = {
        name: checklist.licence(kind, is_generated=name in generated)
        for name, kind in kinds.items()
    }
    data["licence"] = data["dataset"].map(licences)
    files.write(pd.DataFrame(models), job.folder / "checklist_models.csv")
    files.write(data, job.folder / "checklist_data.csv")
