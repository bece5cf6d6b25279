/**
 * The one call of AWS's SDK for JavaScript that a deployment outside of us-east-1 needs.
 *
 * The CDK's custom resource reads the guard's ARN from SSM in us-east-1. Lambda's Node runtime has the SDK built in;
 * MiniStack's stand-in for it calls the function's own region whatever `region` says, and the role forbids that. This
 * module, found through NODE_PATH before the stand-in, signs for the region asked for. The SDK itself would be some
 * forty packages for one request.
 */
"use strict";

const { createHash, createHmac } = require("node:crypto");

const sha256 = (data) => createHash("sha256").update(data).digest("hex");
const hmac = (key, data) => createHmac("sha256", key).update(data).digest();

exports.SSM = class SSM {
  constructor({ region }) {
    this.region = region;
  }

  /** SSM's GetParameter, signed with the function's own credentials (SigV4). */
  async getParameter(input) {
    const environment = process.env;
    const endpoint = new URL(environment.AWS_ENDPOINT_URL);
    const body = JSON.stringify(input);
    const date = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
    const scope = `${date.slice(0, 8)}/${this.region}/ssm/aws4_request`;
    const signed = {
      host: endpoint.host,
      "x-amz-date": date,
      "x-amz-security-token": environment.AWS_SESSION_TOKEN,
      "x-amz-target": "AmazonSSM.GetParameter",
    };
    const names = Object.keys(signed).join(";");
    const lines = Object.entries(signed).map(([name, value]) => `${name}:${value}`);
    const canonicalRequest = ["POST", "/", "", ...lines, "", names, sha256(body)].join("\n");
    const key = scope.split("/").reduce((previous, part) => hmac(previous, part), `AWS4${environment.AWS_SECRET_ACCESS_KEY}`);
    const signature = hmac(key, ["AWS4-HMAC-SHA256", date, scope, sha256(canonicalRequest)].join("\n")).toString("hex");
    const { host, ...sent } = signed;
    const response = await fetch(endpoint, {
      method: "POST",
      body,
      headers: {
        ...sent,
        "content-type": "application/x-amz-json-1.1",
        authorization:
          `AWS4-HMAC-SHA256 Credential=${environment.AWS_ACCESS_KEY_ID}/${scope}, ` +
          `SignedHeaders=${names}, Signature=${signature}`,
      },
    });
    const answer = await response.json();
    if (!response.ok) {
      throw new Error(`${answer.__type}: ${answer.message ?? answer.Message}`);
    }
    return answer;
  }
};
