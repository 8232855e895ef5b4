"""What schemathesis does to a request before it leaves; it finds this file by SCHEMATHESIS_HOOKS."""

import itertools
import re

import schemathesis

FORM = re.compile(r"[\x20-\x7e]{1,100}")
COUNT = itertools.count(1)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Generated keys are often the same: a request would get the answer of another one, which says nothing of it."""
    key = (case.headers or {}).get("Idempotency-Key")
    if isinstance(key, str) and FORM.fullmatch(key):
        case.headers["Idempotency-Key"] = f"{key}-{next(COUNT)}"
