"""Names that follow from a municipality's code."""


def schema_of(code: str) -> str:
    """The schema of the municipality with this code, whether it is there or not."""
    return f"m{code}"


def code_of(schema: str) -> str:
    """The code of the municipality whose schema this is."""
    return schema.removeprefix("m")
