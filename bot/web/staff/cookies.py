"""The cookies of staff: for no script, no other site, and where a browser can see to it for no other host."""

from starlette.requests import Request
from starlette.responses import Response

HOST_ONLY = "__Host-"  # a browser takes such a cookie over TLS alone, for all of one host and for nothing else


class Cookies:
    """Read and set under the prefix that the service stands under."""

    def __init__(self, root: str) -> None:
        """`root` begins and ends with a slash."""
        self._root = root

    def get(self, request: Request, name: str) -> str:
        """What a cookie holds; empty when there is none."""
        return request.cookies.get(self._name(request, name), "")

    def set(self, request: Request, reply: Response, name: str, value: str, seconds: int | None = None) -> None:
        """Keep something in the browser, for some seconds or until it is closed."""
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
        """Take a cookie back."""
        self.set(request, reply, name, "", seconds=0)

    def _name(self, request: Request, name: str) -> str:
        return HOST_ONLY + name if _is_secure(request) and self._root == "/" else name


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"
