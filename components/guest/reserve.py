"""Forms of a guest who books a table or joins the queue; they work without any script."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from components.markup import STATIC, Html, Markup, Node, icon

# These pages have no live twin.
h = STATIC


@dataclass(frozen=True)
class Option:
    """One entry of a list."""

    value: str
    label: str
    is_chosen: bool = False
    is_off: bool = False


@dataclass(frozen=True)
class ReserveForm:
    """What the page shows: choices, what was typed, and what was refused at which field."""

    texts: dict[str, str]
    restaurant: str
    menu_href: str
    action: str
    sizes: Sequence[Option]
    days: Sequence[Option]
    times: Sequence[Option]
    party: str
    day: str
    submit_key: str
    # What an e-mail address is good for here.
    reach: str = ""
    is_closed_day: bool = False
    queue_href: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class QueueForm:
    """The same for the queue, with the wait as it is now."""

    texts: dict[str, str]
    restaurant: str
    menu_href: str
    action: str
    sizes: Sequence[Option]
    party: str
    submit_key: str
    queue_text: str
    estimate: str
    basis: str
    typed: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


def reserve_page(form: ReserveForm) -> Html:
    """The whole page on which a table is booked."""
    texts = form.texts
    return _page(
        texts["title"],
        form.restaurant,
        texts["back"],
        form.menu_href,
        _refusal(form.wrong),
        h(
            "form",
            h(
                "div",
                _select("party", texts["people"], form.sizes, form.wrong),
                _select("day", texts["day"], form.days, form.wrong),
                cls="pair2",
            ),
            h("button", texts["show"], cls="btn sec c no-js", attrs={"type": "submit"}),
            cls="panel form1",
            attrs={"method": "get", "action": form.action, "data-asks": ""},
        ),
        _booking(form) if any(not one.is_off for one in form.times) else _nothing(form),
        h(
            "p",
            h("a", texts["queue"], attrs={"href": form.queue_href}),
            cls="tiny c",
        )
        if form.queue_href
        else None,
    )


def queue_page(form: QueueForm) -> Html:
    """The whole page on which a guest joins the queue."""
    texts = form.texts
    return _page(
        texts["join_title"],
        form.restaurant,
        texts["back"],
        form.menu_href,
        _refusal(form.wrong),
        h(
            "form",
            _select("party", texts["people"], form.sizes, form.wrong),
            h("button", texts["show"], cls="btn sec c no-js", attrs={"type": "submit"}),
            cls="panel form1",
            attrs={"method": "get", "action": form.action, "data-asks": ""},
        ),
        h(
            "section",
            h("p", form.queue_text, cls="st"),
            h("p", form.estimate, cls="est num"),
            h("p", form.basis, cls="pz"),
            cls="place",
            attrs={"data-testid": "wait-estimate"},
        ),
        h(
            "form",
            _hidden("party", form.party),
            _hidden("submit_key", form.submit_key),
            _field("name", texts["name"], texts, form.typed, form.wrong, autocomplete="given-name"),
            _field(
                "phone",
                texts["phone"],
                texts,
                form.typed,
                form.wrong,
                kind="tel",
                autocomplete="tel",
                help=texts["phone_hint"],
            ),
            h("p", texts["privacy"], cls="tiny"),
            _submit(texts["join"], "wait-join"),
            cls="panel form1",
            attrs={"method": "post", "action": form.action},
        ),
    )


def _page(title: str, lead: str, back: str, back_href: str, *content: Node) -> Html:
    return h(
        "div",
        page_bar(h, back, back_href, title, lead),
        h("main", *content, cls="body pad nobar"),
        cls="guest",
    )


def page_bar(write: Markup, back: Node, back_href: Node, title: Node, lead: Node) -> Node:
    """The bar of a page that is not the menu, for both writers."""
    return write(
        "header",
        write(
            "a",
            icon(write, "chevron-left", 24, "flip"),
            cls="hb",
            attrs={"href": back_href, "aria-label": back},
        ),
        write("div", write("h1", title), write("p", lead)),
        cls="pbar",
    )


def _booking(form: ReserveForm) -> Html:
    texts, wrong = form.texts, form.wrong
    return h(
        "form",
        _hidden("party", form.party),
        _hidden("day", form.day),
        _hidden("submit_key", form.submit_key),
        h(
            "fieldset",
            h("legend", texts["time"]),
            h("div", *(_time(one, texts) for one in form.times), cls="times"),
            _wrong("time", wrong),
            cls="field",
        ),
        h("h2", texts["about_you"]),
        _field("name", texts["name"], texts, form.typed, wrong, autocomplete="name"),
        _field("phone", texts["phone"], texts, form.typed, wrong, kind="tel", autocomplete="tel"),
        _field(
            "email",
            texts["email"],
            texts,
            form.typed,
            wrong,
            kind="email",
            autocomplete="email",
            help=form.reach,
        ),
        _field("wishes", texts["wishes"], texts, form.typed, wrong, help=texts["wishes_hint"]),
        h("p", texts["privacy"], cls="tiny"),
        _submit(texts["book"], "reservation-book"),
        cls="panel form1",
        attrs={"method": "post", "action": form.action},
    )


def _nothing(form: ReserveForm) -> Html:
    return h(
        "section",
        icon(h, "calendar-clock", extra="ill"),
        h("p", form.texts["closed" if form.is_closed_day else "none"]),
        cls="panel em",
        attrs={"role": "status"},
    )


def _time(one: Option, texts: dict[str, str]) -> Html:
    if one.is_off:
        return h("span", one.label, h("small", texts["full"]), cls="tm off num")
    return h(
        "label",
        h(
            "input",
            attrs={
                "type": "radio",
                "name": "time",
                "value": one.value,
                "required": True,
                "checked": one.is_chosen,
                "data-testid": "reservation-time",
            },
        ),
        one.label,
        cls="tm num",
    )


def _select(name: str, label: str, options: Sequence[Option], wrong: dict[str, str]) -> Html:
    return h(
        "div",
        h("label", label, attrs={"for": name}),
        h(
            "select",
            *(
                h(
                    "option",
                    one.label,
                    attrs={"value": one.value, "selected": one.is_chosen, "disabled": one.is_off},
                )
                for one in options
            ),
            cls="inp",
            attrs={"id": name, "name": name, **_described(name, wrong)},
        ),
        _wrong(name, wrong),
        cls="field",
    )


def _field(
    name: str,
    label: str,
    texts: dict[str, str],
    typed: dict[str, str],
    wrong: dict[str, str],
    *,
    kind: str = "text",
    autocomplete: str = "off",
    help: str = "",
) -> Html:
    return h(
        "div",
        h("label", label, " ", h("small", texts["optional"]), attrs={"for": name}),
        h(
            "input",
            cls="inp",
            attrs={
                "id": name,
                "name": name,
                "type": kind,
                "value": typed.get(name, ""),
                "autocomplete": autocomplete,
                "maxlength": "300",
                "dir": "auto",
                **_described(name, wrong),
            },
        ),
        h("p", help, cls="help") if help else None,
        _wrong(name, wrong),
        cls="field",
    )


def _described(name: str, wrong: dict[str, str]) -> dict[str, str]:
    if name not in wrong:
        return {}
    return {"aria-invalid": "true", "aria-describedby": f"{name}-wrong"}


def _wrong(name: str, wrong: dict[str, str]) -> Html | None:
    if name not in wrong:
        return None
    return h(
        "p",
        icon(h, "circle-alert", 16),
        h("span", wrong[name]),
        cls="wrong",
        attrs={"id": f"{name}-wrong", "role": "alert"},
    )


def _refusal(wrong: dict[str, str]) -> Html | None:
    """What was refused of the form as a whole."""
    if "form" not in wrong:
        return None
    return h(
        "div",
        icon(h, "circle-alert"),
        h("div", wrong["form"]),
        cls="notice bad",
        attrs={"role": "alert", "data-testid": "refusal"},
    )


def _hidden(name: str, value: str) -> Html:
    return h("input", attrs={"type": "hidden", "name": name, "value": value})


def _submit(label: str, testid: str) -> Html:
    return h("button", label, cls="btn pri c", attrs={"type": "submit", "data-testid": testid})
