"""The data of the notes: Fashion-MNIST, and the two synthetic sets."""
