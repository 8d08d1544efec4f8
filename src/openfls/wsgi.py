"""What gunicorn serves: ``gunicorn openfls.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application

from openfls.measures.charts.drawing import load

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openfls.settings")

application = get_wsgi_application()

load()  # what draws takes a second to load: now, not while somebody waits for the first page
