"""The hybrid search as a LangChain retriever, for use in other people's chains."""

from typing import Protocol, runtime_checkable

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from corpus.build import Index
from corpus.passage import Document as Source
from corpus.passage import Hit


@runtime_checkable
class Searches(Protocol):
    """What the retriever needs of the bot."""

    index: Index

    def search(self, query: str, k: int = 8) -> tuple[Hit, ...]:
        """The best passages for a query."""
        ...

    def document(self, document_id: str) -> Source:
        """The document with this id."""
        ...


class PassageRetriever(BaseRetriever):
    """Passages for a query, best first: BM25 and vectors fused, everyday words understood.

    Each document's text is a whole passage; its metadata hold passage_id, document, year, kind, section and score.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    bot: Searches
    k: int = 8

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        found = []
        for hit in self.bot.search(query, self.k):
            passage, document = hit.passage, self.bot.document(hit.passage.document_id)
            metadata = {
                "passage_id": passage.id,
                "document": document.title,
                "year": self.bot.index.corpus.year_of(passage),
                "kind": passage.kind,
                "section": list(passage.section),
                "score": hit.score,
            }
            found.append(Document(id=passage.id, page_content=passage.text, metadata=metadata))
        return found
