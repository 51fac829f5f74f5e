"""The real parts that tests run against: databases, a mail server, a clock, the product's processes. No assertions."""
