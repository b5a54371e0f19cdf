"""The pages of retention, destruction, transfer and of secret letters' registers."""
