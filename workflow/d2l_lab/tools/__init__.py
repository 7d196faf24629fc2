"""The commands besides the workflow, to inspect and change the store outside a run."""
