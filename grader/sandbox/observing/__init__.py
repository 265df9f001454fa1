"""What the judge sees from outside: HTTP responses, database rows, Redis keys, the log, the timeline."""
