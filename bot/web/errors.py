"""Every error as a Chinese sentence with the right status: JSON for programs, a page for people."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from bot.errors import BotError, NotReady, SignInNeeded
from bot.web.doors.middleware import route_path
from bot.web.services import Services

RETRY_SECONDS = "3"
MESSAGES = {
    400: ("bad_request", "请求的内容无法读取，应是 UTF-8 编码的 JSON"),
    404: ("not_found", "没有这个地址，请检查网址"),
    405: ("method_not_allowed", "这个地址不支持这种请求方法"),
}
REASONS = {
    "missing": "缺少",
    "too_long": "太多",
    "string_too_long": "太长",
    "string_type": "应为文字",
    "list_type": "应为列表",
    "int_parsing": "应为整数",
    "less_than_equal": "太大",
    "greater_than_equal": "太小",
}


def add_handlers(app: FastAPI, services: Services) -> None:
    """Add the error handlers to the application."""

    async def bot_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, BotError)
        if isinstance(error, SignInNeeded) and request.method == "GET" and _is_person(request):
            return _to_sign_in(request)
        return error_response(services, request, error.http_status, error.code, error.message)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return error_response(services, request, 422, "invalid_request", _explain(error.errors()))

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        code, message = MESSAGES.get(error.status_code, ("http_error", "请求没有成功，请稍后再试"))
        answer = error_response(services, request, error.status_code, code, message)
        answer.headers.update(error.headers or {})
        return answer

    app.add_exception_handler(BotError, bot_error)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http_error)


def error_response(
    services: Services, request: Request, status: int, code: str, message: str, seconds: str = RETRY_SECONDS
) -> Response:
    """An error in the caller's format; a temporary one says when to retry."""
    headers = {"Retry-After": seconds} if status in (429, 503) else {}
    if _is_person(request):
        try:
            html = services.views().render("message.html", page="message", message=message)
            return HTMLResponse(html, status_code=status, headers=headers)
        except NotReady:
            pass
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status, headers=headers)


def _to_sign_in(request: Request) -> Response:
    """Redirect to the sign-in page, which leads back."""
    root = request.scope.get("root_path", "") + "/"
    wanted = route_path(request.scope).lstrip("/") + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"{root}sign-in?{urlencode({'next': wanted})}", status_code=303)


def _is_person(request: Request) -> bool:
    """Whether a browser will show the response; programs accept JSON, or anything."""
    return "text/html" in request.headers.get("accept", "")


def _explain(errors: Sequence[Any]) -> str:
    first = errors[0]
    if first["type"] == "json_invalid":
        return "请求的内容不是有效的 JSON"
    where = ".".join(str(part) for part in first["loc"][1:]) or "请求内容"
    return f"请求有误：{where} {REASONS.get(first['type'], '不符合要求')}"
