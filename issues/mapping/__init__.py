"""Which application an endpoint belongs to: rules that people write, what they would do, and pins that beat them."""
