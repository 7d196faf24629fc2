"""One module an experiment that is not a model; what `study` asks for stands in its signature."""
