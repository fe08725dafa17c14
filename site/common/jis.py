"""Local-government codes: JIS X 0401 (prefecture, 2 digits), JIS X 0402 (3 digits), check digit.

Codes are text: Hokkaido's begin with a zero. The check digit is the ministry's: weights 6 to
2 over the five digits, eleven minus the sum's remainder by eleven, last digit of that.
"""

from bisect import bisect_right

# The twenty designated cities, without check digit. Their wards have codes after the city's
# own and are no municipalities; Tokyo's special wards (131…) are.
DESIGNATED_CITIES = (
    "01100", "04100", "11100", "12100", "14100", "14130", "14150", "15100", "22100", "22130",
    "23100", "26100", "27100", "27140", "28100", "33100", "34100", "40100", "40130", "43100",
)  # fmt: skip


def check_digit(code: str) -> str:
    """The sixth digit of a five-digit code. Raises ValueError unless five ASCII digits."""
    if len(code) != 5 or not (code.isascii() and code.isdigit()):
        raise ValueError(f"not a five-digit local-government code: {code!r}")
    total = sum(weight * int(digit) for weight, digit in zip(range(6, 1, -1), code, strict=True))
    return str((11 - total % 11) % 10)


def with_check_digit(code: str) -> str:
    """'04205' → '042056'. Raises ValueError unless five ASCII digits."""
    return code + check_digit(code)


def is_valid(code: str) -> bool:
    """Whether six digits end in the right check digit (not whether such a place exists)."""
    try:
        return len(code) == 6 and with_check_digit(code[:5]) == code
    except ValueError:
        return False


def prefecture_code(code: str) -> str:
    """The six-digit code of the prefecture a five- or six-digit code lies in."""
    return with_check_digit(code[:2] + "000")


def municipality_code(code: str) -> str:
    """The six-digit municipality code of a five-digit JIS code; a ward's is its city's.

    札幌市中央区 01101 → 札幌市 011002, but 千代田区 13101 → 131016, its own.
    """
    if code[2] == "1" and not code.startswith("13"):
        candidate = DESIGNATED_CITIES[bisect_right(DESIGNATED_CITIES, code) - 1]
        if candidate[:2] == code[:2]:
            code = candidate
    return with_check_digit(code)
