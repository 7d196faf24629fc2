"""One module a rule: it reads files, calls the science, writes one result."""
