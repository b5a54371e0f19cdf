"""The folder (แฟ้มเสนอ): papers that go up to the director and come back with an order, and the tasks they leave."""
