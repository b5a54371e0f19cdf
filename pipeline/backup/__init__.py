"""The office kept elsewhere: backups, reading them back, bringing an office back from one."""
