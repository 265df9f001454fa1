from tests.projects.control import Control

ODD: dict[str, Control] = {}
