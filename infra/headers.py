"""The security headers that every answer carries, whoever writes it: the application, or the server before it."""

from __future__ import annotations

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Our own forms need it: over TLS the CSRF check asks where a POST came from.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex",
}

#: A year, and only where the service is reached over TLS: on plain http a browser must ignore it.
STRICT_TRANSPORT_SECURITY = "max-age=31536000; includeSubDomains"


def headers(*, https: bool) -> dict[str, str]:
    """The headers of every answer of a service that is reached over TLS, or not."""
    return HEADERS | ({"Strict-Transport-Security": STRICT_TRANSPORT_SECURITY} if https else {})
