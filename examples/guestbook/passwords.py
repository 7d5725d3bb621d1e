"""Password hashes: salted PBKDF2 by pydal's CRYPT, with many more rounds than its default of 1000."""

from pydal.validators import CRYPT

# About a tenth of a second of work, for us and for whoever would steal the table.
_crypt = CRYPT(digest_alg="pbkdf2(210000,32,sha512)")


def hashed(password):
    """What to store."""
    return str(_crypt(password)[0])


# Compared with when nobody has the user name: the answer must take as long as for a wrong password.
_NOBODY = hashed("nobody has this one")


def matches(password, stored):
    """Whether `password` belongs to the stored hash; `stored` is None for an unknown user."""
    # CRYPT refuses an empty value and hands it back as it was.
    fits = bool(password) and _crypt(password)[0] == (stored or _NOBODY)
    return fits and stored is not None
