"""Staff cookies: HttpOnly, SameSite, and over TLS with the `__Host-` prefix."""

from starlette.requests import Request
from starlette.responses import Response

HOST_ONLY = "__Host-"  # browsers accept such a cookie only over TLS, for a single host and its whole path


class Cookies:
    """Reads and sets cookies for the path prefix of the service."""

    def __init__(self, root: str) -> None:
        """`root` begins and ends with a slash."""
        self._root = root

    def get(self, request: Request, name: str) -> str:
        """The value of a cookie; empty when there is none."""
        return request.cookies.get(self._name(request, name), "")

    def set(self, request: Request, reply: Response, name: str, value: str, seconds: int | None = None) -> None:
        """Set a cookie, for some seconds or until the browser is closed."""
        reply.set_cookie(
            self._name(request, name),
            value,
            max_age=seconds,
            path=self._root,
            secure=_is_secure(request),
            httponly=True,
            samesite="strict",
        )

    def delete(self, request: Request, reply: Response, name: str) -> None:
        """Delete a cookie."""
        self.set(request, reply, name, "", seconds=0)

    def _name(self, request: Request, name: str) -> str:
        return HOST_ONLY + name if _is_secure(request) and self._root == "/" else name


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"
