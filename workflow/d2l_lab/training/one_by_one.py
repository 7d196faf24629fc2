"""R nets of any kind, trained one after the other, each as torch trains it alone."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from d2l_lab.training.faults import fault
from d2l_lab.training.randomness import Stream


class OneByOne(nn.Module):
    """R nets, each with its own rows and its own random numbers.

    So a replica has the same bits whatever is trained with it. Training and evaluation use
    separate random numbers, so it does not matter how often a net is evaluated.

    Parameters
    ----------
    nets : sequence of R modules
        Nets that differ only in their values.
    training, evaluation : sequence of R Streams
        The random numbers of each net.
    device : str
    """

    def __init__(
        self,
        nets: Sequence[nn.Module],
        training: Sequence[Stream],
        evaluation: Sequence[Stream],
        device: str,
    ):
        super().__init__()
        self.nets = nn.ModuleList(nets).to(device)
        self.streams = {True: training, False: evaluation}

    def forward(self, X: Tensor, weight: Tensor | None = None) -> Tensor:
        """Return the outputs (R, B, q) for the inputs (R, B, ...).

        Rows with weight zero, (R, B), are at the end; no net sees them, and their outputs are zero.
        """
        R, B = X.shape[:2]
        sizes = [B] * R if weight is None else weight.count_nonzero(dim=1).tolist()
        outputs = [
            self._outputs(replica, X[replica, :size]) if size else None
            for replica, size in enumerate(sizes)
        ]
        none = X.new_zeros(0, next(own.shape[1] for own in outputs if own is not None))
        rows = [none if own is None else own for own in outputs]
        return torch.stack([pad(own, (0, 0, 0, B - len(own))) for own in rows])

    def _outputs(self, replica: int, X: Tensor) -> Tensor:
        """Return the outputs (B, q) of one replica for its rows (B, ...)."""
        net = self.nets[replica]
        X = X.clone()  # the net may change it, and must find it in memory as if alone
        try:
            with self.streams[self.training][replica]:
                outputs = net(X)
            require_rows(outputs, len(X))
        except Exception as error:
            raise fault(error, net, X) from None
        return outputs

    def state(self) -> dict[str, Tensor]:
        """Return parameters and buffers of all replicas, (R, ...), in torch's names."""
        states = [net.state_dict() for net in self.nets]
        return {name: torch.stack([own[name] for own in states]) for name in states[0]}


def require_rows(outputs: object, rows: int) -> None:
    """Refuse anything but a row of outputs for each row of inputs."""
    if not isinstance(outputs, Tensor):
        raise TypeError(f"the net returns a {type(outputs).__name__}, not a tensor (rows, outputs)")
    if outputs.dim() != 2 or len(outputs) != rows:
        raise ValueError(f"the net returns a tensor {(*outputs.shape,)}, not (rows, outputs)")
