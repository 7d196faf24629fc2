"""The one kind of error that a user sees."""


class LabError(Exception):
    """Something the user can mend: each line names what, what was found, what is allowed.

    Every command of the project prints its message, without a traceback, and exits with 1.
    """

    def _render_traceback_(self) -> list[str]:
        """Let a notebook show the message alone."""
        return str(self).splitlines()
