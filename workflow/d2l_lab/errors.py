"""The error that reports a user's mistake."""


class LabError(Exception):
    """A mistake that the user can fix; each line says where, what was found and what is allowed.

    Every command prints its message without a traceback and exits with status 1.
    """

    def _render_traceback_(self) -> list[str]:
        """Return the message alone; a notebook then shows no traceback."""
        return str(self).splitlines()
