"""Synthesises the app in this process and reads the templates back from disk, as the CLI would.

The first synthesis in a process starts the CDK's JavaScript, which takes seconds; later ones take a
fraction of one. So these tests share a process and one synthesis for each combination of settings.

The CDK's own validation takes longer than all the rest of a synthesis. It is for the tests that ask for
findings, of which there is one for each combination of settings and for each construct.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from aws_cdk import App

import app

ROOT = Path(__file__).resolve().parents[2]

Json = dict[str, Any]


@dataclass(frozen=True)
class Role:
    """Everything that a role may do, and who may be it."""

    trusted: list[Json]
    statements: list[Json]
    managed: list[Any]


class Synthesised:
    """One combination of settings, synthesised."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def paths(self) -> list[Path]:
        """The templates' files."""
        return sorted(self.folder.glob("*.template.json"))

    @cached_property
    def templates(self) -> dict[str, Json]:
        """Stack name to template."""
        return {path.name.removesuffix(".template.json"): json.loads(path.read_text()) for path in self.paths}

    @cached_property
    def manifest(self) -> Json:
        read: Json = json.loads((self.folder / "manifest.json").read_text())
        return read

    def resources(self, kind: str, *, stack: str | None = None) -> Iterator[Json]:
        """All resources of a type, in one stack or in all."""
        for name, template in self.templates.items():
            if stack in (None, name):
                yield from (found for found in template["Resources"].values() if found["Type"] == kind)

    def one(self, kind: str, *, stack: str | None = None, named: str = "") -> Json:
        """The properties of the only resource of a type, or of those whose logical id begins so."""
        [found] = (
            resource["Properties"]
            for name, template in self.templates.items()
            for logical_id, resource in template["Resources"].items()
            if stack in (None, name) and resource["Type"] == kind and logical_id.startswith(named)
        )
        properties: Json = found
        return properties

    def route(self, key: str) -> Json:
        """The properties of the API's route of that key."""
        [found] = (
            each["Properties"]
            for each in self.resources("AWS::ApiGatewayV2::Route")
            if each["Properties"]["RouteKey"] == key
        )
        properties: Json = found
        return properties

    @property
    def outputs(self) -> Json:
        """The main stack's outputs."""
        [found] = (
            template["Outputs"]
            for template in self.templates.values()
            if "GetUrlEndpoint" in template.get("Outputs", {})
        )
        outputs: Json = found
        return outputs

    def function(self, handler: str) -> Json:
        """The properties of the function with that handler."""
        [found] = (
            resource["Properties"]
            for resource in self.resources("AWS::Lambda::Function")
            if resource["Properties"]["Handler"] == handler
        )
        properties: Json = found
        return properties

    def packed(self, function: Json) -> Path:
        """A function's code as it is uploaded."""
        return self.folder / f"asset.{function['Code']['S3Key']}"

    def asset(self, function: Json) -> Path:
        """A folder with a function's code, unpacked."""
        packed = self.packed(function)
        folder = self.folder / "unpacked" / packed.stem
        if not folder.exists():
            shutil.unpack_archive(packed, folder)
        return folder

    def role(self, described: str) -> Role:
        """The role whose description begins so, with all policies that are attached to it."""
        for template in self.templates.values():
            for name, resource in template["Resources"].items():
                properties = resource.get("Properties", {})
                if resource["Type"] == "AWS::IAM::Role" and properties.get("Description", "").startswith(
                    described
                ):
                    attached = [
                        policy["Properties"]["PolicyDocument"]
                        for policy in template["Resources"].values()
                        if policy["Type"] in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
                        and {"Ref": name} in policy["Properties"].get("Roles", [])
                    ]
                    attached += [inline["PolicyDocument"] for inline in properties.get("Policies", [])]
                    return Role(
                        trusted=flat(properties["AssumeRolePolicyDocument"]["Statement"]),
                        statements=flat([each for policy in attached for each in policy["Statement"]]),
                        managed=properties.get("ManagedPolicyArns", []),
                    )
        raise LookupError(described)

    @cached_property
    def findings(self) -> list[Json]:
        """What the validations found and nobody has answered for: cdk-nag and the CDK's own."""
        return [
            violation
            for plugin in self._report["pluginReports"]
            for violation in plugin.get("violations", [])
        ]

    @cached_property
    def acknowledged(self) -> set[str]:
        """Names of cdk-nag's rules that were answered for."""
        return {
            violation["ruleName"].removeprefix("AwsSolutions-")
            for plugin in self._report["pluginReports"]
            for violation in plugin.get("suppressedViolations", [])
        }

    @cached_property
    def _report(self) -> Json:
        read: Json = json.loads((self.folder / "validation-report.json").read_text())
        return read


def new_app(folder: Path, *, validated: bool = False, **context: Any) -> App:
    """An app as the CLI makes it: cdk.json's context, and on top of it what `-c` says.

    Args:
        validated: by the CDK itself too.
    """
    of_project = json.loads((ROOT / "cdk.json").read_text())["context"]
    return App(
        outdir=str(folder),
        context={**of_project, **context},
        builtin_cloud_formation_validation=validated,
    )


def synthesise(folder: Path, *, validated: bool = False, **context: Any) -> Synthesised:
    """The deployment that `context` describes."""
    made = new_app(folder, validated=validated, **context)
    app.compose(made)
    made.synth()
    return Synthesised(folder)


def flat(node: Any) -> Any:
    """A value with CloudFormation's functions written as text: `<Name>`, `<Name.Attribute>`."""
    match node:
        case {"Fn::Join": [separator, parts]}:
            return separator.join(flat(part) for part in parts)
        case {"Fn::Select": [index, {"Fn::Split": [separator, whole]}]}:
            return f"{flat(whole)}.split({separator!r})[{index}]"
        case {"Fn::GetAtt": [resource, attribute]}:
            return f"<{resource}.{attribute}>"
        case {"Fn::GetStackOutput": {"StackName": stack, "OutputName": output}}:
            return f"<{stack}.{output}>"
        case {"Ref": name}:
            return f"<{name}>"
        case dict():
            return {key: flat(value) for key, value in node.items()}
        case list():
            return [flat(each) for each in node]
        case _:
            return node
