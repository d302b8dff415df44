"""What every other app may rely on: three extensions, Latvian order and search without diacritics.

All three extensions are "trusted": the owner of the database may create them, no superuser is needed. The functions
use nothing of the server's locale or ICU, so they give the same keys on every server: every comparison in them is by
code point, and lower() under COLLATE "C" touches ASCII only. `microcities.database.collation` explains them and holds
their Python twins. Their results may stand in indexes: never change a function here, add a new one (or rebuild every
index on it in the same migration).
"""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations

# What both functions do, and one does three times: letters that Unicode does not decompose, characters that nobody sees,
# Greek and Cyrillic capitals with their small letters.
PARTS = {
    "{strokes}": r"""        IF split ~ '[\u0141\u0142\u00d8\u00f8\u0110\u0111\u0126\u0127\u0131\u00df\u1e9e\u00c6\u00e6\u0152\u0153\u00de\u00fe]' THEN
            split := replace(split, E'\u0141', E'L\u0335');
            split := replace(split, E'\u0142', E'l\u0335');
            split := replace(split, E'\u00d8', E'O\u0335');
            split := replace(split, E'\u00f8', E'o\u0335');
            split := replace(split, E'\u0110', E'D\u0335');
            split := replace(split, E'\u0111', E'd\u0335');
            split := replace(split, E'\u0126', E'H\u0335');
            split := replace(split, E'\u0127', E'h\u0335');
            split := replace(split, E'\u0131', E'i\u0335');
            split := replace(split, E'\u00df', E's\u0335s');
            split := replace(split, E'\u1e9e', E'S\u0335S');
            split := replace(split, E'\u00c6', E'A\u0335E');
            split := replace(split, E'\u00e6', E'a\u0335e');
            split := replace(split, E'\u0152', E'O\u0335E');
            split := replace(split, E'\u0153', E'o\u0335e');
            split := replace(split, E'\u00de', E'T\u0335H');
            split := replace(split, E'\u00fe', E't\u0335h');
        END IF;
""",
    "{unseen}": r"""    IF split ~ '[\u0001-\u001f\u007f-\u009f\u00ad\u200b-\u200f\ufeff]' THEN
        split := translate(regexp_replace(split, '[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\ufeff]', '', 'g'), E'\t\n\r', '   ');
    END IF;
""",
    "{small_letters}": r"""                E'\u0391\u0392\u0393\u0394\u0395\u0396\u0397\u0398\u0399\u039a\u039b\u039c\u039d\u039e'
                '\u039f\u03a0\u03a1\u03a2\u03a3\u03a4\u03a5\u03a6\u03a7\u03a8\u03a9\u0410\u0411\u0412'
                '\u0413\u0414\u0415\u0416\u0417\u0418\u0419\u041a\u041b\u041c\u041d\u041e\u041f\u0420'
                '\u0421\u0422\u0423\u0424\u0425\u0426\u0427\u0428\u0429\u042a\u042b\u042c\u042d\u042e'
                '\u042f\u0400\u0401\u0402\u0403\u0404\u0405\u0406\u0407\u0408\u0409\u040a\u040b\u040c'
                '\u040d\u040e\u040f',
                E'\u03b1\u03b2\u03b3\u03b4\u03b5\u03b6\u03b7\u03b8\u03b9\u03ba\u03bb\u03bc\u03bd\u03be'
                '\u03bf\u03c0\u03c1\u03c2\u03c3\u03c4\u03c5\u03c6\u03c7\u03c8\u03c9\u0430\u0431\u0432'
                '\u0433\u0434\u0435\u0436\u0437\u0438\u0439\u043a\u043b\u043c\u043d\u043e\u043f\u0440'
                '\u0441\u0442\u0443\u0444\u0445\u0446\u0447\u0448\u0449\u044a\u044b\u044c\u044d\u044e'
                '\u044f\u0450\u0451\u0452\u0453\u0454\u0455\u0456\u0457\u0458\u0459\u045a\u045b\u045c'
                '\u045d\u045e\u045f'""",
}


def whole(function: str) -> str:
    """The statement with its parts."""
    for name, text in PARTS.items():
        function = function.replace(name, text)
    return function


LATVIAN_KEY = r"""
CREATE FUNCTION latvian_key(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE
    alike_and_order CONSTANT text :=
            E'asieutrnokmdpvlbgzjcfhqwxy\ue009\ue00d\ue007\ue00f\ue005\ue001\ue003\ue00b .-0123456'
            '789_,;:!?''"()[]{}@*/\\&#%`^+<=>|~$\u2013\u2014\u2010\u2018\u2019\u201c\u201d\u201e'
            '\u00ab\u00bb\u20ac\u00a3';
    weights CONSTANT text :=
            E'LdVQgfb]_X\\P`hZMSkWNRUaijV^e[lYOTc!)#BCDEFGHIJK"$%&''(*+,-./0123456789:;<=>?@A###**'
            '+++++AA';
    held CONSTANT text := E'\ue000\ue002\ue004\ue006\ue008\ue00a\ue00c\ue00e';
    held_small CONSTANT text := E'\ue001\ue003\ue005\ue007\ue009\ue00b\ue00d\ue00f';
    split text COLLATE "C" := value;
    letters text COLLATE "C";
    plain text COLLATE "C";
    second text COLLATE "C" := '';
    third text COLLATE "C" := '';
    foreign_capitals boolean;
BEGIN
    IF octet_length(value) <> length(value) THEN
        split := normalize(translate(normalize(value, NFC),
            E'\u010c\u010d\u0122\u0123\u0136\u0137\u013b\u013c\u0145\u0146\u0156\u0157\u0160\u0161'
            '\u017d\u017e',
            E'\ue000\ue001\ue002\ue003\ue004\ue005\ue006\ue007\ue008\ue009\ue00a\ue00b\ue00c\ue00d'
            '\ue00e\ue00f'), NFKD);
{strokes}    END IF;
{unseen}    letters := regexp_replace(split, '[\u0300-\u036f]', '', 'g');
    plain := translate(lower(letters), held, held_small);
    foreign_capitals := plain ~ '[\u0391-\u03a9\u0400-\u042f]';
    IF foreign_capitals THEN
        plain := translate(plain,
{small_letters});
    END IF;
    IF split <> letters OR strpos(plain, 'y') > 0 THEN
        second := translate(lower(split), held, held_small);
        IF foreign_capitals THEN
            second := translate(second,
{small_letters});
        END IF;
        second := translate(translate(second, 'y', 'j'), alike_and_order, weights);
    END IF;
    IF plain <> letters THEN
        third := regexp_replace(letters, '([A-Z\u0391-\u03a9\u0400-\u042f\ue000\ue002\ue004\ue006\ue008\ue00a\ue00c\ue00e])', E'\\1\u0336', 'g');
        third := translate(lower(third), held, held_small);
        IF foreign_capitals THEN
            third := translate(third,
{small_letters});
        END IF;
        third := translate(third, alike_and_order, weights);
    END IF;
    RETURN translate(plain, alike_and_order, weights) || ' ' || second || ' ' || third;
END
$function$
"""

SEARCH_KEY = r"""
CREATE FUNCTION search_key(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE
    split text COLLATE "C" := value;
    letters text COLLATE "C";
BEGIN
    IF octet_length(value) <> length(value) THEN
        split := normalize(value, NFKD);
{strokes}    END IF;
{unseen}    letters := lower(regexp_replace(split, '[\u0300-\u036f]', '', 'g'));
    IF letters ~ '[\u0391-\u03a9\u0400-\u042f]' THEN
        letters := translate(letters,
{small_letters});
    END IF;
    RETURN btrim(regexp_replace(letters, '  +', ' ', 'g'), ' ');
END
$function$
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        BtreeGistExtension(),  # exclusion constraints over a thing and a span of time
        TrigramExtension(),  # search that forgives typing errors
        UnaccentExtension(),  # full text without diacritics
        migrations.RunSQL(whole(LATVIAN_KEY), "DROP FUNCTION latvian_key(text)"),
        migrations.RunSQL(whole(SEARCH_KEY), "DROP FUNCTION search_key(text)"),
    ]
