from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda, RunnablePassthrough

from bot.finding.langchain import PassageRetriever
from bot.pipeline import Bot


def test_passages_come_best_first_with_where_they_stand(bot: Bot) -> None:
    documents = PassageRetriever(bot=bot, k=3).invoke("老人食堂")
    assert 0 < len(documents) <= 3
    assert documents[0].metadata["passage_id"] == "luojiang-2025-p17"
    assert documents[0].page_content == bot.passage("luojiang-2025-p17").text
    scores = [document.metadata["score"] for document in documents]
    assert scores == sorted(scores, reverse=True)


def test_retriever_works_in_a_chain(bot: Bot) -> None:
    prompt = ChatPromptTemplate.from_template("{context}\n{question}")
    chain = (
        {"context": PassageRetriever(bot=bot, k=1), "question": RunnablePassthrough()}
        | prompt
        | RunnableLambda(lambda value: value.to_string())
        | StrOutputParser()
    )
    assert "长者食堂" in chain.invoke("老人食堂今年建几个")
