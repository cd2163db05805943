"""The errors this product raises on purpose.

BotError                     everything below; carries a code, an HTTP status and a Chinese sentence
├── QuestionError (422)      the question cannot be taken as it is
│   ├── QuestionEmpty
│   └── QuestionTooLong
├── NotFound (404)           what was named does not exist
├── Unauthorized (401)       the API key is not known
│   ├── SignInNeeded         nobody is signed in
│   └── SignInRefused        wrong name or password, or the account is disabled
│       └── SignInDelayed (429)  too many wrong passwords; the next try must wait
├── Forbidden (403)          whoever is signed in may not do this, or the request did not come from our page
├── AccountUnusable (422)    a name, role or password that cannot be taken
├── AnswerUnusable (422)     an approved answer that cannot be taken, or not be released by this person
├── TextUnusable (422)       a text with control characters in it
├── ComplaintUnusable (422)  a complaint that says too little or too much, or a reply that says nothing
├── DocumentUnusable (422)   a document that cannot be taken, or not be released by this person
├── LookupUnusable (422)     an outcome that is none, or another agent's look-up
├── SwitchUnusable (422)     a switch without a reason, a text or a sensible time
├── BackupUnusable (422)     a backup that is damaged or newer, or a place that it must not be put into
├── Conflict (409)           one Idempotency-Key with two contents, or demonstration data beside real records
├── TooBusy (429)            too many questions at once
├── NotKept (503)            what should be recorded could not be
└── NotReady (503)           the bot is not open yet, or cannot be opened
"""

from typing import ClassVar


class BotError(Exception):
    """An error with a public face: `code` for programs, `message` (Chinese) for people, `http_status`."""

    code: ClassVar[str] = "error"
    http_status: ClassVar[int] = 500

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class QuestionError(BotError):
    """The question cannot be taken as it is."""

    code = "invalid_question"
    http_status = 422


class QuestionEmpty(QuestionError):
    """Nothing was asked."""

    code = "question_empty"


class QuestionTooLong(QuestionError):
    """The question is longer than the limit."""

    code = "question_too_long"


class NotFound(BotError):
    """What was named does not exist."""

    code = "not_found"
    http_status = 404


class NotReady(BotError):
    """The bot is not open yet (ask again shortly), or cannot be opened: the message says why."""

    code = "not_ready"
    http_status = 503


class TooBusy(BotError):
    """Too many questions at once; ask again after a few seconds."""

    code = "too_busy"
    http_status = 429


class NotKept(BotError):
    """What should be recorded could not be; try again later."""

    code = "not_kept"
    http_status = 503


class Unauthorized(BotError):
    """The API key is not one of ours."""

    code = "invalid_api_key"
    http_status = 401


class Conflict(BotError):
    """An Idempotency-Key was used again for something else, or demonstration data would join real records."""

    code = "idempotency_conflict"
    http_status = 409


class SignInNeeded(Unauthorized):
    """Nobody is signed in."""

    code = "sign_in_needed"


class SignInRefused(Unauthorized):
    """The name or the password is wrong, or the account is disabled; the next try must wait `seconds` (0: none)."""

    code = "sign_in_refused"

    def __init__(self, message: str, seconds: int = 0) -> None:
        super().__init__(message)
        self.seconds = seconds


class SignInDelayed(SignInRefused):
    """Too many wrong passwords came from here: no password is looked at for `seconds`."""

    code = "sign_in_delayed"
    http_status = 429


class Forbidden(BotError):
    """Who is signed in may not do this, or the request did not come from a page of ours."""

    code = "forbidden"
    http_status = 403


class AccountUnusable(BotError):
    """The name, role or password of an account cannot be taken."""

    code = "account_unusable"
    http_status = 422


class AnswerUnusable(BotError):
    """An approved answer says more than it cites, or cannot be released by this person."""

    code = "answer_unusable"
    http_status = 422


class SwitchUnusable(BotError):
    """A switch has no reason, no text, or times that cannot be."""

    code = "switch_unusable"
    http_status = 422


class ComplaintUnusable(BotError):
    """A complaint says too little or too much, or a reply says nothing."""

    code = "complaint_unusable"
    http_status = 422


class DocumentUnusable(BotError):
    """A document cannot be read, is held already, or cannot be put up or taken down by this person."""

    code = "document_unusable"
    http_status = 422


class LookupUnusable(BotError):
    """A look-up ended in no known way, or is another agent's."""

    code = "lookup_unusable"
    http_status = 422


class TextUnusable(BotError):
    """A text that was sent holds control characters, which no record can keep."""

    code = "text_unusable"
    http_status = 422


class BackupUnusable(BotError):
    """A backup is damaged or from a newer program, or what it would overwrite is not to be overwritten."""

    code = "backup_unusable"
    http_status = 422
