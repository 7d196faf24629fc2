"""Plan all results from the configuration, and set up what a run needs around its jobs."""
