"""Tables of figures on printed pages: each row is a line, each figure with the name of its column."""

from tests.corpus.reading.test_pdf import LONG, PAGE, Said, texts

COLUMNS = (90, 220, 330)


def line(y: float, *cells: str, size: float = 12) -> list[Said]:
    return [(x, y, size, cell) for x, cell in zip(COLUMNS, cells, strict=False) if cell]


HEAD = line(500, "区", "学校", "床位")
ROWS = [*line(470, "桥南区", "12", "300"), *line(440, "双阳区", "9", "1250.5")]


def told(*pages: list[Said]) -> list[str]:
    return [text for text in texts(*pages) if ":" in text]


def test_row_is_a_line_with_the_names_of_its_columns() -> None:
    caption: list[Said] = [(140, 540, 12, "表一各区学校和床位的数量及其分布情况")]
    read = texts([*PAGE, *caption, *HEAD, *ROWS])
    assert read[-3:] == [
        "表一各区学校和床位的数量及其分布情况",
        "区:桥南区,学校:12,床位:300",
        "区:双阳区,学校:9,床位:1250.5",
    ]
    assert read[0] == f"{LONG}停车位二百个。"


def test_name_in_two_lines_and_one_over_two_columns_are_parts_of_the_names() -> None:
    over: list[Said] = [*line(525, "区"), (215, 525, 12, "年末学校和床位的数量多少")]
    units = line(500, "", "（所）", "（张）")
    name = "年末学校和床位的数量多少"
    assert told([*PAGE, *over, *units, *ROWS])[0] == f"区:桥南区,{name}（所）:12,{name}（张）:300"


def test_table_that_goes_on_over_the_page_keeps_its_names() -> None:
    further = [*line(780, "罗溪镇", "4", "80"), *line(750, "马甲镇", "3", "60")]
    assert told([*PAGE, *HEAD, *ROWS], [*further, *PAGE])[-2:] == [
        "区:罗溪镇,学校:4,床位:80",
        "区:马甲镇,学校:3,床位:60",
    ]


def test_empty_cell_shifts_no_figure_to_another_column() -> None:
    gap = line(410, "河市镇", "", "75")
    assert told([*PAGE, *HEAD, *ROWS, *gap])[-1] == "区:河市镇,床位:75"


def test_rows_without_names_are_kept_whole() -> None:
    assert told([*PAGE, *ROWS]) == ["桥南区:12,300", "双阳区:9,1250.5"]


def test_list_of_names_is_no_table() -> None:
    names = [*line(470, "张一", "李二", "王三"), *line(440, "赵四", "钱五", "孙六")]
    assert told([*PAGE, *names]) == []
