"""The residents' page at `/`: Gradio's frame round the conversation. Gradio is imported when it is built."""

from pathlib import Path
from typing import Any

from bot.web.application import STATIC
from bot.web.views import Views

ICON: Path = STATIC / "icon.svg"


def build(views: Views) -> Any:
    """The Gradio Blocks of the page."""
    import gradio as gr

    known: dict[str, Any] = dict.fromkeys(("asked", "turns", "origin", "history"), "")
    known |= {"page": "ask", "texts": views.browser_texts(), "action": "lite", "here": "./"}
    with gr.Blocks(title=views.text["title"].format(place=views.bot.site.place), analytics_enabled=False) as blocks:
        gr.HTML(views.render("page.html", **known), apply_default_css=False, padding=False)
    return blocks


def appearance(views: Views) -> dict[str, Any]:
    """What `mount_gradio_app` takes: system fonts, our style and scripts from our own host, nothing from outside."""
    import gradio as gr

    fonts = ["system-ui", "sans-serif"]
    return {
        "theme": gr.themes.Base(font=fonts, font_mono=["ui-monospace", "monospace"]),
        "head": views.render("head.html") + views.render("gradio-head.html"),
        "favicon_path": str(ICON),
        "footer_links": [],
        "run_history": False,
        "ssr_mode": False,
    }
