"""From the configuration to the plan of all results, and what a run needs around its jobs."""
