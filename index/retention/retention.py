"""Retention of one office's book under one table of the law: what the rest of the program opens."""

from __future__ import annotations

from index.register.store.audit import AuditTrail
from index.register.store.database import Database
from index.retention.batches import Batches
from index.retention.calendar import Calendar
from index.retention.confirming import Confirmations
from index.retention.destruction import Destruction
from index.retention.due_list import DueList
from index.retention.law import Law
from index.retention.lists import Lists
from index.retention.loans import Loans
from index.retention.records import Records
from index.retention.secret_registers import SecretRegisters
from index.retention.survey import Surveys
from index.retention.transfers import Transfers
from index.retention.unclosed import Unclosed


class Retention:
    """What is kept, lent, due and retired.

    `records` notes clocks, classes, holds and places, `loans` lends, `lists` is the store,
    `unclosed` what has no end yet, `surveys` reads everything, `due_list` one page of it, `batches`
    are proposed, `destruction` carries an approved one out and keeps its proof, `transfers` go to the
    archives, `calendar` says what is due, `secret_registers` are ทข.1 to ทข.3, `confirmations` notes
    who compared a row of the law.
    """

    def __init__(self, database: Database, law: Law) -> None:
        self.law = law
        self.confirmations = Confirmations(database, law)
        self.records = Records(database, law)
        self.loans = Loans(database, law)
        self.surveys = Surveys(database, law)
        self.batches = Batches(database, law)
        self.destruction = Destruction(database, law)
        self.secret_registers = SecretRegisters(database)
        self.due_list = DueList(database, law)
        self.unclosed = Unclosed(database)
        self.lists = Lists(database, law)
        self.transfers = Transfers(database, law)
        self.calendar = Calendar(
            law,
            batches=self.batches,
            loans=self.loans,
            lists=self.lists,
            transfers=self.transfers,
            begun_at=AuditTrail(database).begun_at,
        )
