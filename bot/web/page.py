"""The residents' page at `/` and the agents' desk at `/desk`: two pages in Gradio's frame, imported when built."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.desk.search import Desk
from bot.web.rendering import HERE, Views
from bot.web.staff import desk

SHARING = re.compile(r"<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*>\s*")
ICON: Path = HERE / "static" / "icon.svg"
DESK = "/desk"


def build(views: Views, search: Desk) -> Any:
    """The Gradio Blocks of both pages. The desk's holds only public content; the rest is fetched."""
    import gradio as gr

    known: dict[str, Any] = dict.fromkeys(("asked", "turns", "origin", "history"), "")
    known |= {"page": "ask", "texts": views.browser_texts(), "action": "lite", "here": "./"}
    with gr.Blocks(title=views.text["title"].format(place=views.bot.site.place), analytics_enabled=False) as blocks:
        gr.HTML(views.render("page.html", **known), apply_default_css=False, padding=False)
    with blocks.route("desk", DESK, show_in_navbar=False):
        gr.HTML(desk.page_of(views, search), apply_default_css=False, padding=False)
    return blocks


def appearance() -> dict[str, Any]:
    """The arguments of `mount_gradio_app`: system fonts, our icon, nothing external."""
    import gradio as gr

    fonts = ["system-ui", "sans-serif"]
    return {
        "theme": gr.themes.Base(font=fonts, font_mono=["ui-monospace", "monospace"]),
        "favicon_path": str(ICON),
        "footer_links": [],
        "run_history": False,
        "ssr_mode": False,
    }


def reframe(views: Views) -> Callable[[str, bytes], bytes]:
    """The function that rewrites Gradio's HTML at a path: its language, and our head in place of Gradio's social cards.

    Our styles and colour scheme then apply before Gradio renders; browsers without scripts are sent to `/lite`.
    """
    heads = {DESK: views.render("frame_desk.html", words=desk.words_of(views)), "/": views.render("frame.html")}

    def made(path: str, html: bytes) -> bytes:
        text = SHARING.sub("", html.decode())
        text = text.replace('lang="en"', 'lang="zh-CN"', 1).replace('href="/manifest.json"', 'href="manifest.json"')
        return text.replace("<head>", f"<head>{heads.get(path, heads['/'])}", 1).encode()

    return made
