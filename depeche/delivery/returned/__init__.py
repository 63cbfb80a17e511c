"""What comes back of mail that left: read and judged; nothing here acts, asks a database or a server."""

from .classifying import classify as classify
from .judging import kind_of as kind_of
from .told import Kind as Kind
from .told import Returned as Returned
from .told import Told as Told
from .told import What as What
