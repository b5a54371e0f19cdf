"""The director's folder on the page: papers that go up and come back with an order, and the tasks they leave."""
