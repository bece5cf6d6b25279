/**
 * The issuer's side of signing in, by oauth4webapi, which is loaded when somebody signs in: discovery, the code
 * flow with PKCE (RFC 7636, S256), refresh tokens, and the end of the issuer's own session.
 */

import { isLoopback, isSafeUrl } from "../config.js";

/** @typedef {typeof import("./oauth.js")} OAuth */
/** @typedef {import("./attempts.js").Attempt} Attempt */
/**
 * @typedef {object} Tokens
 * @property {string} bearer the one that the API wants.
 * @property {string | null} refresh
 * @property {number} expiresAt milliseconds, on this device's clock.
 * @property {string} subject
 * @property {string} who the person's e-mail address or name, to be shown.
 */

/** `denied`, `refused`, `unreachable`, `clock` or `invalid`: each has a sentence in the texts. */
export class SignInFailed extends Error {
  /** @param {string} code @param {string} [detail] */
  constructor(code, detail = "") {
    super(detail);
    this.code = code;
  }
}

const WELL_KNOWN = "/.well-known/openid-configuration";
const TOLERANCE = 60; // seconds by which this device's clock may be off
const ANSWER_LIMIT = 15_000; // milliseconds
const FAREWELL_LIMIT = 3_000; // milliseconds that signing out waits for a refresh token's revocation

export class Issuer {
  /**
   * @param {object} given
   * @param {import("../config.js").SignIn} given.signIn
   * @param {string} given.redirectUri
   * @param {() => number} [given.now] milliseconds.
   */
  constructor({ signIn, redirectUri, now = Date.now }) {
    this.signIn = signIn;
    this.redirectUri = redirectUri;
    this.now = now;
    /** @type {Promise<{oauth: OAuth, server: import("oauth4webapi").AuthorizationServer}> | null} */
    this.found = null;
  }

  /** Below what the discovery document stands. Where AWS is this machine, that isn't the issuer's name. */
  get place() {
    const { discovery, issuer } = this.signIn;
    return new URL(discovery ? discovery.replace(WELL_KNOWN, "") : issuer);
  }

  /** The library, and what the issuer says of itself. Asked again after a failure. */
  discover() {
    this.found ??= this.guarded(async () => {
      const oauth = await import("./oauth.js");
      const answer = await oauth.discoveryRequest(this.place, { algorithm: "oidc", ...this.options(oauth) });
      return { oauth, server: await oauth.processDiscoveryResponse(new URL(this.signIn.issuer), answer) };
    }).catch((error) => {
      this.found = null;
      throw error;
    });
    return this.found;
  }

  /**
   * A new attempt, and the address at which the person signs in.
   * @param {{prefix?: string, returnTo: string}} given
   * @returns {Promise<{attempt: Attempt, address: string}>}
   */
  async begin({ prefix = "", returnTo }) {
    const { oauth, server } = await this.discover();
    const attempt = {
      state: prefix + oauth.generateRandomState(),
      nonce: oauth.generateRandomNonce(),
      verifier: oauth.generateRandomCodeVerifier(),
      returnTo,
    };
    const address = endpoint(server.authorization_endpoint);
    const asked = {
      response_type: "code",
      client_id: this.signIn.clientId,
      redirect_uri: this.redirectUri,
      scope: this.signIn.scopes.join(" "),
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(attempt.verifier),
      code_challenge_method: "S256",
    };
    for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value);
    return { attempt, address: address.href };
  }

  /**
   * Exchange what came back for tokens.
   * @param {URLSearchParams} parameters
   * @param {Attempt} attempt
   * @returns {Promise<Tokens>}
   * @throws {SignInFailed}
   */
  async finish(parameters, attempt) {
    const { oauth, server } = await this.discover();
    return this.guarded(async () => {
      const client = this.client(oauth);
      const answer = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        oauth.None(),
        oauth.validateAuthResponse(server, client, parameters, attempt.state),
        this.redirectUri,
        attempt.verifier,
        this.options(oauth),
      );
      // The signature is left to the API: the token came from the issuer itself, over TLS (OpenID Connect
      // Core 1.0, 3.1.3.7, item 6).
      const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer, {
        expectedNonce: attempt.nonce,
        requireIdToken: true,
      });
      return this.read(oauth, tokens, null);
    });
  }

  /**
   * @param {Tokens} tokens with a refresh token.
   * @returns {Promise<Tokens>}
   * @throws {SignInFailed}
   */
  async renew(tokens) {
    const { oauth, server } = await this.discover();
    return this.guarded(async () => {
      const client = this.client(oauth);
      const answer = await oauth.refreshTokenGrantRequest(
        server,
        client,
        oauth.None(),
        tokens.refresh ?? "",
        this.options(oauth),
      );
      return this.read(oauth, await oauth.processRefreshTokenResponse(server, client, answer), tokens);
    });
  }

  /**
   * Withdraws the refresh token where the issuer can, and tells where its own session ends.
   * @param {Tokens | null} tokens
   * @returns {Promise<string | null>} null: the issuer has no such address.
   */
  async farewell(tokens) {
    const { oauth, server } = await this.discover();
    if (tokens?.refresh && server.revocation_endpoint) {
      const options = { ...this.options(oauth), signal: AbortSignal.timeout(FAREWELL_LIMIT) };
      await oauth
        .revocationRequest(server, this.client(oauth), oauth.None(), tokens.refresh, options)
        .catch(() => {}); // it ends by itself; the person wants to leave
    }
    const { signOut, clientId } = this.signIn;
    if (!signOut && !server.end_session_endpoint) return null;
    const address = endpoint(signOut?.url ?? server.end_session_endpoint);
    // Without `id_token_hint`: a token doesn't belong into an address (RP-Initiated Logout 1.0, section 2).
    address.searchParams.set(signOut?.clientParameter ?? "client_id", clientId);
    address.searchParams.set(signOut?.returnParameter ?? "post_logout_redirect_uri", this.redirectUri);
    return address.href;
  }

  /**
   * @param {OAuth} oauth
   * @param {import("oauth4webapi").TokenEndpointResponse} answer
   * @param {Tokens | null} before whom a refresh was for.
   * @returns {Tokens}
   */
  read(oauth, answer, before) {
    const claims = oauth.getValidatedIdTokenClaims(answer);
    const subject = claims?.sub ?? before?.subject;
    if (subject === undefined || (before && before.subject !== subject)) throw new SignInFailed("invalid");
    const bearer = this.signIn.token === "id" ? answer.id_token : answer.access_token;
    if (!bearer) throw new SignInFailed("invalid", "no token for the API");
    const lifetime =
      this.signIn.token === "id" && claims ? claims.exp - claims.iat : (answer.expires_in ?? 300);
    const name = [claims?.email, claims?.name, claims?.preferred_username, claims?.["cognito:username"]].find(
      (value) => typeof value === "string" && value !== "",
    );
    return {
      bearer,
      refresh: answer.refresh_token ?? before?.refresh ?? null,
      expiresAt: this.now() + lifetime * 1000,
      subject,
      who: String(name ?? before?.who ?? subject),
    };
  }

  /** @param {OAuth} oauth */
  client(oauth) {
    return { client_id: this.signIn.clientId, [oauth.clockTolerance]: TOLERANCE };
  }

  /** @param {OAuth} oauth */
  options(oauth) {
    return {
      [oauth.allowInsecureRequests]: isLoopback(this.place.hostname),
      signal: AbortSignal.timeout(ANSWER_LIMIT),
    };
  }

  /**
   * Every failure of the library or of the network as a `SignInFailed`.
   * @template T
   * @param {() => Promise<T>} asking
   * @returns {Promise<T>}
   */
  async guarded(asking) {
    try {
      return await asking();
    } catch (error) {
      throw error instanceof SignInFailed ? error : failure(error);
    }
  }
}

/** @param {any} error of oauth4webapi, or of fetch. */
function failure(error) {
  if (error?.code === "OAUTH_JWT_TIMESTAMP_CHECK_FAILED") return new SignInFailed("clock");
  if (error?.code === "OAUTH_AUTHORIZATION_RESPONSE_ERROR" || error?.code === "OAUTH_RESPONSE_BODY_ERROR") {
    return error.error === "access_denied"
      ? new SignInFailed("denied")
      : new SignInFailed("refused", error.error_description ?? error.error);
  }
  const noAnswer = error?.name === "TimeoutError" || (error instanceof TypeError && !("code" in error));
  const noIssuers = ["OAUTH_RESPONSE_IS_NOT_CONFORM", "OAUTH_RESPONSE_IS_NOT_JSON"].includes(error?.code);
  return new SignInFailed(noAnswer || noIssuers ? "unreachable" : "invalid", String(error?.message ?? ""));
}

/** @param {string | undefined} text */
function endpoint(text) {
  if (!isSafeUrl(text)) throw new SignInFailed("invalid", "an address of the issuer is not https");
  return new URL(text);
}
