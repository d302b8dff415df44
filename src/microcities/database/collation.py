"""Puts Latvian text in dictionary order and makes it findable without diacritics; twins of the SQL functions.

Order follows CLDR `lv` with white space and punctuation counted: č ģ ķ ļ ņ ŗ š ž are letters of their own
after their base letter; ā ē ī ō ū differ from theirs only when all else is equal, and so does y from i;
then small before capital. White space, punctuation and digits come before letters. Sources: CLDR
common/collation/lv.xml; Unicode Technical Standard 10 (levels of comparison).

The SQL in migrations/0001 gives the very same text for the same input; tests hold the two together.
"""

import re
import unicodedata

# Letters of their own are held in the private area while marks are split off, so that they keep theirs.
_OWN = "ČčĢģĶķĻļŅņŖŗŠšŽž"
_HELD = "".join(chr(0xE000 + index) for index in range(len(_OWN)))
_HOLD = str.maketrans(_OWN, _HELD)
# Unicode does not decompose these: their nearest letters, told apart by a stroke as others are by a mark.
_UNDECOMPOSED = str.maketrans(
    {
        "Ł": "L\u0335", "ł": "l\u0335", "Ø": "O\u0335", "ø": "o\u0335", "Đ": "D\u0335", "đ": "d\u0335",
        "Ħ": "H\u0335", "ħ": "h\u0335", "ı": "i\u0335", "ß": "s\u0335s", "ẞ": "S\u0335S", "Æ": "A\u0335E",
        "æ": "a\u0335e", "Œ": "O\u0335E", "œ": "o\u0335e", "Þ": "T\u0335H", "þ": "t\u0335h",
    }
)  # fmt: skip
_MARKS = re.compile("[\u0300-\u036f]")
_CAPITAL = re.compile("([A-Z\u0391-\u03a9\u0400-\u042f" + _HELD[::2] + "])")
# A capital weighs as its small letter with a mark of its own, on a level of its own.
_RAISED = "\\1\u0336"
# Control characters other than white space, soft hyphen, zero-width characters: never compared.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\ufeff]")
_SPACES = re.compile(" +")
_WHITE = str.maketrans("\t\n\r", "   ")
_GREEK_CYRILLIC = "".join(map(chr, (*range(0x391, 0x3AA), *range(0x410, 0x430), *range(0x400, 0x410))))
_THEIR_SMALL = "".join(map(chr, (*range(0x3B1, 0x3CA), *range(0x430, 0x450), *range(0x450, 0x460))))
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SMALL = str.maketrans(_LETTERS.upper() + _GREEK_CYRILLIC, _LETTERS + _THEIR_SMALL)
_SMALL_HELD = _SMALL | str.maketrans(_HELD[::2], _HELD[1::2])
# The first level: each character of this line weighs more than the one before it, from "!" upwards.
_ORDER = (
    " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789"
    "abc\ue001defg\ue003hijk\ue005l\ue007mn\ue009opqr\ue00bs\ue00dtuvwxz\ue00f"
)
# What weighs as another character of the line: dashes, quotation marks, currencies, y as i.
_ALIKE = str.maketrans("–—‐‘’“”„«»€£y", '---\'\'"""""$$i')
_WEIGHTS = str.maketrans(_ORDER, "".join(chr(0x21 + index) for index in range(len(_ORDER))))
# On the second level y weighs more than any i, and a j never stands in its place.
_Y_ABOVE_I = str.maketrans("y", "j")


def latvian_key(text: str) -> str:
    """A key that, compared code point by code point (COLLATE "C"), sorts as Latvian dictionaries do.

    Three levels parted by a space, which is lower than every weight: letters; letters with marks; letters with
    capitals. A level that adds nothing is empty, which is lower than anything it is ever compared with.
    """
    split = _split(unicodedata.normalize("NFC", text).translate(_HOLD))
    letters = _MARKS.sub("", split)
    plain = letters.translate(_SMALL_HELD)
    second = third = ""
    if split != letters or "y" in plain:
        second = _weighed(split.translate(_SMALL_HELD).translate(_Y_ABOVE_I))
    if plain != letters:
        third = _weighed(_CAPITAL.sub(_RAISED, letters).translate(_SMALL_HELD))
    return f"{_weighed(plain)} {second} {third}"


def search_key(text: str) -> str:
    """The text in small letters, without diacritics and with single spaces: for finding, not for showing."""
    letters = _MARKS.sub("", _split(text)).translate(_SMALL)
    return _SPACES.sub(" ", letters).strip(" ")


def _split(text: str) -> str:
    """Base letters followed by their marks, compatible forms replaced, unseen characters left out."""
    split = unicodedata.normalize("NFKD", text).translate(_UNDECOMPOSED)
    return _UNSEEN.sub("", split).translate(_WHITE)


def _weighed(text: str) -> str:
    return text.translate(_ALIKE).translate(_WEIGHTS)
