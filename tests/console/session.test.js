import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";

import { takeCallback } from "../../console/app/sign_in/callback.js";
import { Issuer } from "../../console/app/sign_in/issuer.js";
import { handOver, Session } from "../../console/app/sign_in/session.js";
import { AnIssuer } from "./an_issuer.js";

const ORIGIN = "https://console.example";
const HERE = "/?team=a#/files/reports/?sort=size";

/** @type {AnIssuer} */
let other;
/** @type {Session[]} */
const sessions = [];

before(async () => {
  other = await new AnIssuer().start();
});
after(() => other.stop());
afterEach(() => {
  for (const session of sessions.splice(0)) clearTimeout(session.timer);
});
beforeEach(() => Object.assign(other, { lies: {}, refusal: null, lifetime: 3600 }));

/** A tab of a browser: what a session sees of it. */
function tab({ now = Date.now, signIn = {} } = {}) {
  /** @type {Map<string, string>} */
  const stored = new Map();
  const storage = {
    getItem: (/** @type {string} */ name) => stored.get(name) ?? null,
    setItem: (/** @type {string} */ name, /** @type {string} */ value) => stored.set(name, value),
    removeItem: (/** @type {string} */ name) => stored.delete(name),
  };
  /** @type {string[]} */
  const visited = [];
  /** @type {unknown[]} what windows hold of the page when they leave for the issuer. */
  const openers = [];
  const url = new URL(HERE, ORIGIN);
  const page = {
    location: {
      origin: ORIGIN,
      pathname: url.pathname,
      search: url.search,
      hash: url.hash,
      assign: (/** @type {string} */ address) => visited.push(address),
    },
    open: () => {
      const opened = {
        opener: /** @type {unknown} */ (page),
        location: {
          replace: (/** @type {string} */ address) => {
            openers.push(opened.opener);
            visited.push(address);
          },
        },
        close() {},
      };
      return opened;
    },
  };
  /** @type {unknown[]} */
  const told = [];
  const channel = { onmessage: null, postMessage: (/** @type {unknown} */ message) => told.push(message) };
  const issuer = new Issuer({
    signIn: {
      issuer: other.url,
      clientId: "console",
      scopes: ["openid", "email"],
      token: "id",
      signOut: null,
      ...signIn,
    },
    redirectUri: `${ORIGIN}/`,
    now,
  });
  const given = /** @type {any} */ ({ issuer, storage, page, channel, now });
  /** The page as it is loaded anew. */
  const reloaded = () => {
    const session = new Session(given);
    sessions.push(session);
    return session;
  };
  const last = () => visited[visited.length - 1];
  return { session: reloaded(), stored, visited, openers, told, storage, last, reloaded };
}

/** @param {Session} session @returns {Promise<void>} until the person is asked to sign in again. */
function asked(session) {
  return new Promise((resolve) => {
    session.changed = () => session.asking && resolve();
    session.changed();
  });
}

/** @param {ReturnType<typeof tab>} opened */
async function signedIn(opened) {
  await opened.session.leave();
  const returnTo = await opened.session.arrive(other.signIn(opened.last()));
  return returnTo;
}

test("signing in comes back to the page, query and all, and keeps nothing but the tokens in memory", async () => {
  const opened = tab();
  assert.equal(await signedIn(opened), HERE);
  assert.equal(opened.session.status, "signed-in");
  assert.equal(opened.session.who, "person@example.com");
  assert.match(await opened.session.token(), /^ey/);
  assert.equal(opened.stored.size, 0);
});

test("an issuer whose document stands elsewhere than below its name is asked there, and held to its name", async () => {
  const discovery = `${other.url}/.well-known/openid-configuration`;
  other.name = "https://issuer.example/pool";
  const opened = tab({ signIn: { issuer: other.name, discovery } });
  await signedIn(opened);
  assert.equal(opened.session.status, "signed-in");
  const mistaken = tab({ signIn: { issuer: "https://issuer.example/another", discovery } });
  await mistaken.session.leave();
  assert.notEqual(mistaken.session.problem, null);
  other.name = "";
});

test("each attempt has a state, a nonce and a challenge of its own", async () => {
  const opened = tab();
  await opened.session.leave();
  await opened.session.leave();
  const [first, second] = opened.visited.map((address) => new URL(address).searchParams);
  for (const name of ["state", "nonce", "code_challenge"]) assert.notEqual(first.get(name), second.get(name));
  assert.equal(second.get("code_challenge_method"), "S256");
  assert.equal(second.get("scope"), "openid email");
});

test("an answer to another tab's attempt, or the same one twice, signs nobody in", async () => {
  const opened = tab();
  await opened.session.leave();
  const answer = other.signIn(opened.last());
  const stranger = tab();
  assert.equal(await stranger.session.arrive(answer), null);
  assert.equal(stranger.session.problem?.code, "stale");
  assert.equal(await opened.session.arrive(answer), HERE);
  assert.equal(await opened.session.arrive(answer), null);
});

test("a token with another nonce, audience, issuer or time is refused, and says which is the clock's fault", async () => {
  for (const [lies, code] of /** @type {[Record<string, unknown>, string][]} */ ([
    [{ nonce: "another" }, "invalid"],
    [{ aud: "another" }, "invalid"],
    [{ iss: "https://another.example" }, "invalid"],
    [{ exp: 1 }, "clock"],
  ])) {
    other.lies = lies;
    const opened = tab();
    await signedIn(opened);
    assert.equal(opened.session.problem?.code, code, JSON.stringify(lies));
    assert.equal(opened.session.tokens, null);
    assert.equal(opened.session.status, "signed-out");
  }
});

test("a person who is refused, and an issuer that is down, are told apart", async () => {
  const opened = tab();
  await opened.session.leave();
  const state = new URL(opened.last()).searchParams.get("state") ?? "";
  await opened.session.arrive(new URLSearchParams({ error: "access_denied", state }));
  assert.equal(opened.session.problem?.code, "denied");

  other.refusal = { status: 400, body: { error: "invalid_grant", error_description: "used" } };
  await signedIn(opened);
  assert.equal(opened.session.problem?.code, "refused");
  assert.equal(opened.session.problem?.message, "used");

  const nowhere = tab({ signIn: { issuer: "http://127.0.0.1:9" } });
  await nowhere.session.leave();
  assert.equal(nowhere.session.problem?.code, "unreachable");
  assert.equal(nowhere.stored.size, 0);
});

test("a token is renewed before it ends, once for all who ask", async () => {
  let late = 0;
  const opened = tab({ now: () => Date.now() + late });
  await signedIn(opened);
  const first = await opened.session.token();
  late = 3600_000;
  other.refreshed = [];
  const [second, third] = await Promise.all([opened.session.token(), opened.session.token()]);
  assert.notEqual(second, first);
  assert.equal(third, second);
  assert.equal(other.refreshed.length, 1);
});

test("a session that can't be renewed makes calls wait until the person has signed in again", async () => {
  let late = 0;
  const opened = tab({ now: () => Date.now() + late });
  await signedIn(opened);
  late = 3600_000;
  other.refusal = { status: 400, body: { error: "invalid_grant" } };
  const waiting = opened.session.token();
  await asked(opened.session);
  assert.equal(opened.session.status, "ended");

  other.refusal = null;
  await opened.session.again();
  const window = { postMessage: (/** @type {any} */ data) => opened.session.heard(data) };
  assert.ok(handOver(other.signIn(opened.last()), /** @type {any} */ (window)));
  assert.match(await waiting, /^ey/);
  assert.equal(opened.session.asking, false);
});

test("the issuer's pages hold nothing of the page that opened their window", async () => {
  const opened = tab();
  await signedIn(opened);
  await opened.session.again();
  assert.deepEqual(opened.openers, [null]);
});

test("what one person asked for isn't done in the name of another who signs in instead", async () => {
  let late = 0;
  const opened = tab({ now: () => Date.now() + late });
  await signedIn(opened);
  late = 3600_000;
  other.refusal = { status: 400, body: { error: "invalid_grant" } };
  const waiting = opened.session.token();
  await asked(opened.session);
  Object.assign(other, { refusal: null, lies: { sub: "somebody-else" } });
  await opened.session.again();
  opened.session.heard({ cameBack: other.signIn(opened.last()).toString() });
  await assert.rejects(waiting, { code: "session_ended" });
  assert.equal(opened.session.subject, "somebody-else");
});

test("signing in again can be put off: what waited for it fails, and asks anew next time", async () => {
  let late = 0;
  const opened = tab({ now: () => Date.now() + late });
  await signedIn(opened);
  late = 60_000;
  opened.session.rejected(await opened.session.token());
  other.refusal = { status: 400, body: { error: "invalid_grant" } };
  const waiting = opened.session.token();
  await asked(opened.session);
  opened.session.putOff();
  await assert.rejects(waiting, { code: "session_ended" });
  const again = opened.session.token();
  await asked(opened.session);
  opened.session.putOff();
  await assert.rejects(again);
});

test("a fresh token that the API refuses is not renewed: the person would be asked again and again", async () => {
  const opened = tab();
  await signedIn(opened);
  const token = await opened.session.token();
  opened.session.rejected(token);
  assert.equal(await opened.session.token(), token);
  assert.equal(opened.session.asking, false);
});

test("another page's message with another state, or of another kind, changes nothing", async () => {
  const opened = tab();
  await signedIn(opened);
  await opened.session.again();
  for (const said of [
    null,
    "x",
    { cameBack: "code=1&state=window.other" },
    { cameBack: 7 },
    { signedOut: "yes" },
  ]) {
    opened.session.heard(said);
  }
  assert.equal(opened.session.status, "signed-in");
  assert.equal(handOver(new URLSearchParams("code=1&state=mine"), /** @type {any} */ ({})), false);
});

test("signing out withdraws the refresh token, tells other tabs, and ends the issuer's session without a token in the address", async () => {
  const opened = tab();
  await signedIn(opened);
  const { tokens } = opened.session;
  await opened.session.signOut();
  assert.deepEqual(other.revoked, [tokens?.refresh]);
  assert.deepEqual(opened.told, [{ signedOut: true }]);
  const end = new URL(opened.last());
  assert.equal(end.origin + end.pathname, `${other.url}/end`);
  assert.deepEqual(Object.fromEntries(end.searchParams), {
    client_id: "console",
    post_logout_redirect_uri: `${ORIGIN}/`,
  });
  await assert.rejects(opened.session.token(), { code: "session_ended" });
});

test("whoever has signed out is told: in this tab, in another, and on the way back from the issuer, once", async () => {
  const opened = tab();
  assert.equal(opened.session.signedOut, false);
  await signedIn(opened);
  await opened.session.signOut();
  assert.equal(opened.session.signedOut, true);
  assert.equal(opened.reloaded().signedOut, true);
  assert.equal(opened.reloaded().signedOut, false);

  const besides = tab();
  await signedIn(besides);
  besides.session.heard({ signedOut: true });
  assert.equal(besides.session.signedOut, true);
  await besides.session.leave();
  assert.equal(besides.session.signedOut, false);
});

test("Cognito's own way of signing out is taken where it is configured", async () => {
  const opened = tab({
    signIn: {
      signOut: { url: `${other.url}/logout`, clientParameter: "client_id", returnParameter: "logout_uri" },
    },
  });
  await signedIn(opened);
  await opened.session.signOut();
  assert.equal(new URL(opened.last()).searchParams.get("logout_uri"), `${ORIGIN}/`);
});

test("what the issuer sent back leaves the address, and nothing else does", () => {
  const taken = takeCallback(`${ORIGIN}/?team=a&code=1&state=2&iss=x&session_state=y#/files/`);
  assert.equal(taken?.rest, "/?team=a#/files/");
  assert.equal(taken?.parameters.toString(), "code=1&state=2&iss=x&session_state=y");
  assert.equal(takeCallback(`${ORIGIN}/?code=1`), null);
  assert.equal(takeCallback(`${ORIGIN}/?state=1#code=2`), null);
});

test("a stored page to return to can't be another site's", async () => {
  for (const path of ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]) {
    const opened = tab();
    await opened.session.leave();
    const attempt = JSON.parse(opened.stored.get("sign-in") ?? "");
    opened.stored.set("sign-in", JSON.stringify({ ...attempt, returnTo: path }));
    assert.equal(await opened.session.arrive(other.signIn(opened.last())), "/");
  }
});
