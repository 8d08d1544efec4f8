"""No sign-in lasts longer than a shift, however busy it is."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout

BEGAN = "began"  # epoch seconds of the first request after signing in


class LongestSession:
    """Middleware: signs a user out ``SESSION_LONGEST`` after signing in. (An idle session ends by its cookie's age.)"""

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        if request.user.is_authenticated:
            began = request.session.setdefault(BEGAN, int(time.time()))
            if time.time() - began >= settings.SESSION_LONGEST.total_seconds():
                logout(request)
        return self.get_response(request)
