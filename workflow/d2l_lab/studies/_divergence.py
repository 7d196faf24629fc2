"""How a study says that a training has diverged."""

from d2l_lab.errors import LabError


def diverged(
    study: str, where: str, found: str, learning_rate: float, key: str = "learning_rate"
) -> LabError:
    """Say in the user's words that a training has diverged, and which setting to change."""
    return LabError(
        f"study {study}: {where}: {found} with learning_rate {learning_rate:g}; "
        f"give studies.{study}.{key} a smaller value"
    )
