"""What comes in: arrivals, the jobs they become, imports, further copies, scans of several letters."""
