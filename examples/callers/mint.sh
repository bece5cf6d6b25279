#!/bin/sh
# Prints a link to an object that works once:  API_ENDPOINT=https://… ./mint.sh reports/q1.pdf
#
# API_ENDPOINT is the stack's output ApiEndpoint. The call is signed with AWS_ACCESS_KEY_ID,
# AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN (if there is one) and AWS_REGION. Needs curl 7.76 or newer, and
# python3 for percent-encoding: what curl signs has to be spelt as SigV4 spells it, with capital digits.
set -eu
key=$(python3 -c 'import sys, urllib.parse; print(urllib.parse.quote(sys.argv[1], safe=""))' "$1")
exec curl --silent --show-error --fail-with-body "$API_ENDPOINT/get-url?key=$key" \
  --header "Accept: text/plain" \
  --aws-sigv4 "aws:amz:$AWS_REGION:execute-api" \
  --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \
  ${AWS_SESSION_TOKEN:+--header "x-amz-security-token: $AWS_SESSION_TOKEN"}
