"""Teaches MiniStack's CloudFormation `AWS::CloudFront::PublicKey` and `AWS::CloudFront::KeyGroup`.

Its CloudFront API has both, its CloudFormation refuses templates that name them. The handlers here do what
CloudFormation does on AWS: they call that API, so its rules hold (a public key never changes but for its
comment, what is in use can't be deleted, a key group names keys that exist), and fail as it fails. Two rules
of AWS's that MiniStack's API lacks are added: what a public key may be, and how many a key group may have.

Sources: the two types in the CloudFormation Template Reference (Ref is the id; GetAtt of Id, CreatedTime and
LastModifiedTime); "Quotas" in the CloudFront Developer Guide.
"""

import importlib
import xml.etree.ElementTree as ET
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

_MOST_KEYS = 5
Properties = dict[str, Any]
Made = tuple[str, dict[str, str]]  # physical id, and what GetAtt gives


def teach() -> None:
    """Adds the two types to what CloudFormation knows, unless it knows them by now."""
    handlers = importlib.import_module("ministack.services.cloudformation.provisioners")._RESOURCE_HANDLERS
    for kind, create, update, delete in (
        ("PublicKey", _create_key, _update_key, _delete_key),
        ("KeyGroup", _create_group, _update_group, _delete_group),
    ):
        handlers.setdefault(
            f"AWS::CloudFront::{kind}", {"create": create, "update": update, "delete": delete}
        )


def _create_key(_logical_id: str, properties: Properties, _stack: str) -> Made:
    config = properties["PublicKeyConfig"]
    _require_usable(config.get("EncodedKey", ""))
    return _made(_call("_create_public_key", _document("PublicKeyConfig", config)))


def _update_key(key: str, _old: Properties, new: Properties, _stack: str) -> Made:
    body = _document("PublicKeyConfig", new["PublicKeyConfig"])
    return _made(_call("_update_public_key", key, _if_match("_public_keys", key), body))


def _delete_key(key: str, _properties: Properties) -> None:
    _delete("_delete_public_key", "_public_keys", key)


def _create_group(_logical_id: str, properties: Properties, _stack: str) -> Made:
    return _made(_call("_create_key_group", _group(properties)))


def _update_group(group: str, _old: Properties, new: Properties, _stack: str) -> Made:
    return _made(_call("_update_key_group", group, _if_match("_key_groups", group), _group(new)))


def _delete_group(group: str, _properties: Properties) -> None:
    _delete("_delete_key_group", "_key_groups", group)


def _group(properties: Properties) -> bytes:
    config = properties["KeyGroupConfig"]
    if len(config.get("Items", ())) > _MOST_KEYS:
        raise ValueError(f"TooManyPublicKeysInKeyGroup: a key group has at most {_MOST_KEYS} public keys")
    return _document("KeyGroupConfig", config)


def _require_usable(encoded: str) -> None:
    try:
        key = load_pem_public_key(encoded.encode())
    except (ValueError, UnsupportedAlgorithm):
        key = None
    usable = (isinstance(key, rsa.RSAPublicKey) and key.key_size == 2048) or (
        isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)
    )
    if not usable:
        raise ValueError("InvalidArgument: EncodedKey isn't an RSA 2048 or ECDSA P-256 public key in PEM")


def _cloudfront() -> Any:
    return importlib.import_module("ministack.services.cloudfront")


def _call(operation: str, *arguments: Any) -> bytes:
    """An operation of MiniStack's CloudFront API. Raises ValueError, which fails the stack, for an error."""
    status, _, body = getattr(_cloudfront(), operation)(*arguments)
    answer: bytes = body if isinstance(body, bytes) else body.encode()
    if status >= 400:
        told = _texts(answer)
        raise ValueError(f"{told['Code']}: {told['Message']}")
    return answer


def _delete(operation: str, store: str, name: str) -> None:
    if name in getattr(_cloudfront(), store):
        _call(operation, name, _if_match(store, name))


def _if_match(store: str, name: str) -> dict[str, str]:
    return {"if-match": getattr(_cloudfront(), store).get(name, {}).get("ETag", "")}


def _made(answer: bytes) -> Made:
    told = _texts(answer)
    attributes = ("Id", "CreatedTime", "LastModifiedTime")
    return told["Id"], {name: told[name] for name in attributes if name in told}


def _texts(document: bytes) -> dict[str, str]:
    """The text of each element; `document` is MiniStack's own."""
    root = ET.fromstring(document)  # noqa: S314 - MiniStack itself wrote it
    return {each.tag.rpartition("}")[2]: each.text or "" for each in root.iter()}


def _document(tag: str, config: Properties) -> bytes:
    root = ET.Element(tag)
    for name, value in config.items():
        element = ET.SubElement(root, name)
        if isinstance(value, list):
            for each in value:
                ET.SubElement(element, "PublicKey").text = str(each)
        else:
            element.text = str(value)
    return ET.tostring(root)
