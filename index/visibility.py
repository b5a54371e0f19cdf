"""Who may see which letter: one rule for every list, count and search; in SQL it is `index.register.store.visible`.

Secret until shown otherwise (DOMAIN §10, regulation on official secrets of 2544): a letter that was
not read yet, one marked or dropped as secret, and one with an open doubt about secrecy are *hidden*.
A hidden letter is seen by the registrar of secret letters, and by a person who has the clearance for
its class and a personal grant for it; those who keep the whole register see only that the number is
taken. Who was denied a hidden letter never opens it, registrars included: a denial wins over every
grant. Being an administrator of the system shows no letter at all, nor does being the secretary: she
carries the folder, and what lies in it is put before her as before those who sign it. The director sees
the whole register and, of secret letters, what he was cleared for and granted like everybody else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, StrEnum

from classify.letter import Secrecy, Urgency
from index.registered_letter import RedactedLetter, RegisteredLetter

SECRET_PLACEHOLDER = "(หนังสือลับ)"  # noqa: S105 - what is shown instead of a secret subject
UNREAD_PLACEHOLDER = "(ยังไม่ได้อ่าน)"
SECRECY_FIELD = "secrecy"
"""An open review reason on this field hides the letter until the registrar has looked."""


class Role(StrEnum):
    """What a person does in the office; one person may have several."""

    DIRECTOR = "director"
    DEPUTY_DIRECTOR = "deputy_director"
    SECRETARY = "secretary"
    REGISTRY_CLERK = "registry_clerk"
    GROUP_HEAD = "group_head"
    GROUP_OFFICER = "group_officer"
    RECORDS_OFFICER = "records_officer"
    COMMITTEE_MEMBER = "committee_member"
    SECRET_REGISTRAR = "secret_registrar"  # noqa: S105 - a role
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Sight(Enum):
    """How much of a letter is shown."""

    FULL = "full"
    PLACEHOLDER = "placeholder"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who looks. `granted` are letter ids with a personal grant that has not run out.

    `clearance` is the highest class of secrecy the person was cleared for; it opens nothing
    without a grant. `denied` are letter ids that this person must not open while they are hidden.
    """

    name: str
    roles: frozenset[Role] = frozenset()
    groups: frozenset[str] = frozenset()
    clearance: Secrecy = Secrecy.NONE
    granted: frozenset[int] = frozenset()
    denied: frozenset[int] = frozenset()

    @property
    def nameless(self) -> Viewer:
        """The same without the name: whoever has an equal one may see the same letters."""
        return replace(self, name="")

    @property
    def is_registrar(self) -> bool:
        """Tell whether this is a registrar of secret letters."""
        return Role.SECRET_REGISTRAR in self.roles

    @property
    def handles_secrets(self) -> bool:
        """Tell whether this person may have secret letters at all: is their registrar, or cleared."""
        return self.is_registrar or self.clearance is not Secrecy.NONE

    @property
    def keeps_register(self) -> bool:
        """Tell whether this person works with the whole register, whatever the group."""
        return bool(self.roles & _WHOLE_REGISTER)

    @property
    def own_groups(self) -> frozenset[str]:
        """The groups whose letters this person may open."""
        return self.groups if self.roles & _OF_A_GROUP else frozenset()


_WHOLE_REGISTER = frozenset(
    {
        Role.DIRECTOR,
        Role.REGISTRY_CLERK,
        Role.RECORDS_OFFICER,
        Role.AUDITOR,
        Role.SECRET_REGISTRAR,
    }
)
_OF_A_GROUP = frozenset({Role.DEPUTY_DIRECTOR, Role.GROUP_HEAD, Role.GROUP_OFFICER})
# A secret letter whose class nobody has stated yet counts as the highest.
SECRECY_RANK = {Secrecy.NONE: 3, Secrecy.SECRET: 1, Secrecy.VERY_SECRET: 2, Secrecy.TOP_SECRET: 3}


def is_hidden(letter: RegisteredLetter) -> bool:
    """Tell whether a letter is secret, or may be: then nothing of it is kept outside the archive."""
    return letter.is_secret or SECRECY_FIELD in letter.review


def may_see(viewer: Viewer, letter: RegisteredLetter) -> Sight:
    """Tell how much of a registered letter the viewer is shown."""
    granted = letter.letter_id in viewer.granted
    suspected = SECRECY_FIELD in letter.review
    if not (letter.is_secret or suspected):
        own = bool(viewer.own_groups & groups_having(letter))
        return Sight.FULL if viewer.keeps_register or own or granted else Sight.NOTHING
    cleared = clearance_rank(viewer) >= SECRECY_RANK[letter.secrecy]
    may_open = viewer.is_registrar or (granted and cleared and not suspected)
    if may_open and letter.letter_id not in viewer.denied:
        return Sight.FULL
    return Sight.PLACEHOLDER if viewer.keeps_register else Sight.NOTHING


def groups_having(letter: RegisteredLetter) -> frozenset[str]:
    """Return the groups that a letter was given to: none before a person handed it on.

    What the program proposes is the registry's to judge, and no group's business yet. A letter of the
    send book is its group's own.
    """
    handed_on = letter.step or letter.book != "receive"
    return frozenset({letter.group, *letter.copies}) if handed_on else frozenset()


def may_see_unread(viewer: Viewer) -> bool:
    """Tell whether the viewer may see name and contents of what was not read (or not readable)."""
    return viewer.is_registrar


def redact(letter: RegisteredLetter) -> RedactedLetter:
    """Turn a hidden letter into `(หนังสือลับ)` and its register number: nothing else is left.

    The time of receipt is the one of its row in the register, which the neighbours' rows tell anyway.
    """
    return RedactedLetter(
        letter_id=letter.letter_id,
        register_number=letter.register_number,
        revision=0,
        received_at=letter.received_at,
        number="",
        date=None,
        sender="",
        recipient="",
        subject=SECRET_PLACEHOLDER,
        kind="",
        urgency=Urgency.NONE,
        secrecy=Secrecy.NONE,
        group="",
        retention_class="",
        text="",
        sha256="",
        is_secret=True,
        review=(),
    )


def show(viewer: Viewer, letter: RegisteredLetter) -> RegisteredLetter | None:
    """Return the letter as this viewer may have it: whole, redacted, or not at all."""
    match may_see(viewer, letter):
        case Sight.FULL:
            return letter
        case Sight.PLACEHOLDER:
            return redact(letter)
        case _:
            return None


def clearance_rank(viewer: Viewer) -> int:
    """Return how high the viewer is cleared, 0 for not at all; compare with `SECRECY_RANK`."""
    return 0 if viewer.clearance is Secrecy.NONE else SECRECY_RANK[viewer.clearance]


def sent_sight(viewer: Viewer, *, is_secret: bool, group: str, is_granted: bool = False) -> Sight:
    """Tell how much of a sent letter the viewer is shown: by its secrecy and the group that owns it.

    `is_granted`: a destruction batch puts it before this person (`Viewer.granted` has its paper id).

    One with a secrecy mark on a copy that nobody entered counts as secret until the registrar has looked.
    """
    if is_secret and not viewer.is_registrar:
        return Sight.PLACEHOLDER if viewer.keeps_register else Sight.NOTHING
    own = viewer.keeps_register or is_granted or group in viewer.own_groups
    return Sight.FULL if own else Sight.NOTHING
