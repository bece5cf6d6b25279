#!/bin/sh
# Prints a link to an object that works once:  API_ENDPOINT=https://… ./mint.sh reports/q1.pdf
#
# API_ENDPOINT is the stack's output ApiEndpoint. The call is signed with AWS_ACCESS_KEY_ID,
# AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN (if there is one) and AWS_REGION. Needs curl 7.87 or newer.
set -eu
exec curl --silent --show-error --fail-with-body --get "$API_ENDPOINT/get-url" \
  --url-query "key=$1" \
  --header "Accept: text/plain" \
  --aws-sigv4 "aws:amz:$AWS_REGION:execute-api" \
  --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \
  ${AWS_SESSION_TOKEN:+--header "x-amz-security-token: $AWS_SESSION_TOKEN"}
