"""The commands besides the workflow: look at the store, and change it, outside a run."""
