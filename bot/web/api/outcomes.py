"""The possible responses of a route, for the OpenAPI document: its success, and its errors."""

from typing import Any

from bot.web.api.schema import ErrorBody

ERRORS = {
    400: "请求的内容无法读取",
    401: "没有这个 API 密钥",
    404: "没有这个段落或文件",
    409: "同一个 Idempotency-Key 用在了不同的内容上",
    413: "提交的内容太大",
    422: "请求有误",
    429: "太频繁，请看 Retry-After",
    431: "网址或请求头太长",
    503: "还在启动，或暂时记不下",
}


def answers(model: Any, *errors: int, success: int = 200) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: its success, and the errors it may give."""
    return {success: {"model": model}, **{code: {"model": ErrorBody, "description": ERRORS[code]} for code in errors}}


def refusals(*errors: int) -> dict[int | str, dict[str, Any]]:
    """The errors of a route that streams on success; they are JSON."""
    body = {"application/json": {"schema": {"$ref": f"#/components/schemas/{ErrorBody.__name__}"}}}
    return {code: {"description": ERRORS[code], "content": body} for code in errors}
