"""The weeks that an office URL asks for."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import Query

from bot.office.weekly.weeks import Period, Week, week_of
from bot.web.services import Services

WEEKS = (1, 4, 8, 12)
USUAL_WEEKS = 4


def chosen_period(services: Services) -> Callable[..., Period]:
    """A dependency: the period in the URL, in local time; the latest week by default."""

    def chosen(
        weeks: Annotated[int, Query(ge=1, le=53)] = USUAL_WEEKS, week: Annotated[date | None, Query()] = None
    ) -> Period:
        zone = services.ready().site.zone
        today = datetime.now(zone).date()
        last = week_of(today, zone)
        wanted = week_of(week, zone) if week else last
        earliest = last.monday - timedelta(weeks=weeks - 1)
        return Period(today, weeks, Week(min(max(wanted.monday, earliest), last.monday), zone))

    return chosen
