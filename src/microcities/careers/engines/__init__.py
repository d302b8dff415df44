"""The calculations behind career support: pure, typed functions without Django, with their sources."""
