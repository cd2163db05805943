"""The residents' page at `/`: Gradio's frame round the conversation. Gradio is imported when it is built."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.web.application import STATIC
from bot.web.views import Views

SHARING = re.compile(r"<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*>\s*")
ICON: Path = STATIC / "icon.svg"


def build(views: Views) -> Any:
    """The Gradio Blocks of the page."""
    import gradio as gr

    known: dict[str, Any] = dict.fromkeys(("asked", "turns", "origin", "history"), "")
    known |= {"page": "ask", "texts": views.browser_texts(), "action": "lite", "here": "./"}
    with gr.Blocks(title=views.text["title"].format(place=views.bot.site.place), analytics_enabled=False) as blocks:
        gr.HTML(views.render("page.html", **known), apply_default_css=False, padding=False)
    return blocks


def appearance() -> dict[str, Any]:
    """What `mount_gradio_app` takes: system fonts, our icon, nothing from outside."""
    import gradio as gr

    fonts = ["system-ui", "sans-serif"]
    return {
        "theme": gr.themes.Base(font=fonts, font_mono=["ui-monospace", "monospace"]),
        "favicon_path": str(ICON),
        "footer_links": [],
        "run_history": False,
        "ssr_mode": False,
    }


def reframe(views: Views) -> Callable[[bytes], bytes]:
    """What makes Gradio's HTML ours: its language, our head in place of the vendor's cards for sharing.

    Our style and our choice of colours are then there before Gradio draws; who has no scripts goes on to `/lite`.
    """
    head = views.render("frame.html")

    def made(html: bytes) -> bytes:
        text = SHARING.sub("", html.decode())
        text = text.replace('lang="en"', 'lang="zh-CN"', 1).replace('href="/manifest.json"', 'href="manifest.json"')
        return text.replace("<head>", f"<head>{head}", 1).encode()

    return made
