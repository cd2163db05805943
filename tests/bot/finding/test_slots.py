import pytest

from bot.finding.slots import proves
from bot.pipeline import Bot
from bot.understanding.question import understand


@pytest.mark.parametrize(
    ("question", "clause", "proven"),
    [
        ("新建几个食堂", "新建食堂5个", True),
        ("新建几个食堂", "加强食堂管理", False),
        ("硬化多少公里", "硬化道路10公里以上", True),
        ("硬化多少公里", "硬化道路5条", False),
        ("投资多少钱", "完成投资62亿元以上", True),
        ("投资多少钱", "完成投资项目62个", False),
        ("增长多少", "产值增长5.5%", True),
        ("去年有多少家住进公租房", "115户家庭入住公租房", True),
        ("拿补助的娃有几多个", "育儿补贴惠及120余万婴幼儿", True),
        ("物价涨了多少", "居民消费价格涨幅2%左右", True),
        ("接了多少来电", "12345热线办结率达96.7%", False),
        ("pm2.5平均下来多少", "pm2.5平均浓度27.4微克/立方米", True),
        ("计划有几个", "2030行动计划", False),
        ("这是第几届了", "成功举办第十三届展销会", True),
        ("这是第几届了", "成功举办展销会", False),
        ("舞剧去年在哪里演的", "舞剧在联合国总部精彩亮相", True),
        ("舞剧去年在哪里演的", "舞剧在全国率先亮相", False),
        ("去年来了多少游客", "外国游客增长34.9%", False),
        ("去年来了多少游客", "接待游客9.6亿人次", True),
        ("新增就业几个", "新增就业2000人以上", True),
        ("招聘会有几场", "新增就业2000人以上", False),
        ("什么时候开工", "推动学校开工建设", True),
        ("什么时候招生", "推动学校开工建设", False),
        ("什么时候招生", "学校9月招生", True),
        ("食堂一餐多少钱", "新建食堂5个", False),
        ("图书馆几点开门", "新建图书馆6座", False),
        ("引进的是哪三家", "引进品牌3家", False),
        ("改造哪条街", "完成朋虹街道路改造", True),
        ("食堂建在哪里", "新建食堂5个", False),
        ("水厂在哪里", "完成罗溪第一水厂主体建设", True),
        ("名山是哪座", "名山:仙公山", True),
        ("哪天招生", "学校9月招生", False),
        ("哪年建成", "推动学校建成", True),  # the year of the plan
        ("花了多少钱", "投入50余万元", True),
        ("引进的是哪两种新药", "“甲片”“乙片”获批上市", True),
        ("进出口做了多少钱", "进出口总额达242万美元", True),
        ("今年上个啥项目", "实施垃圾焚烧发电项目", True),
        ("今年上个啥项目", "推进项目建设", False),
    ],
)
def test_clause_proves_only_what_was_asked_for(bot: Bot, question: str, clause: str, proven: bool) -> None:
    corpus = bot.index.corpus
    asked = understand(corpus.words.fold(question), bot.language)
    assert proves(asked, bot.language, corpus.words.fold(clause), clause) is proven
