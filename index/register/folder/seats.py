"""Who sits where the folder comes by: the heads of groups, their deputies, the director, and who acts for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from index.choices import Station
from index.register.people.mandates import acting_on, posts_filled
from index.register.people.people import Person, read_person
from index.register.people.people_tables import PersonRow
from index.visibility import Role, Viewer

STATIONS = tuple(Station)
"""From the lowest desk to the highest."""
SEAT_OF = {
    Role.GROUP_HEAD: Station.GROUP_HEAD,
    Role.DEPUTY_DIRECTOR: Station.DEPUTY,
    Role.DIRECTOR: Station.DIRECTOR,
}


@dataclass(frozen=True, slots=True)
class Seat:
    """A post at a station; `groups` are whose papers come to it, None for everybody's."""

    station: Station
    groups: frozenset[str] | None
    post_of: str

    def has(self, station: Station, group: str) -> bool:
        """Tell whether a paper of this group at this station is on its desk."""
        return self.station is station and (self.groups is None or group in self.groups)


@dataclass(frozen=True, slots=True)
class Sitter:
    """A person in a seat: her own, or one she fills while its holder is away."""

    person: Person
    seat: Seat


def seats_of(session: Session, office_id: int, viewer: Viewer, day: date) -> tuple[Seat, ...]:
    """Return the seats that somebody has on a day, her own ones first."""
    own = _seats(viewer.name, viewer.roles, viewer.groups)
    filled = posts_filled(session, office_id, viewer.name, day)
    acting = (seat for one in filled for seat in _seats(one.name, one.roles, one.groups))
    return (*own, *acting)


def sitters(session: Session, office_id: int, day: date) -> tuple[Sitter, ...]:
    """Return everybody who has a seat on a day and can log in."""
    rows = session.scalars(
        select(PersonRow).where(PersonRow.office_id == office_id).order_by(PersonRow.name)
    )
    people = {one.name: one for one in map(read_person, rows)}
    acting = acting_on(session, office_id, day)
    return tuple(
        Sitter(person, seat)
        for person in people.values()
        if person.active
        for name in (person.name, *acting.get(person.name, ()))
        if (post := people.get(name)) is not None
        for seat in _seats(post.name, post.roles, post.groups)
    )


def at_desk(
    everybody: Iterable[Sitter], station: Station, group: str, *, but: str = ""
) -> tuple[Person, ...]:
    """Return who can sign a paper of a group at a station: not who put it in."""
    found = (
        one.person for one in everybody if one.seat.has(station, group) and one.person.name != but
    )
    return tuple(dict.fromkeys(found))


def stations_up_to(last: Station, *, above: Station | None = None) -> tuple[Station, ...]:
    """Return the stations on the way to the last one, above one where one is named."""
    begin = 0 if above is None else STATIONS.index(above) + 1
    return STATIONS[begin : STATIONS.index(last) + 1]


def _seats(name: str, roles: frozenset[Role], groups: frozenset[str]) -> Iterator[Seat]:
    for role, station in SEAT_OF.items():
        if role in roles:
            yield Seat(station, None if role is Role.DIRECTOR else groups, name)
