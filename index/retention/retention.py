"""Retention of one office's book under one table of the law: what the rest of the program opens."""

from __future__ import annotations

from index.register.database import Database
from index.retention.batches import Batches
from index.retention.law import Law
from index.retention.loans import Loans
from index.retention.records import Records
from index.retention.survey import Surveys


class Retention:
    """`records` notes clocks, classes, holds and places, `loans` lends, `surveys` reads, `batches` are proposed."""

    def __init__(self, database: Database, law: Law) -> None:
        self.law = law
        self.records = Records(database, law)
        self.loans = Loans(database, law)
        self.surveys = Surveys(database, law)
        self.batches = Batches(database, law)
