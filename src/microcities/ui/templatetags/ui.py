"""Offers the components (`components.py`) and the number formats (`numbers.py`) to templates."""

from collections.abc import Callable
from typing import Any

from django import template
from django.utils.safestring import SafeString

from microcities.ui import components, icons, numbers, stacking

register = template.Library()

BLOCKS: tuple[Callable[..., SafeString], ...] = (
    components.button,
    components.definition,
    components.details,
    components.empty_state,
    components.figures,
    components.file_link,
    components.link_button,
    components.notice,
    components.section,
    components.summary_list,
    components.summary_row,
    components.task,
    components.task_list,
    stacking.stackable,
)
TAGS: tuple[Callable[..., SafeString], ...] = (
    components.as_of_line,
    components.breadcrumbs,
    components.flash,
    components.key_figure,
    components.progress,
    components.status,
    components.steps,
    components.tabs,
    icons.icon,
)

for block in BLOCKS:
    register.simple_block_tag(block)
for tag in TAGS:
    register.simple_tag(tag)


@register.simple_tag
def quantity(value: object, unit: str = "", decimals: int | None = None) -> str:
    """A value with its unit."""
    return numbers.format_quantity(value, unit, decimals)


@register.filter
def number(value: object, decimals: int | None = None) -> str:
    """A number with the language's separators: `{{ value|number }}`, `{{ value|number:1 }}`."""
    return numbers.format_number(value, decimals)


@register.filter
def money(value: object, decimals: int | None = None) -> str:
    """An amount in euro: `{{ grant|money }}`."""
    return numbers.format_money(value, decimals)


@register.filter
def percent(share: object, decimals: int = 0) -> str:
    """A share of one as a percentage: `{{ 0.09|percent }}`."""
    return numbers.format_percent(share, decimals)


@register.filter
def day(value: Any) -> str:
    """A date: `{{ vacancy.closes_on|day }}`."""
    return numbers.format_day(value)


@register.filter
def moment(value: Any) -> str:
    """A date with the time of day: `{{ event.starts_at|moment }}`."""
    return numbers.format_moment(value)


@register.filter
def filesize(size: int | None) -> str:
    """A file's size."""
    return numbers.format_bytes(size)
