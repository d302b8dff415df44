"""Sign-in through identity providers, with the personal code turned into a keyed hash before anything is stored."""
