"""From the configuration to the plan of all results, and what must be so while they are computed."""
