"""Who handles a complaint or an errand: on two invented tables, the second not looked at when the threshold was set."""

from dataclasses import replace

import pytest

from bot.answer import Status
from bot.answering.departments import Directory
from bot.office.weekly.alike import encoder_of
from bot.pipeline import Bot
from bot.site import Department
from bot.web.rendering import Views

FIRST = {
    "燃气": "管道燃气报修、漏气、开户",
    "供水": "自来水停水、水管爆裂、水压低报修",
    "社保": "养老保险、失业保险、社保卡办理",
    "物业": "物业服务差、物业费纠纷投诉",
    "噪音": "工地施工噪声、夜间噪音扰民投诉",
    "路灯": "路灯不亮、道路照明维修",
    "户籍": "身份证补办、落户、户口迁移",
    "入学": "中小学幼儿园入学转学报名",
    "劳动": "拖欠工资、劳动纠纷投诉",
    "市容": "乱摆摊、占道经营、垃圾清运",
}
SECOND = {
    "医保": "医保报销、异地就医备案、医保卡办理",
    "公积金": "住房公积金提取、缴存、贷款",
    "供电": "停电报修、电表故障、用电报装",
    "公交": "公交线路、班次、服务态度投诉",
    "食品": "过期食品、餐馆不卫生、食品安全投诉",
    "不动产": "房产证办理、房屋过户登记",
    "婚姻": "结婚登记、离婚登记预约",
    "养犬": "犬只登记、流浪狗、狗伤人",
}
SAID_FIRST = {
    "我们小区的煤气漏了谁来修": "燃气",
    "我们家停水两天了没人管": "供水",
    "楼下水管爆了": "供水",
    "我要办社保卡": "社保",
    "物业收钱不干活，我要投诉": "物业",
    "楼上夜里装修吵得睡不着": "噪音",
    "工地晚上十二点还在施工": "噪音",
    "村口路灯坏了半个月": "路灯",
    "身份证丢了要补一张": "户籍",
    "孩子要转学，给我登记一下": "入学",
    "老板三个月没发工资了": "劳动",
    "门口全是小摊，路都走不了": "市容",
}
SAID_SECOND = {
    "家里突然没电了，快来修": "供电",
    "我要把公积金取出来": "公积金",
    "帮我办异地就医备案": "医保",
    "公交司机态度太差，我要投诉": "公交",
    "超市卖过期牛奶，你们管管": "食品",
    "我要办房产证": "不动产",
    "想预约领结婚证": "婚姻",
    "小区里流浪狗追着人咬": "养犬",
}
MORE = {"hours": "工作日9:00至17:00", "checked": "2025-03-01", "url": "https://ld.example.gov.cn/bao"}
NOBODYS = (
    "我要举报有人偷税",
    "医院挂不上号",
    "广场舞队占了篮球场",
    "快递丢了没人赔",
    "我要反映村干部贪污",
    "网络总是断",
    "农药坏了庄稼",
    "我想捐款",
)


def directory(bot: Bot, table: dict[str, str]) -> Directory:
    rows = [Department(topic, purpose, f"{topic}某处", "0000-00000000") for topic, purpose in table.items()]
    return Directory(rows, encoder_of(bot))


@pytest.mark.parametrize(("table", "said"), [(FIRST, SAID_FIRST), (SECOND, SAID_SECOND)], ids=["first", "second"])
def test_department_is_found_by_meaning_and_never_a_wrong_one(
    bot: Bot, table: dict[str, str], said: dict[str, str]
) -> None:
    known = directory(bot, table)
    found = {text: department.topic for text in said if (department := known.of(text))}
    assert all(said[text] == topic for text, topic in found.items()), found
    assert len(found) >= 0.85 * len(said)
    assert [text for text in NOBODYS if known.of(text)] == []


def test_nothing_fits_an_empty_table_or_without_an_encoder(bot: Bot) -> None:
    assert directory(bot, {}).of("路灯坏了") is None
    assert replace(directory(bot, FIRST), encoder=None).of("村口路灯坏了半个月") is None


def test_complaint_is_sent_to_its_department_beside_the_hotline(bot: Bot) -> None:
    site = replace(bot.site, departments=tuple(directory(bot, FIRST).departments))
    knowing = replace(bot, site=site, speaker=replace(bot.speaker, site=site))
    told = knowing.answer("村口路灯坏了半个月，你们快派人来修")
    assert told.status is Status.NOT_IN_REPORT
    assert [contact.name for contact in told.contacts] == ["路灯某处", bot.site.hotline.name]
    shown = Views(knowing).turn("路灯坏了", replace(told, contacts=(replace(told.contacts[0], **MORE),)))
    assert "路灯某处" in shown
    assert "工作日9:00至17:00" in shown
    assert "2025-03-01核实" in shown
    assert 'rel="noopener noreferrer">ld.example.gov.cn</a>' in shown
    asked = knowing.answer("长者食堂几点开饭")
    assert asked.contacts == (bot.site.hotline,)
