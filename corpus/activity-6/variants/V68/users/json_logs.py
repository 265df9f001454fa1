import json
import logging


class JsonFormatter(logging.Formatter):
    def format(self, record):
        more = {name: getattr(record, name) for name in ("cache", "ms") if hasattr(record, name)}
        return json.dumps({"at": self.formatTime(record), "event": record.getMessage(), **more})
