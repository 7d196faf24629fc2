"""One small planner for each part of the plan: `add_to(plan)` adds its results."""
