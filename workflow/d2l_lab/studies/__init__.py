"""One module for each experiment besides the models; the signature of `study` lists its inputs."""
