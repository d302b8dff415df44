"""Pages on which schools and employers find each other and agree on encounters."""
