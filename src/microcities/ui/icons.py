"""Own stroke icons on a 24 by 24 grid, set inline so that they take the colour of the text."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

ICONS: dict[str, str] = {
    "arrow-down": "M12 5v14M6 13l6 6 6-6",
    "arrow-left": "M19 12H5M11 6l-6 6 6 6",
    "arrow-right": "M5 12h14M13 6l6 6-6 6",
    "arrow-up": "M12 19V5M6 11l6-6 6 6",
    "calendar": "M4 6h16v14H4zM4 10h16M8 3v5M16 3v5",
    "check": "M5 13l4.5 4.5L19 7",
    "chevron": "M9 6l6 6-6 6",
    "clock": "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18zM12 7v5l3.5 2",
    "cross": "M6 6l12 12M18 6L6 18",
    "download": "M12 4v11M7 10.5l5 5 5-5M5 20h14",
    "external": "M14 5h5v5M19 5l-9 9M17 14v5H5V7h5",
    "file": "M6 3h8l5 5v13H6zM14 3v5h5",
    "filter": "M4 5h16l-6 8v6l-4-2v-4z",
    "flag": "M6 21V4h11l-2 4 2 4H6",
    "history": "M4 12a8 8 0 1 0 2.5-5.8M4 4v4h4M12 8v4l3 2",
    "home": "M4 11l8-7 8 7M6 10v10h12V10",
    "info": "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18zM12 11v6M12 7.5v.5",
    "lock": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "mail": "M3 6h18v13H3zM3 7l9 7 9-7",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "minus": "M5 12h14",
    "people": "M9 12a3.5 3.5 0 1 0 0-7a3.5 3.5 0 1 0 0 7zM3 20c0-4 2.5-5.5 6-5.5s6 1.5 6 5.5"
    "M16 5.3a3.5 3.5 0 0 1 0 6.4M17 14.8c2.5.5 4 2 4 5.2",
    "person": "M12 12a4 4 0 1 0 0-8a4 4 0 1 0 0 8zM5 21c0-4.5 2.8-6.5 7-6.5s7 2 7 6.5",
    "place": "M12 21c-4-4.5-7-8-7-11.5a7 7 0 0 1 14 0C19 13 16 16.5 12 21z"
    "M12 7.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 1 0 0-5z",
    "plus": "M12 5v14M5 12h14",
    "search": "M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13zM15.5 15.5L20 20",
    "sort": "M8 10l4-4 4 4M8 14l4 4 4-4",
    "stop": "M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 7.5v5.5M12 16v.5",
    "warning": "M12 4L2.5 20h19zM12 10v5M12 17v.5",
}


def _svg(path: str) -> SafeString:
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        path,
    )


_DRAWN = {name: _svg(path) for name, path in ICONS.items()}


def icon(name: str) -> SafeString:
    """Return an inline icon that assistive technology skips: the word beside it carries the meaning."""
    if not name:
        return mark_safe("")
    try:
        return _DRAWN[name]
    except KeyError:
        raise ValueError(f"unknown icon {name!r}: use one of {', '.join(sorted(ICONS))}") from None
