"""A Django view: whoever asks for a report gets it by a link that works once.

    API_ENDPOINT=https://… python django_app.py runserver

`API_ENDPOINT` is the stack's output ApiEndpoint. Calls are signed with boto3's own credentials and region.
In a project of yours the view and its path are all that you need.
"""

import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line
from django.core.wsgi import get_wsgi_application
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from onetime_urls.client import Client, NotFound, Unavailable

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["localhost", "127.0.0.1"])
client = Client(os.environ["API_ENDPOINT"])


@require_GET
@never_cache
def report(request: HttpRequest, name: str) -> HttpResponse:
    try:
        link = client.mint(f"reports/{name}", expires_in=60)
    except NotFound:
        raise Http404("There is no such report.") from None
    except Unavailable:
        return HttpResponse("Try again in a moment.", status=503, headers={"Retry-After": "5"})
    return HttpResponse(status=303, headers={"Location": link.url})


urlpatterns = [path("reports/<str:name>", report)]
application = get_wsgi_application()

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
