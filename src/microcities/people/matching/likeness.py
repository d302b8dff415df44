"""How alike two words are, because names are mistyped in known ways.

Sources: V. Levenshtein, Soviet Physics Doklady 10 (1966) 707-710; M. A. Jaro, J. Am. Stat. Assoc. 84 (1989) 414-420;
W. E. Winkler, "String Comparator Metrics and Enhanced Decision Rules in the Fellegi-Sunter Model of Record Linkage" (1990).
"""

PREFIX_WEIGHT = 0.1
LONGEST_PREFIX = 4


def levenshtein(first: str, second: str) -> int:
    """The smallest number of letters to insert, delete or replace that turns one word into the other."""
    if len(first) < len(second):
        first, second = second, first
    row = list(range(len(second) + 1))
    for number, letter in enumerate(first, start=1):
        before, row[0] = row[0], number
        for column, other in enumerate(second, start=1):
            before, row[column] = row[column], min(
                row[column] + 1, row[column - 1] + 1, before + (letter != other)
            )
    return row[-1]


def jaro(first: str, second: str) -> float:
    """Jaro's comparator, 0 to 1: letters in common within half the longer word, less half the transpositions."""
    if first == second:
        return 1.0 if first else 0.0
    window = max(max(len(first), len(second)) // 2 - 1, 0)
    taken = [False] * len(second)
    common = []
    for place, letter in enumerate(first):
        for other in range(max(0, place - window), min(len(second), place + window + 1)):
            if not taken[other] and second[other] == letter:
                taken[other] = True
                common.append(letter)
                break
    if not common:
        return 0.0
    mirrored = [letter for letter, is_taken in zip(second, taken, strict=True) if is_taken]
    transpositions = sum(a != b for a, b in zip(common, mirrored, strict=True)) // 2
    m = len(common)
    return (m / len(first) + m / len(second) + (m - transpositions) / m) / 3


def jaro_winkler(first: str, second: str) -> float:
    """Jaro's comparator raised by up to four equal first letters: errors at the start of a name are rarer."""
    likeness = jaro(first, second)
    prefix = 0
    for a, b in zip(first[:LONGEST_PREFIX], second[:LONGEST_PREFIX], strict=False):
        if a != b:
            break
        prefix += 1
    return likeness + prefix * PREFIX_WEIGHT * (1 - likeness)
