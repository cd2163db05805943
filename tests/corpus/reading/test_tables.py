import pytest

from corpus.reading.tables import Cell, table_lines


def lines(*rows: str, heads: int = 0) -> list[str]:
    """The lines of a table whose cells are parted by bars; a cell < is the one to its left, ^ the one above it."""
    grid: list[list[Cell]] = []
    for at, row in enumerate(rows):
        cells: list[Cell] = []
        for text in row.split("|"):
            merged = {"<": lambda: cells[-1], "^": lambda: grid[-1][len(cells)]}.get(text)  # noqa: B023
            cells.append(merged() if merged else Cell(text, at < heads))
        grid.append(cells)
    return list(table_lines(grid))


def test_figure_keeps_the_name_of_its_column() -> None:
    found = lines("指标|2015年|单位", "常住人口|48.2|万人", "户籍人口|56.5|万人")
    assert found == ["指标:常住人口,2015年:48.2,单位:万人", "指标:户籍人口,2015年:56.5,单位:万人"]


def test_two_columns_are_named_only_where_figures_stand_below() -> None:
    assert lines("指标|数值", "常住人口|48.2万人") == ["指标:常住人口,数值:48.2万人"]
    assert lines("办理地点|政务服务中心", "联系人|张三") == ["办理地点:政务服务中心", "联系人:张三"]


def test_table_without_names_begins_with_its_first_cell() -> None:
    assert lines("常住人口|48.2万人|56.5万人", "出生率|12‰|13‰") == ["常住人口:48.2万人,56.5万人", "出生率:12‰,13‰"]


def test_marked_names_are_taken_whatever_they_are() -> None:
    assert lines("项目|1|2", "甲|乙|丙", heads=1) == ["项目:甲,1:乙,2:丙"]


def test_names_in_two_rows_are_put_together() -> None:
    found = lines("地区|人口|<", "^|男|女", "福田|62.5|59.6")
    assert found == ["地区:福田,人口男:62.5,人口女:59.6"]


def test_merged_cell_stands_once_in_each_row_it_covers() -> None:
    found = lines("学校|专业|层次", "师大|化学|本科", "^|物理|本科", "工大|未定|<")
    assert found == ["学校:师大,专业:化学,层次:本科", "学校:师大,专业:物理,层次:本科", "学校:工大,专业、层次:未定"]


@pytest.mark.parametrize("heads", [0, 2])
def test_line_across_the_table_is_a_line_by_itself(heads: int) -> None:
    found = lines("表1 人口|<|<", "指标|上年|单位", "一、总量|<|<", "人口|48.2|万人", heads=heads)
    assert found == ["表1 人口", "一、总量", "指标:人口,上年:48.2,单位:万人"]


def test_names_that_are_repeated_on_the_next_page_and_empty_cells_are_left_out() -> None:
    found = lines("指标|2015年|单位", "人口|48.2|", "指标|2015年|单位", "||")
    assert found == ["指标:人口,2015年:48.2"]
