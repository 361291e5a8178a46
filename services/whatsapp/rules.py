"""Whether a webhook really comes from Meta; no session, clock or I/O."""

import hashlib
import hmac

SIGNATURE_PREFIX = "sha256="


def is_signed(body: bytes, *, signature: str, app_secret: str) -> bool:
    """Whether X-Hub-Signature-256 fits the raw bytes; compared in constant time.

    https://developers.facebook.com/docs/graph-api/webhooks/getting-started: HMAC-SHA-256 of the
    payload under the app secret, in hex.

    Args:
        body: exactly the bytes that came in: Meta escapes non-ASCII, re-encoding breaks the sum.
        signature: the header's value, as "sha256=...".
        app_secret: of the Meta app; an empty one fits nothing.
    """
    if not app_secret or not signature.startswith(SIGNATURE_PREFIX):
        return False
    wanted = hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    told = signature.removeprefix(SIGNATURE_PREFIX)
    return hmac.compare_digest(wanted.encode(), told.encode())


def is_verify_token(told: str, *, verify_token: str) -> bool:
    """Whether a subscription asks with our token; an empty token fits nothing."""
    return bool(verify_token) and hmac.compare_digest(told.encode(), verify_token.encode())
