"""OpenID Connect: authorization code flow with PKCE, state, nonce and a checked signature."""
