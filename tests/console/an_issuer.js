/** An OpenID Connect issuer on this machine, which checks what a well-kept one checks, and lies when told to. */

import { createHash } from "node:crypto";
import { createServer } from "node:http";

const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);

const encoded = (/** @type {unknown} */ plain) => Buffer.from(JSON.stringify(plain)).toString("base64url");

/** @param {Record<string, unknown>} claims */
async function signed(claims) {
  const text = `${encoded({ alg: "ES256", kid: "1" })}.${encoded(claims)}`;
  const signature = await crypto.subtle.sign(
    { name: "ECDSA", hash: "SHA-256" },
    keys.privateKey,
    Buffer.from(text),
  );
  return `${text}.${Buffer.from(signature).toString("base64url")}`;
}

export class AnIssuer {
  constructor() {
    /** @type {Record<string, unknown>} what it puts into ID tokens beside what belongs there. */
    this.lies = {};
    /** @type {{status: number, body: unknown} | null} what the token endpoint answers instead. */
    this.refusal = null;
    this.lifetime = 3600;
    /** @type {Map<string, URLSearchParams>} */
    this.codes = new Map();
    /** @type {string[]} */
    this.refreshed = [];
    /** @type {string[]} */
    this.revoked = [];
    this.issued = 0;
    this.url = "";
    /** What it calls itself in its document and its tokens; empty: its address. */
    this.name = "";
    this.server = createServer((request, response) => this.answer(request, response));
  }

  async start() {
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", () => resolve(null)));
    const { port } = /** @type {import("node:net").AddressInfo} */ (this.server.address());
    this.url = `http://127.0.0.1:${port}`;
    return this;
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }

  /**
   * A person signs in: what the issuer sends back.
   * @param {string} address
   */
  signIn(address) {
    const asked = new URL(address).searchParams;
    const code = `code-${this.codes.size}`;
    this.codes.set(code, asked);
    return new URLSearchParams({ code, state: asked.get("state") ?? "" });
  }

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  async answer(request, response) {
    let body = "";
    for await (const piece of request) body += piece;
    const [status, plain] = await this.decide(request.url ?? "", new URLSearchParams(body));
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(plain));
  }

  /**
   * @param {string} path
   * @param {URLSearchParams} body
   * @returns {Promise<[number, unknown]>}
   */
  async decide(path, body) {
    if (path === "/.well-known/openid-configuration") {
      return [
        200,
        {
          issuer: this.name || this.url,
          authorization_endpoint: `${this.url}/authorize`,
          token_endpoint: `${this.url}/token`,
          revocation_endpoint: `${this.url}/revoke`,
          end_session_endpoint: `${this.url}/end`,
          id_token_signing_alg_values_supported: ["ES256"],
        },
      ];
    }
    if (path === "/revoke") {
      this.revoked.push(body.get("token") ?? "");
      return [200, {}];
    }
    if (this.refusal) return [this.refusal.status, this.refusal.body];
    if (body.get("grant_type") === "refresh_token") {
      this.refreshed.push(body.get("refresh_token") ?? "");
      return [200, await this.tokens(null)];
    }
    const asked = this.codes.get(body.get("code") ?? "");
    this.codes.delete(body.get("code") ?? "");
    const challenge = createHash("sha256")
      .update(body.get("code_verifier") ?? "")
      .digest("base64url");
    if (
      asked?.get("code_challenge_method") !== "S256" ||
      asked.get("code_challenge") !== challenge ||
      asked.get("redirect_uri") !== body.get("redirect_uri")
    ) {
      return [400, { error: "invalid_grant" }];
    }
    return [200, await this.tokens(asked.get("nonce"))];
  }

  /** @param {string | null} nonce */
  async tokens(nonce) {
    this.issued += 1;
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: this.name || this.url,
      aud: "console",
      sub: "a-person",
      email: "person@example.com",
      iat: now,
      exp: now + this.lifetime,
      jti: String(this.issued),
      ...(nonce === null ? {} : { nonce }),
      ...this.lies,
    };
    return {
      token_type: "Bearer",
      access_token: `access-${this.issued}`,
      id_token: await signed(claims),
      refresh_token: `refresh-${this.issued}`,
      expires_in: this.lifetime,
    };
  }
}
