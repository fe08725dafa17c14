"""A command that can't go on says so in a sentence, without a traceback."""


class LauncherRefused(Exception):
    """Shown to the person at the keyboard as it is; the command then exits with `status`."""

    def __init__(self, sentence: str, status: int = 1) -> None:
        super().__init__(sentence)
        self.status = status
