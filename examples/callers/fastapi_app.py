"""A FastAPI app: whoever asks for a report gets it by a link that works once.

    API_ENDPOINT=https://… fastapi dev fastapi_app.py

`API_ENDPOINT` is the stack's output ApiEndpoint. Calls are signed with boto3's own credentials and region.
"""

import os

from fastapi import FastAPI, HTTPException
from fastapi.responses import RedirectResponse

from onetime_urls.client import Client, NotFound, Unavailable

app = FastAPI()
client = Client(os.environ["API_ENDPOINT"])


@app.get("/reports/{name}")
def report(name: str) -> RedirectResponse:
    try:
        link = client.mint(f"reports/{name}", expires_in=60)
    except NotFound:
        raise HTTPException(404, "There is no such report.") from None
    except Unavailable:
        raise HTTPException(503, "Try again in a moment.", headers={"Retry-After": "5"}) from None
    return RedirectResponse(link.url, status_code=303, headers={"Cache-Control": "no-store"})
