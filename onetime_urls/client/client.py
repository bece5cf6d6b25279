"""One deployment's API as a Python object: hands out links and shares, and looks after them."""

import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from onetime_urls.client import outputs, presigned
from onetime_urls.client.addresses import is_loopback, read_address
from onetime_urls.client.api import Api, by_signature, by_token, read_answer
from onetime_urls.client.errors import NoDeployment, NotFound, NotUploaded
from onetime_urls.client.ids import path_of
from onetime_urls.client.part_body import count_what_is_sent
from onetime_urls.client.results import (
    File,
    Folder,
    Json,
    Link,
    MintedLink,
    Object,
    Share,
    SignedUrl,
    Upload,
    entries,
)
from onetime_urls.client.uploads import Bucket, Progress, Source
from onetime_urls.protocol.contract.names import UPLOAD_PREFIX
from onetime_urls.protocol.contract.outputs import Output
from onetime_urls.protocol.contract.routes import FILES, GET_URL, LINKS, OBJECTS, SHARES, URL

Seconds = int | timedelta


class Client:
    """The API of one deployment. It may be used by several threads at once.

        from onetime_urls.client import Client

        client = Client.from_stack("OneTimeUrls")
        print(client.mint("reports/q1.pdf", expires_in=900).url)

    Options are named as in the API, and `None` leaves one to the deployment's default. Every method raises
    `onetime_urls.client.Error` of some kind, and nothing else, for what goes wrong beyond this process.
    """

    def __init__(
        self,
        endpoint: str,
        *,
        region: str | None = None,
        session: boto3.Session | None = None,
        token: str | None = None,
        bucket: str | None = None,
        link_base_url: str | None = None,
        aws_endpoint: str | None = None,
    ) -> None:
        """A client for the API at `endpoint`. Makes no call.

        Args:
            endpoint: the HTTP API's address, such as https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com.
            region: the deployment's AWS region. Default: the session's.
            session: whose credentials sign calls and uploads. Default: boto3's own, from the environment.
            token: a bearer token for an API that wants one, instead of a signature.
            bucket: where `upload` puts files. Without it, or without AWS credentials, the API is asked for
                addresses to upload to.
            link_base_url: where the deployment's links are. If it is given, URLs elsewhere are refused.
            aws_endpoint: of AWS, where that isn't AWS's own: the local cloud's.

        Raises:
            NoDeployment: an address can't be used, or there is no region.
        """
        try:
            self._session = session or boto3.Session(region_name=region)
        except BotoCoreError as error:
            raise NoDeployment(f"There are no AWS settings to use: {error}") from None
        self.region = region or self._session.region_name
        if token is None and self.region is None:
            raise NoDeployment("There is no AWS region: name one.")
        if aws_endpoint is not None:
            _check_local(aws_endpoint, bucket)
        self._aws_endpoint, self._token = aws_endpoint, token
        self._api = Api(
            endpoint, by_token(token) if token else by_signature(self._session, self.region or "")
        )
        self.bucket, self.link_base_url = bucket, link_base_url
        self._s3: Any = None
        self._making_s3 = threading.Lock()

    @property
    def endpoint(self) -> str:
        """The API's address."""
        return self._api.endpoint

    @property
    def is_local(self) -> bool:
        """Whether this is a local cloud's deployment, none on AWS."""
        return self._aws_endpoint is not None

    @classmethod
    def from_stack(
        cls,
        name: str,
        *,
        session: boto3.Session | None = None,
        region: str | None = None,
        token: str | None = None,
    ) -> Self:
        """A client for a stack on AWS, which is found by its outputs: `ApiEndpoint`, and if they are there
        `AssetsBucketName` and `DistributionUrl`. Needs `cloudformation:DescribeStacks`.

        Raises:
            NoDeployment: there is no such stack, or it can't be read.
        """
        try:
            session = session or boto3.Session(region_name=region)
            found = outputs.of_stack(name, session, region)
        except BotoCoreError as error:
            raise NoDeployment(f"There are no AWS settings to use: {error}") from None
        return cls._of(found, session=session, region=region, token=token)

    @classmethod
    def from_outputs(
        cls,
        path: str | Path,
        *,
        stack: str | None = None,
        session: boto3.Session | None = None,
        token: str | None = None,
    ) -> Self:
        """A client for the deployment whose outputs are in a file: what `cdk deploy --outputs-file` wrote, or
        a local cloud's `.local/outputs.json`, which has a key of its own. Makes no call.

        Args:
            stack: which stack, if the file has the outputs of several.

        Raises:
            NoDeployment: the file can't be read, or has no such outputs.
        """
        found = outputs.of_file(Path(path), stack)
        if "AwsEndpointUrl" in found and session is None:
            try:
                session = boto3.Session(
                    found["AccessKeyId"], found["SecretAccessKey"], region_name=found[Output.REGION]
                )
            except KeyError as missing:
                raise NoDeployment(f"{path} has no {missing.args[0]}.") from None
        return cls._of(found, session=session, region=None, token=token)

    @classmethod
    def _of(
        cls, found: outputs.Outputs, *, session: boto3.Session | None, region: str | None, token: str | None
    ) -> Self:
        if Output.API_ENDPOINT not in found:
            raise NoDeployment("The stack has no output ApiEndpoint.")
        return cls(
            found[Output.API_ENDPOINT],
            region=region or found.get(Output.REGION),
            session=session,
            token=token,
            bucket=found.get(Output.ASSETS_BUCKET_NAME),
            link_base_url=found.get(Output.DISTRIBUTION_URL),
            aws_endpoint=found.get("AwsEndpointUrl"),
        )

    def mint(
        self,
        key: str,
        *,
        expires_in: Seconds | None = None,
        max_claims: int | None = None,
        resume: Seconds | None = None,
        resume_factor: int | None = None,
        resume_by: str | None = None,
        cidr: str | None = None,
        disposition: str | None = None,
        filename: str | None = None,
    ) -> MintedLink:
        """Make a one-time link to an object. Whatever fetches it first uses it up.

        Args:
            key: the object's, in the deployment's bucket.
            expires_in: how long it works: seconds, or a timedelta.
            max_claims: how often it can be downloaded.
            resume: how long after its claim a download may be gone on with.
            resume_factor: how often the object's bytes may be sent under one claim.
            resume_by: "cookie" or "address": how whoever goes on is known again.
            cidr: the only network that it works from.
            disposition: "attachment" to save it, "inline" to show it.
            filename: the name to save it under.

        Raises:
            ApiError: it is refused, or can't be asked for.
        """
        wanted = {
            "key": key,
            "expires_in": _seconds(expires_in),
            "max_claims": max_claims,
            "resume": _seconds(resume),
            "resume_factor": resume_factor,
            "resume_by": resume_by,
            "cidr": cidr,
            "disposition": disposition,
            "filename": filename,
        }
        query = {name: str(value) for name, value in wanted.items() if value is not None}
        return read_answer(MintedLink.from_json, self._api.call("GET", GET_URL.path, query=query))

    def upload(
        self,
        file: str | Path,
        *,
        folder: str | None = None,
        content_type: str | None = None,
        progress: Progress | None = None,
        checkpoint: Path | None = None,
    ) -> Upload:
        """Put a file into the bucket: under a new key that nobody can guess, or under its own name in a
        folder, where nothing is overwritten.

        Args:
            folder: one of the deployment's for uploads, or one below, with a slash at its end. The API is
                asked for addresses to upload to, whatever credentials there are.
            content_type: its media type. Default: as its name says.
            progress: told how many bytes are there, of how many: first once the file has been read, from any
                thread, one call at a time.
            checkpoint: a file that notes a large upload until it is complete, so that the same call goes on
                with it after an interruption.

        Raises:
            NotUploaded: the file can't be read or changes meanwhile, or the bucket doesn't take it.
            ApiError: the API is asked for addresses to upload to, and refuses (`NameTaken`: there is such a
                file) or can't be reached.
        """
        path = Path(file)
        told = progress or (lambda _there, _size: None)
        try:
            source = Source.read(path, content_type)
            told(0, source.size)
            without_credentials = self._token and self._session.get_credentials() is None
            if folder is not None or self.bucket is None or without_credentials:
                return presigned.upload(self._api, source, folder, checkpoint, told)
            return Bucket(self._s3_client(), self.bucket).upload(source, checkpoint, told)
        except OSError as error:
            raise NotUploaded(f"{path.name} can't be read: {error.strerror or error}.") from None
        except BotoCoreError as error:
            raise NotUploaded(f"The AWS settings can't be used: {error}") from None

    def share(
        self,
        key: str,
        *,
        expires_in: Seconds | None = None,
        max_downloads: int | None = None,
        pin: str | None = None,
        note: str | None = None,
        filename: str | None = None,
    ) -> Share:
        """Make a share of an object: a short address, whose page hands the file over when it is asked for.

        Args:
            key: the object's, in the deployment's bucket.
            expires_in: how long it can be had: seconds, or a timedelta.
            max_downloads: how often.
            pin: what the page asks for before.
            note: a word to the recipient.
            filename: the name that is shown and saved under. Default: the key's last part.

        Raises:
            ApiError: it is refused, or can't be asked for.
        """
        wanted = {
            "key": key,
            "expires_in": _seconds(expires_in),
            "max_downloads": max_downloads,
            "pin": pin,
            "note": note,
            "filename": filename,
        }
        body = {name: value for name, value in wanted.items() if value is not None}
        return read_answer(Share.from_json, self._api.call("POST", SHARES.path, body=body))

    def check_share(self, **options: Any) -> None:
        """Have the API look at the options of a share before its file is uploaded: of an object that there
        can't be.

        Args:
            options: those of `share`.

        Raises:
            ApiError: the API would refuse the share, or can't be reached.
        """
        try:
            self.share(f"{UPLOAD_PREFIX}{secrets.token_hex(16)}", **options)
        except NotFound as refused:
            if refused.code != "no_such_object":
                raise

    def status(self, id_or_url: str) -> Link | Share:
        """Tell what became of a link or a share.

        Raises:
            NotAnId: that names neither.
            ApiError: there is none such, or the API refuses or can't be reached.
        """
        return self._about("GET", id_or_url)

    def revoke(self, id_or_url: str) -> Link | Share:
        """Take a link or a share back, for good. A download that was admitted before runs on. Doing it twice
        is no error.

        Raises:
            NotAnId: that names neither.
            ApiError: there is none such, or the API refuses or can't be reached.
        """
        return self._about("DELETE", id_or_url)

    def list_links(self, key: str | None = None) -> Iterator[Link]:
        """The links of all objects, or of one, newest first. Pages are asked for as they are needed.

        Args:
            key: the object's. Without it, what shares handed out isn't among them.

        Raises:
            ApiError: the API refuses or can't be reached.
        """
        for page in self._pages(LINKS.path, {} if key is None else {"key": key}):
            yield from read_answer(lambda page: [Link.from_json(each) for each in page["links"]], page)

    def list_shares(self, key: str | None = None) -> Iterator[Share]:
        """The shares of all objects, or of one, newest first. Pages are asked for as they are needed.

        Args:
            key: the object's.

        Raises:
            ApiError: the API refuses or can't be reached.
        """
        for page in self._pages(SHARES.path, {} if key is None else {"key": key}):
            yield from read_answer(lambda page: [Share.from_json(each) for each in page["shares"]], page)

    def list_objects(self, prefix: str = "", *, flat: bool = False) -> Iterator[Folder | Object]:
        """What can be handed out: the objects of a folder and the folders in it, in the order of their names.
        Pages are asked for as they are needed.

        Args:
            prefix: what their keys begin with: a folder's name, with its slash, or the beginning of one.
            flat: every object below, and no folders.

        Raises:
            ApiError: the API refuses or can't be reached.
        """
        query = ({"prefix": prefix} if prefix else {}) | ({"flat": "true"} if flat else {})
        for page in self._pages(OBJECTS.path, query):
            yield from read_answer(entries, page)

    def list_files(self, prefix: str = "") -> Iterator[File]:
        """The files of signed URLs that the caller may read, in the order of their names. Pages are asked for
        as they are needed.

        Args:
            prefix: what their names begin with.

        Raises:
            ApiError: the API refuses or can't be reached, or the deployment has no signed URLs.
        """
        for page in self._pages(FILES.path, {"prefix": prefix} if prefix else {}):
            yield from read_answer(lambda page: [File.from_json(each) for each in page["files"]], page)

    def sign_url(
        self, file: str, *, expires_in: Seconds | None = None, disposition: str | None = None
    ) -> SignedUrl:
        """A signed URL of a file. Whoever has it can use it as often as they like until it expires: it can't
        be taken back.

        Args:
            file: its name, as `list_files` has it.
            expires_in: how long it works: seconds, or a timedelta.
            disposition: "attachment" to save it, "inline" to show it.

        Raises:
            ApiError: it is refused, or can't be asked for, or the deployment has no signed URLs.
        """
        wanted = {"file": file, "expires_in": _seconds(expires_in), "disposition": disposition}
        query = {name: str(value) for name, value in wanted.items() if value is not None}
        return read_answer(SignedUrl.from_json, self._api.call("GET", URL.path, query=query))

    def _about(self, method: str, named: str) -> Link | Share:
        path = path_of(named, self.link_base_url)
        read: Callable[[Json], Link | Share] = (
            Link.from_json if path.startswith(f"{LINKS.path}/") else Share.from_json
        )
        return read_answer(read, self._api.call(method, path))

    def _pages(self, path: str, query: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        page = self._api.call("GET", path, query=query)
        yield page
        while "next" in page:
            page = self._api.call("GET", path, query={**query, "next": str(page["next"])})
            yield page

    def _s3_client(self) -> Any:
        """A client for the bucket, which uploads share: threads may share a client, and no session (boto3
        guide, "Multithreading or multiprocessing with sessions"). One that was made without credentials would
        never find any, and isn't kept."""
        with self._making_s3:
            if self._s3 is not None:
                return self._s3
            config = Config(connect_timeout=10, read_timeout=60)
            made = self._session.client(
                "s3", region_name=self.region, endpoint_url=self._aws_endpoint, config=config
            )
            count_what_is_sent(made)
            if self._session.get_credentials() is not None:
                self._s3 = made
            return made


def _check_local(url: str, bucket: str | None) -> None:
    """Raise NoDeployment unless an endpoint of AWS's is this machine's, which is sent what a key signs, and
    the bucket is one there: an ARN can name a host of its own, whatever the endpoint."""
    try:
        local = is_loopback(read_address(url))
    except ValueError:
        local = False
    if not local:
        raise NoDeployment("An AWS endpoint must be on this machine: a local cloud's.")
    if bucket is not None and ":" in bucket:
        raise NoDeployment("A local cloud's bucket goes by its name.")


def _seconds(span: Seconds | None) -> int | None:
    return int(span.total_seconds()) if isinstance(span, timedelta) else span
