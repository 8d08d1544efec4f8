"""What gunicorn serves: ``gunicorn openfls.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openfls.settings")

application = get_wsgi_application()
