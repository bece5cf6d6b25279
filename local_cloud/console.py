"""The console on this machine: what was deployed for CloudFront's addresses is told those of the local cloud.

A custom domain would do the same: the API, the bucket, the distribution of signed URLs and the user pool's
client know the address that the console has, and the console's own page and configuration know theirs.
"""

import json
from collections.abc import Mapping

from local_cloud.clients import Clients
from local_cloud.deployment import Deployed, local, reachable
from onetime_urls.protocol.contract.console import CONFIG, PAGE, TYPE


def point(clients: Clients, deployed: Deployed, addresses: Mapping[str, str], endpoint: str) -> None:
    """Have everything say and accept local addresses.

    Args:
        addresses: where each distribution's own URL is served.
        endpoint: MiniStack's address.
    """
    if "ConsoleUrl" not in deployed.outputs:
        return
    _let_call(clients, deployed.api, addresses)
    _let_upload(clients, deployed.outputs["AssetsBucketName"], addresses)
    for policy in deployed.of_kind("AWS::CloudFront::ResponseHeadersPolicy"):
        _let_read(clients, policy, addresses)
    sign_in = {}
    if pool := deployed.outputs.get("UserPoolId"):
        sign_in = _let_sign_in(clients, pool, addresses, endpoint)
    bucket = deployed.outputs["AssetsBucketName"]
    asked = {
        **addresses,
        **sign_in,
        deployed.outputs["ApiEndpoint"]: reachable(deployed.outputs["ApiEndpoint"], endpoint),
        f"https://{bucket}.s3.{deployed.outputs['Region']}.amazonaws.com": endpoint,
    }
    for its in deployed.of_kind(TYPE):
        for key in (PAGE, CONFIG):
            _rewrite(clients, its, key, asked)


def _let_call(clients: Clients, api: str, addresses: Mapping[str, str]) -> None:
    known = clients.apis.get_api(ApiId=api).get("CorsConfiguration")
    if known:
        origins = [local(each, addresses) for each in known["AllowOrigins"]]
        clients.apis.update_api(ApiId=api, CorsConfiguration={**known, "AllowOrigins": origins})


def _let_upload(clients: Clients, bucket: str, addresses: Mapping[str, str]) -> None:
    rules = clients.s3.get_bucket_cors(Bucket=bucket)["CORSRules"]
    for rule in rules:
        rule["AllowedOrigins"] = [local(each, addresses) for each in rule["AllowedOrigins"]]
    clients.s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": rules})


def _let_read(clients: Clients, policy: str, addresses: Mapping[str, str]) -> None:
    found = clients.cloudfront.get_response_headers_policy(Id=policy)
    config = found["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"]
    changed = json.loads(local(json.dumps(config), addresses))
    if changed != config:
        clients.cloudfront.update_response_headers_policy(
            Id=policy, ResponseHeadersPolicyConfig=changed, IfMatch=found["ETag"]
        )


def _let_sign_in(clients: Clients, pool: str, addresses: Mapping[str, str], endpoint: str) -> dict[str, str]:
    """Have the pool's clients come back here; where the pool's own addresses are on this machine."""
    # What isn't said again goes back to what it is by default.
    taken = clients.cognito.meta.service_model.operation_model("UpdateUserPoolClient").input_shape.members
    for each in clients.cognito.list_user_pool_clients(UserPoolId=pool)["UserPoolClients"]:
        named = {"UserPoolId": pool, "ClientId": each["ClientId"]}
        client = clients.cognito.describe_user_pool_client(**named)["UserPoolClient"]
        if client.get("CallbackURLs"):
            kept = {name: value for name, value in client.items() if name in taken and value != ""}
            for name in ("CallbackURLs", "LogoutURLs"):
                kept[name] = [local(url, addresses) for url in client[name]]
            clients.cognito.update_user_pool_client(**kept)
    region = pool.partition("_")[0]
    domain = clients.cognito.describe_user_pool(UserPoolId=pool)["UserPool"].get("Domain")
    return {
        # With the slash: the issuer's name, which has none, stays.
        f"https://cognito-idp.{region}.amazonaws.com/{pool}/": f"{endpoint}/{pool}/",
        **({f"https://{domain}.auth.{region}.amazoncognito.com": endpoint} if domain else {}),
    }


def _rewrite(clients: Clients, bucket: str, key: str, addresses: Mapping[str, str]) -> None:
    """Publish a text again, with other addresses in it."""
    found = clients.s3.get_object(Bucket=bucket, Key=key)
    clients.s3.put_object(
        Bucket=bucket,
        Key=key,
        Body=local(found["Body"].read().decode(), addresses).encode(),
        ContentType=found["ContentType"],
        CacheControl=found["CacheControl"],
    )
