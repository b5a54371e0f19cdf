"""The register: letters, their numbers, their jobs and the audit trail, in one SQL database."""
