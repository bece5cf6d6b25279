"""Tells delivered claims from failed ones by CloudFront's log, where the operator has switched that on.

`handler` binds the log group's subscription, the environment and DynamoDB, `lines` reads what CloudFront
wrote, `outcome` decides, and `search` finds the claim that a line belongs to. Nothing depends on it: a
claim that no line is found for stays "claimed, outcome unknown", which is true.
"""
