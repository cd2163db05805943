"""The shapes of the interface, for the OpenAPI document: what is sent and what comes back."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.answer import ComparedYear, Status
from corpus.passage import PartKind

MAX_TURNS, MAX_TURN_CHARS = 20, 4000


def _writable(text: str) -> str:
    text.encode()
    return text


# JSON can write a lone surrogate (\ud800), which cannot be stored or encoded: a 422.
Writable = Annotated[str, AfterValidator(_writable)]


class EarlierTurn(BaseModel):
    """An earlier turn of the conversation."""

    role: Literal["user", "assistant"] = Field(description="谁说的")
    content: str = Field(max_length=MAX_TURN_CHARS, description="说了什么")


class AskRequest(BaseModel):
    """The body of `/api/ask`."""

    model_config = ConfigDict(json_schema_extra={"example": {"question": "老人食堂今年建几个？", "history": []}})

    question: str = Field(
        max_length=MAX_TURN_CHARS, description="居民的问题，最多多少字由 BOT_MAX_QUESTION_CHARS 定，默认300个"
    )
    history: list[EarlierTurn] = Field(default_factory=list, max_length=MAX_TURNS, description="此前的对话")
    session: str = Field(
        default="",
        pattern=r"^([A-Za-z0-9_-]{16,64})?$",
        description="自己编的会话号，可以不填；凭它导出和删除自己的记录",
    )


class PartBody(BaseModel):
    """The part of a document that is cited."""

    title: str = Field(description="这一部分的标题，开头没有标题的为空")
    kind: PartKind = Field(description="开头、回顾、计划、展望、条文或附注")
    year: int = Field(description="说的是哪一年")
    period: str = Field(description="说的时间，例如 2025年、2026至2030年")


class CitationBody(BaseModel):
    """A mark, the whole passage it stands for, and the exact quote."""

    mark: int = Field(description="回答里的标记，[1] 为 1")
    passage_id: str = Field(description="段落编号")
    document: str = Field(description="文件标题")
    year: int = Field(description="所引的部分说的是哪一年")
    part: PartBody = Field(description="所引的是文件的哪一部分")
    kind: Literal["body", "annotation"] = Field(description="正文或附注")
    section: list[str] = Field(description="标题路径，由外到内")
    text: str = Field(description="整段原文")
    quote: str = Field(description="所引的原句，text[start:end]")
    start: int = Field(description="原句在段落里的起点，按字计")
    end: int = Field(description="原句在段落里的终点，不含")


class TermBody(BaseModel):
    """A word of the quoted clauses that an annotation explains."""

    name: str
    passage_id: str = Field(description="附注的段落编号")
    explanation: str


class RelatedBody(BaseModel):
    """A passage near the question."""

    passage_id: str
    document: str
    section: list[str]
    text: str
    quote: str


class ContactBody(BaseModel):
    """Whom to ask."""

    name: str
    phone: str
    note: str = ""
    hours: str = Field(default="", description="办公时间")
    url: str = Field(default="", description="网上办理的网址，只在政府网站的域名里")
    checked: str = Field(default="", description="哪天核实的")


class SourceBody(BaseModel):
    """An official text beyond the documents that an approved answer rests on."""

    title: str = Field(description="文件或网页的名称")
    publisher: str = Field(description="发布单位")
    date: str = Field(description="发布日期，2025-03-01 这样")
    url: str = Field(description="网址，只在政府网站的域名里")


class GenerationBody(BaseModel):
    """How a model took part; times in milliseconds."""

    model: str
    first_sentence_ms: float
    total_ms: float
    prompt_tokens: int
    completion_tokens: int
    dropped: dict[str, int] = Field(description="没有通过核对的句子，按原因计数")
    fallback: str = Field(description="为什么改为摘录；空的表示文字是模型写的")


class AnswerBody(BaseModel):
    """The answer to a turn."""

    id: str
    status: Status = Field(description="结果")
    mode: Literal["excerpt", "generated", "approved"] = Field(description="摘录、由模型写成，或人工审定")
    label: str = Field(description="必须和回答一起显示的标签")
    answer: str = Field(description="回答，只含文字、[n] 标记和换行")
    citations: list[CitationBody]
    terms: list[TermBody]
    related: list[RelatedBody]
    contacts: list[ContactBody]
    short: str = Field(default="", description="答案的几个字，照抄第一条原句；说不准时为空")
    sources: list[SourceBody] = Field(default=[], description="人工审定的回答所依据的、收录文件以外的官方来源")
    compared: list[ComparedYear] = Field(default=[], description="按年份比较的表，一行一年的计划或结果")
    generation: GenerationBody | None = Field(default=None, description="模型参与时才有")


class PassageBody(BaseModel):
    """A passage, the citable unit."""

    passage_id: str
    document: str
    year: int
    kind: Literal["body", "annotation"]
    number: int = Field(description="同类段落里的第几个")
    section: list[str]
    text: str


class HitBody(PassageBody):
    """A passage found for a query."""

    score: float


class SearchBody(BaseModel):
    """The passages found, best first."""

    query: str
    passages: list[HitBody]


class ResultBody(BaseModel):
    """What a later report says came of a promise."""

    document: str = Field(description="说这件事的报告")
    passage_id: str
    amount: str = Field(description="原文里的数量")
    clause: str = Field(description="原文分句")
    start: int
    end: int


class TargetBody(BaseModel):
    """A quantified promise."""

    model_config = ConfigDict(extra="forbid")

    id: str
    document_id: str
    passage_id: str
    topic: str
    action: str
    object: str
    comparator: str
    number: float = Field(description="以一个单位计的数值")
    upper: float | None = Field(description="范围的上限，没有为空")
    unit: str
    amount: str = Field(description="原文里的数量")
    deadline: str
    clause: str = Field(description="原文分句")
    start: int
    end: int
    document: str
    year: int
    result: ResultBody | None = Field(description="后来的报告说做到了多少，没有为空")


class TargetsBody(BaseModel):
    """Quantified promises."""

    targets: list[TargetBody]


class TermEntry(BaseModel):
    """A term explained by an annotation, and where the body uses it."""

    name: str
    explanation: str
    passage_id: str
    mentions: list[str]


class TermsBody(BaseModel):
    """Every term explained by an annotation."""

    terms: list[TermEntry]


class FeedbackRequest(BaseModel):
    """What a resident thinks of an answer."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"answer_id": "0" * 32, "useful": False, "reason": "hard", "comment": ""}}
    )

    answer_id: Annotated[str, Field(pattern="^[0-9a-f]{32}$", description="回答的 id")]
    useful: Annotated[bool, Field(description="有用还是没用")]
    reason: Annotated[Literal["", "off_topic", "hard", "wrong", "missing"], Field(description="原因，可以不填")] = ""
    comment: Annotated[str, Field(max_length=200, description="补充的话，可以不填")] = ""


class FeedbackBody(BaseModel):
    """Whether the opinion was the first on its answer."""

    counted: bool


class KeptTurn(BaseModel):
    """A turn as recorded, without personal data."""

    model_config = ConfigDict(extra="allow")

    answer_id: str
    at: str
    question: str
    status: str
    mode: Literal["excerpt", "generated", "approved"]
    answer: str
    AIGC: dict[str, str] | None = Field(default=None, description="模型写成的回答才有：GB 45438-2025 的隐式标识")


class SessionBody(BaseModel):
    """The records of a session."""

    turns: list[KeptTurn]


class DeletedBody(BaseModel):
    """How many turns were deleted."""

    deleted: int


class ErrorDetail(BaseModel):
    """What went wrong: `code` for programs, `message` in Chinese for people."""

    code: str
    message: str


class ErrorBody(BaseModel):
    """Every error."""

    error: ErrorDetail


class StateBody(BaseModel):
    """What is ready."""

    status: Literal["ready", "starting"]
    page: bool = Field(description="完整的网页载入了没有；没有时，`/` 是轻便页面")
    degraded: list[str] = Field(
        default=[], description="哪些不正常，但仍能回答：records、documents、encoder、vectors、chroma、model、disk"
    )
    passages: int = 0
    documents: int = 0
    documents_skipped: list[str] = Field(default=[], description="读不了或另有一份、因而没有用上的文件目录")
    documents_superseded: list[str] = Field(default=[], description="已有新的或已被废止的法规，问到那一年才用")
    documents_problem: str = Field(default="", description="文件的改动没有用上的原因；照旧用以前的文件回答")
    vectors: bool = False
    chroma: Literal["ok", "down", "off"] = Field(
        default="off", description="共用的 Chroma 服务器连不连得上；off 是没有用；连不上时，已读进内存的向量照常用"
    )
    encoder: bool = Field(default=False, description="句子编码器能不能用；不能用时，来话的用意只凭字面判断")
    model: str = ""
    records: Literal["ok", "down"] = Field(default="ok", description="记录写不写得进去；写不进去不影响回答")
    records_lost: int = 0
    disk_free_bytes: int = Field(default=0, description="数据目录所在的磁盘还剩多少字节")
    suspended_answers: int = Field(default=0, description="引用的原文改动、等人重新审定的标准口径")
