"""What can be asked of the store, and done to it, outside a run."""
