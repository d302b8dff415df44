"""SAML 2.0: web browser profile, signed assertions, each accepted once and only when asked for."""
