import dataclasses
import reflex as rx


@dataclasses.dataclass(frozen=True)
class Dish:
    id: str
    name: str


class MenuState(rx.State):
    dishes: list[Dish] = []
    n: int = 0

    @rx.event
    async def load(self):
        self.dishes = [Dish(id=str(i), name=f"Dish {i}") for i in range(5)]

    @rx.event
    async def add(self, dish_id: str):
        self.n += 1


def menu():
    return rx.el.main(
        rx.el.h1("Menu"),
        rx.el.ul(
            rx.foreach(
                MenuState.dishes,
                lambda d: rx.el.li(
                    d.name, rx.el.button("+", on_click=MenuState.add(d.id)), key=d.id
                ),
            )
        ),
        rx.el.p(MenuState.n),
        custom_attrs={"data-live": rx.cond(MenuState.is_hydrated, "true", "false")},
    )


def floor():
    return rx.el.main(rx.el.h1("Floor"), rx.el.p(MenuState.n))


app = rx.App()
app.add_page(menu, route="/menu/[slug]", on_load=MenuState.load)
app.add_page(floor, route="/staff/floor")
