"""Points and rewards of a guest: a page that needs neither a socket nor a script."""

from dataclasses import dataclass

from components.markup import STATIC, Html, Node, icon
from services.loyalty.guest_page import CodeRow, RewardRow, RewardsPage

h = STATIC


@dataclass(frozen=True)
class RewardsVars:
    """What the page shows beside the guest's own."""

    texts: dict[str, str]
    restaurant: str
    menu_href: str
    privacy_href: str
    # Where forms are posted.
    action: str
    consent_action: str
    # One for this page: the same tap sent twice takes once.
    key: str
    # A code's picture, by its row's id.
    pictures: dict[str, str]
    # What has just been done, and what was refused.
    news: str = ""
    problem: str = ""
    # An invitation that this page was opened with.
    invitation: str = ""


def rewards_body(v: RewardsVars, page: RewardsPage) -> Html:
    """The whole page."""
    return h(
        "div",
        h(
            "header",
            h(
                "a",
                icon(h, "chevron-left", 24, "flip"),
                cls="hb",
                attrs={"href": v.menu_href, "aria-label": v.texts["back"]},
            ),
            h("div", h("h1", v.texts["title"]), h("p", h("bdi", v.restaurant))),
            cls="pbar",
        ),
        h("main", *_parts(v, page), cls="body pad nobar rewards"),
        cls="guest",
    )


def _parts(v: RewardsVars, page: RewardsPage) -> list[Node]:
    told = [_notice("circle-alert", v.problem, "bad"), _notice("circle-check", v.news, "ok")]
    if not page.is_running:
        return [*told, _nothing(v)]
    notes: list[Node] = [_notice("info", note, "") for note in page.notes]
    if not page.is_member:
        return [*told, _invited(v), _join(v, page), *notes, _list(v, page)]
    return [
        *told,
        _cheer(page),
        _card(v, page),
        *(_code(v, one) for one in page.codes),
        *notes,
        _invited(v),
        _list(v, page),
        _badges(v, page),
        _invite(v, page),
        _history(v, page),
        h(
            "a",
            icon(h, "smartphone"),
            h("span", h("b", v.texts["new_phone"]), h("small", v.texts["new_phone_hint"])),
            icon(h, "chevron-right", 18, "end flip"),
            cls="act panel",
            attrs={"href": v.privacy_href},
        ),
    ]


def _notice(name: str, text: str, tone: str) -> Node:
    if not text:
        return None
    return h(
        "div",
        icon(h, name),
        h("div", text),
        cls=f"notice {tone}".strip(),
        attrs={"role": "alert" if tone == "bad" else "status", "data-testid": f"told-{tone}"},
    )


def _nothing(v: RewardsVars) -> Node:
    return h(
        "section",
        h("h2", v.texts["none"]),
        h("p", v.texts["none_hint"]),
        h("a", v.texts["back"], cls="btn sec c", attrs={"href": v.menu_href}),
        cls="panel join",
    )


def _cheer(page: RewardsPage) -> Node:
    if not page.cheer:
        return None
    return h(
        "section",
        icon(h, "sparkles", 24),
        h("b", page.cheer),
        cls=f"cheer t-{page.tier_key}",
        attrs={"role": "status", "data-testid": "tier-risen"},
    )


def _card(v: RewardsVars, page: RewardsPage) -> Node:
    return h(
        "section",
        h("p", v.texts["your_points"], cls="cap"),
        h(
            "p",
            str(page.points),
            cls="pts num",
            attrs={"data-testid": "points-balance", "data-points": str(page.points)},
        ),
        h(
            "p",
            icon(h, "award", 18),
            h("b", h("bdi", page.tier)),
            cls="tier",
            attrs={"data-testid": "tier", "data-tier": page.tier_key},
        ),
        _bar(page.progress_percent),
        h("p", page.tier_text, cls="way"),
        h("ul", *(h("li", h("bdi", one)) for one in page.benefits)) if page.benefits else None,
        cls="card-p",
    )


def _bar(percent: int) -> Html:
    # Drawn, not styled: the page's policy takes no style attributes.
    return h(
        "svg",
        h("rect", attrs={"width": str(percent), "height": "4"}),
        cls="bar",
        attrs={"viewBox": "0 0 100 4", "preserveAspectRatio": "none", "aria-hidden": "true"},
    )


def _code(v: RewardsVars, one: CodeRow) -> Node:
    forms: list[Node] = []
    if one.can_go_to_cart:
        forms.append(_form(v, "cart", v.texts["cart"], "btn pri c", taken_id=one.id))
    if one.is_in_cart:
        forms.append(h("p", icon(h, "check", 18), v.texts["in_cart"], cls="incart"))
    forms.append(_form(v, "back", v.texts["give_back"], "btn sec c", taken_id=one.id))
    return h(
        "section",
        h("h2", h("bdi", one.name)),
        h("p", v.texts["codes_hint"], cls="tiny c"),
        h("img", cls="qr", attrs={"src": v.pictures[one.id], "alt": "", "width": "208"}),
        h(
            "p",
            one.code,
            cls="code num",
            attrs={"data-testid": "reward-code", "data-code": one.code, "dir": "ltr"},
        ),
        h(
            "p",
            h("span", v.texts["left"]),
            " ",
            h(
                "time",
                one.until,
                cls="num",
                attrs={"data-seconds": str(one.seconds_left), "data-over": v.texts["over"]},
            ),
            cls="till",
        ),
        h("div", *forms, cls="pair"),
        cls="panel shown",
        attrs={"aria-live": "polite"},
    )


def _form(v: RewardsVars, act: str, label: str, cls: str, **hidden: str) -> Node:
    return h(
        "form",
        h("input", attrs={"type": "hidden", "name": "act", "value": act}),
        *(
            h("input", attrs={"type": "hidden", "name": name, "value": value})
            for name, value in hidden.items()
        ),
        h(
            "button",
            label,
            cls=cls,
            attrs={"type": "submit", "data-testid": f"reward-{act}"},
        ),
        attrs={"method": "post", "action": v.action},
    )


def _list(v: RewardsVars, page: RewardsPage) -> Node:
    rows = [_reward(v, one) for one in page.rewards]
    return h(
        "section",
        h("h2", v.texts["rewards"], cls="ph"),
        h("ul", *rows, cls="rws") if rows else h("p", v.texts["no_rewards"], cls="tiny"),
        cls="panel",
    )


def _reward(v: RewardsVars, one: RewardRow) -> Html:
    if one.lacking:
        end = h("p", one.lacking.strip(), cls="lack") if one.lacking.strip() else None
    else:
        end = _form(v, "redeem", v.texts["take"], "btn pri", reward_id=one.id, key=v.key)
    return h(
        "li",
        icon(h, "gift", 24),
        h(
            "div",
            h("h3", h("bdi", one.name)),
            h("p", h("bdi", one.description)) if one.description else None,
            h("p", one.cost, cls="cost num"),
            _bar(one.percent) if one.lacking.strip() else None,
        ),
        end,
        cls="rw1" if not one.lacking else "rw1 far",
        attrs={"data-testid": "reward", "data-reward-id": one.id},
    )


def _join(v: RewardsVars, page: RewardsPage) -> Node:
    if not page.is_guest:
        return h(
            "section",
            h("h2", v.texts["open_menu"]),
            h("p", v.texts["open_menu_hint"]),
            h("a", v.texts["back"], cls="btn sec c", attrs={"href": v.menu_href}),
            cls="panel join",
        )
    return h(
        "section",
        icon(h, "gift", 24),
        h("h2", v.texts["join"]),
        h("p", v.texts["join_hint"]),
        h(
            "form",
            h(
                "button",
                v.texts["remember"],
                cls="btn pri c",
                attrs={
                    "type": "submit",
                    "name": "level",
                    "value": "remember",
                    "data-testid": "rewards-remember",
                },
            ),
            attrs={"method": "post", "action": v.consent_action},
        ),
        cls="panel join",
    )


def _invited(v: RewardsVars) -> Node:
    if not v.invitation:
        return None
    return h(
        "section",
        icon(h, "user-plus", 24),
        h("h2", v.texts["friend"]),
        h("p", v.texts["friend_hint"]),
        _form(v, "accept", v.texts["accept"], "btn pri c", invitation=v.invitation),
        cls="panel join",
    )


def _badges(v: RewardsVars, page: RewardsPage) -> Node:
    if not page.badges:
        return None
    return h(
        "section",
        h("h2", v.texts["badges"], cls="ph"),
        h(
            "ul",
            *(
                h(
                    "li",
                    icon(h, "check" if one.is_mine else one.icon, 18),
                    h("bdi", one.name),
                    cls="on" if one.is_mine else "",
                )
                for one in page.badges
            ),
            cls="bdgs",
        ),
        cls="panel",
    )


def _invite(v: RewardsVars, page: RewardsPage) -> Node:
    if not page.invite_link:
        return None
    return h(
        "section",
        h("h2", v.texts["invite"], cls="ph"),
        h("p", v.texts["invite_hint"]),
        h(
            "input",
            cls="inp num",
            attrs={
                "readonly": True,
                "value": page.invite_link,
                "dir": "ltr",
                "aria-label": v.texts["invite"],
                "data-testid": "invite-link",
            },
        ),
        cls="panel invite",
    )


def _history(v: RewardsVars, page: RewardsPage) -> Node:
    if not page.history:
        return h("p", v.texts["no_history"], cls="tiny c")
    return h(
        "section",
        h("h2", v.texts["history"], cls="ph"),
        h(
            "ul",
            *(
                h(
                    "li",
                    h("span", h("bdi", one.text), h("small", one.when)),
                    h(
                        "span",
                        one.points,
                        cls="num gain" if one.is_gain else "num",
                        attrs={"dir": "ltr"},
                    ),
                )
                for one in page.history
            ),
            cls="plain",
            attrs={"data-testid": "points-history"},
        ),
        cls="panel",
    )
