"""What schemathesis does to a request before it leaves; it finds this file by SCHEMATHESIS_HOOKS."""

import itertools
import os
import re
import uuid

import schemathesis

FORM = re.compile(r"[\x20-\x7e]{1,100}")
COUNT = itertools.count(1)
OWN_KEY = os.environ["FUZZ_OWN_KEY_ID"]


@schemathesis.hook
def before_call(context, case, kwargs):
    """Keeps requests apart from one another, and the key good by which they are made."""
    # generated keys are often the same: a request would get the answer of another one, which says nothing of it
    key = (case.headers or {}).get("Idempotency-Key")
    if isinstance(key, str) and FORM.fullmatch(key):
        case.headers["Idempotency-Key"] = f"{key}-{next(COUNT)}"
    # it takes ids from answers: without this it would revoke its own key, and be refused from then on
    if (case.path_parameters or {}).get("id") == OWN_KEY:
        case.path_parameters["id"] = str(uuid.UUID(int=next(COUNT), version=4))
