"""Two addresses, so that middleware can be tested without the pages."""

from django.contrib.auth import authenticate, login
from django.http import HttpRequest, HttpResponse
from django.urls import path


def who(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.user.get_username())


def sign_in(request: HttpRequest) -> HttpResponse:
    user = authenticate(request, username=request.POST["username"], password=request.POST["password"])
    if user is None:
        return HttpResponse("no", status=403)
    login(request, user)
    return HttpResponse("yes")


urlpatterns = [path("who/", who), path("sign-in/", sign_in)]
