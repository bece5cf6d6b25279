"""Stacks that have settled when the request which changes them is answered."""

import json

from tests.local_edge.small_cloud import SmallCloud


def test_a_stack_has_settled_when_the_request_that_makes_it_is_answered(cloud: SmallCloud) -> None:
    """This one waits for a signal that doesn't come, for as little as CloudFormation lets it."""
    formation = cloud.root("cloudformation")
    handle = {"Type": "AWS::CloudFormation::WaitConditionHandle"}
    properties = {"Handle": {"Ref": "Handle"}, "Timeout": "1"}
    waiting = {"Type": "AWS::CloudFormation::WaitCondition", "Properties": properties}
    formation.create_stack(
        StackName="waiting",
        TemplateBody=json.dumps({"Resources": {"Handle": handle, "Waiting": waiting}}),
        OnFailure="DO_NOTHING",
    )
    [stack] = formation.describe_stacks(StackName="waiting")["Stacks"]
    assert stack["StackStatus"] == "CREATE_FAILED"
