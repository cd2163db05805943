"""The residents' page: a question box, and under each answer its sources. Gradio is imported when it is built."""

import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.errors import QuestionError
from bot.pipeline import Bot
from bot.settings import Settings
from bot.site import Site
from bot.wording import read_yaml

HERE = Path(__file__).resolve().parent
MARK = re.compile(r"\[(\d+)\]")
Turns = list[dict[str, Any]]
NOTHING_MORE: dict[str, Any] = dict.fromkeys(("contacts", "citations", "terms", "related"), ())


class Page:
    """The page's texts and templates; everything a person typed or a document says is escaped."""

    def __init__(
        self, site: Site, text: dict[str, str], document: dict[str, object] | None = None, model: str = ""
    ) -> None:
        """`document` has title and year; `model` is the line on who writes, empty when nobody does."""
        self.text = text
        self._known = {"site": site, "text": text, "hotline": _hotline(site, text), "model": model}
        if document:
            self._known["title"] = text["title"].format(place=site.place)
            self._known["notice"] = text["notice_model" if model else "notice"].format(**document)
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined
        )
        self._templates.filters["marks"] = _pieces

    @classmethod
    def of(cls, bot: Bot) -> "Page":
        """The page over an open bot."""
        document = max(bot.index.corpus.documents.values(), key=lambda d: d.year)
        text = read_yaml(bot.settings.prompts_dir / "page.yaml")
        return cls(bot.site, text, {"title": document.title, "year": document.year}, _model_line(bot, text))

    @classmethod
    def starting(cls, settings: Settings) -> str:
        """What is shown while the page is not there yet."""
        page = cls(Site.load(settings.site_file), read_yaml(settings.prompts_dir / "page.yaml"))
        return page.render("starting")

    def render(self, template: str, **variables: object) -> str:
        """A template of `templates/` as HTML."""
        return self._templates.get_template(f"{template}.html").render(**self._known, **variables)

    def conversation(self, turns: Turns) -> str:
        """The turns as HTML, oldest first."""
        return self.render("conversation", turns=turns)


def _model_line(bot: Bot, text: dict[str, str]) -> str:
    """Which model writes, and under which filing number; empty when nothing but excerpts is given."""
    if not bot.composer:
        return ""
    number = bot.settings.model_filing
    filing = text["filing"].format(number=number) if number else ""
    return text["model"].format(model=bot.settings.model_title or bot.settings.model_name, filing=filing)


def _hotline(site: Site, text: dict[str, str]) -> str:
    return text["hotline"].format(phone=site.hotline.phone)


def _pieces(answer: str) -> Iterator[dict[str, str]]:
    """An answer's text, cut at its marks."""
    for index, piece in enumerate(MARK.split(answer)):
        yield {"mark": piece, "text": ""} if index % 2 else {"mark": "", "text": piece}


def history_of(turns: Turns) -> list[dict[str, str]]:
    """The turns as the history of the public contract."""
    return [
        {"role": role, "content": content}
        for turn in turns
        for role, content in (("user", turn["question"]), ("assistant", turn["answer"]["answer"]))
    ]


async def ask(bot: Bot, page: Page, question: str, turns: Turns) -> AsyncGenerator[tuple[str, Turns, str]]:
    """One turn on the page, as often as there is more to show: the conversation as HTML, its turns, and what stays
    in the question box.
    """
    said = ""
    try:
        async with aclosing(bot.stream(question, history_of(turns))) as pieces:
            async for piece in pieces:
                if isinstance(piece, str):
                    said += piece
                    yield page.conversation([*turns, {"question": question, "answer": _writing(page, said)}]), turns, ""
                else:
                    turns = [*turns, {"question": question, "answer": piece.as_dict()}]
                    yield page.conversation(turns), turns, ""
    except QuestionError as problem:
        refused = [*turns, {"question": question[:60], "answer": _refusal(problem)}]
        yield page.conversation(refused), turns, question


def _writing(page: Page, said: str) -> dict[str, Any]:
    """What is shown of an answer while it is being written."""
    return {"status": "writing", "label": page.text["writing"], "answer": said, **NOTHING_MORE}


def _refusal(problem: QuestionError) -> dict[str, Any]:
    return {"status": "error", "label": "请修改", "answer": problem.message, **NOTHING_MORE}


def build(bot: Bot) -> Any:
    """The Gradio Blocks of the page."""
    import gradio as gr

    page = Page.of(bot)
    answer = partial(ask, bot, page)
    with gr.Blocks(title=page.text["title"].format(place=bot.site.place), analytics_enabled=False) as blocks:
        turns = gr.State([])
        gr.HTML(page.render("header"))
        shown = gr.HTML(page.conversation([]), elem_id="conversation")
        with gr.Column(elem_id="ask"):
            question = gr.Textbox(
                label=page.text["question_label"],
                placeholder=page.text["question_placeholder"],
                lines=1,
                max_lines=4,
                elem_id="question",
            )
            with gr.Row():
                send = gr.Button(page.text["send"], variant="primary", elem_id="send")
                fresh = gr.Button(page.text["fresh"], elem_id="fresh")
        with gr.Column(elem_id="examples"):
            gr.HTML(page.render("examples"))
            for example in bot.site.examples:
                gr.Button(example, elem_classes="example").click(
                    partial(answer, example), [turns], [shown, turns, question], api_name=False
                )
        gr.HTML(page.render("hotline"))
        for event in (send.click, question.submit):
            event(answer, [question, turns], [shown, turns, question], api_name=False)
        fresh.click(lambda: (page.conversation([]), [], ""), None, [shown, turns, question], api_name=False)
    return blocks


def appearance() -> dict[str, Any]:
    """The theme, style and script that `mount_gradio_app` takes: system fonts only, nothing from outside."""
    import gradio as gr

    fonts = ["system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]
    theme = gr.themes.Base(primary_hue="red", neutral_hue="stone", font=fonts, font_mono=["ui-monospace", "monospace"])
    return {
        "theme": theme,
        "css": (HERE / "page.css").read_text(encoding="utf-8"),
        "js": (HERE / "page.js").read_text(encoding="utf-8"),
        "footer_links": [],
        "run_history": False,
        "ssr_mode": False,
    }
