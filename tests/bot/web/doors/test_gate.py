import asyncio

from bot.web.doors.gate import Gate, Place


async def hold(gate: Gate, released: asyncio.Event, seen: list[int]) -> None:
    async with gate.enter() as place:
        while place.ahead:
            seen.append(place.ahead)
            await place.moved(5)
        await released.wait()


def test_those_beyond_the_limit_wait_and_are_admitted_in_order() -> None:
    async def run() -> list[list[int]]:
        gate, released = Gate(1, 10), asyncio.Event()
        seen: list[list[int]] = [[], [], []]
        tasks = [asyncio.create_task(hold(gate, released, mine)) for mine in seen]
        await asyncio.sleep(0.01)
        released.set()
        await asyncio.gather(*tasks)
        return seen

    assert asyncio.run(run()) == [[], [1], [2]]


def test_who_leaves_the_line_gives_the_place_up() -> None:
    async def run() -> tuple[int, int]:
        gate = Gate(1, 10)
        async with gate.enter():
            async with gate.enter(), gate.enter() as third:
                before = third.ahead
            async with gate.enter() as fourth:
                return before, fourth.ahead

    assert asyncio.run(run()) == (2, 1)


def test_full_line_lets_no_more_in_until_one_leaves() -> None:
    async def run() -> list[bool]:
        gate = Gate(1, 1)
        told = [gate.full]
        async with gate.enter(), gate.enter():
            told.append(gate.full)
        told.append(gate.full)
        return told

    assert asyncio.run(run()) == [False, True, False]


def test_moved_returns_after_its_time_though_nothing_moved() -> None:
    async def run() -> int:
        place = Place(lambda mine: 3)
        await place.moved(0.01)
        return place.ahead

    assert asyncio.run(run()) == 3
