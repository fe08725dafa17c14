"""A typed "no": operations raise it, the edge that called them makes the sentence."""


class Refused(Exception):
    """What was asked is not allowed, for a reason the caller can name.

    `code` is a stable snake_case word (`session_full`); `data` holds the facts a sentence
    about it needs. Never a translated text: the same refusal is shown on a page, in the API
    and in a spreadsheet of errors.
    """

    def __init__(self, code: str, /, **data: object) -> None:
        super().__init__(code)
        self.code = code
        self.data = data

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.data.items())
        return f"{self.code} ({facts})" if facts else self.code
