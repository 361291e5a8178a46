"""The register of everything customers can be filtered by. Lists, views and segments use it.

A new field: one entry in people_fields or order_fields, its words in `base/segment_texts.py`, a
line in docs/algorithms/segments.md.
"""

from services.segments.order_fields import ORDER_FIELDS
from services.segments.people_fields import PEOPLE_FIELDS
from services.segments.types import CustomerField

FIELDS: dict[str, CustomerField] = {one.key: one for one in (*PEOPLE_FIELDS, *ORDER_FIELDS)}
