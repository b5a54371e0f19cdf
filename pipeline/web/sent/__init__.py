"""The pages of the send books."""
