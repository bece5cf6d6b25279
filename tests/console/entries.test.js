import assert from "node:assert/strict";
import { test } from "node:test";

import {
  extended,
  holdingBack,
  linkPage,
  merged,
  NOTHING,
  readHistory,
  readLink,
  readShare,
  refreshed,
  sharePage,
} from "../../console/app/handing/entries.js";

/** @param {number} made @param {object} [said] */
const link = (made, said) => ({
  id: `link-${made}`,
  key: "reports/q1.pdf",
  size: 3,
  state: "ready",
  issued_at: made,
  expires_at: made + 900,
  max_claims: 1,
  claims: [],
  given_back: [],
  ...said,
});
/** @param {number} made @param {object} [said] */
const share = (made, said) => ({
  id: `share-${made}`,
  url: "https://links.example/-/secret",
  key: "uploads/x/q1.pdf",
  filename: "q1.pdf",
  size: 3,
  state: "ready",
  created_at: made,
  expires_at: made + 900,
  max_downloads: 2,
  downloads: 1,
  pin: false,
  ...said,
});
/** @param {import("../../console/app/handing/entries.js").Stream[]} streams */
const shown = (...streams) => merged(streams).map(({ id }) => id);

test("links and shares stand in one list, newest first", () => {
  const links = linkPage({ links: [link(30), link(10)] });
  const shares = sharePage({ shares: [share(20)] });
  assert.deepEqual(shown(links, shares), ["link-30", "share-20", "link-10"]);
  assert.equal(holdingBack([links, shares]), undefined);
});

test("nothing is shown that an older page could push down, and who holds it back is read on", () => {
  const links = linkPage({ links: [link(30), link(20)], next: "older" });
  const shares = sharePage({ shares: [share(25), share(5)] });
  assert.deepEqual(shown(links, shares), ["link-30", "share-25", "link-20"]);
  assert.equal(holdingBack([links, shares]), links);
  const more = extended(links, linkPage({ links: [link(20), link(10)] }));
  assert.deepEqual(shown(more, shares), ["link-30", "share-25", "link-20", "link-10", "share-5"]);
});

test("of two that hold back the one that is known the least far is read on", () => {
  const links = linkPage({ links: [link(30)], next: "a" });
  const shares = sharePage({ shares: [share(40)], next: "b" });
  assert.equal(holdingBack([links, shares]), shares);
  assert.deepEqual(shown(links, shares), ["share-40"]);
});

test("links that a share's page handed out don't stand beside it, and still count as read", () => {
  const page = linkPage({ links: [link(30), link(20, { share: "s" })], next: "older" });
  assert.deepEqual(shown(page), ["link-30"]);
  assert.equal(page.reach, 20_000);
});

test("looking again changes what has changed, keeps what is older, and drops what is gone", () => {
  const first = linkPage({ links: [link(30), link(20)], next: "b" });
  const all = extended(first, linkPage({ links: [link(10)] }));
  const again = refreshed(all, linkPage({ links: [link(40), link(30, { state: "used" })], next: "x" }));
  assert.deepEqual(
    again.entries.map(({ id, state }) => `${id} ${state}`),
    ["link-40 ready", "link-30 used", "link-20 ready", "link-10 ready"],
  );
  assert.equal(again.next, null);
  assert.deepEqual(shown(refreshed(all, linkPage({ links: [link(30)] }))), ["link-30"]);
  assert.deepEqual(shown(refreshed(NOTHING, first)), ["link-30", "link-20"]);
});

test("a claim is told with its time, address, agent and outcome, and what was given back too", () => {
  const claim = {
    id: "c",
    when: 5,
    address: "203.0.113.7",
    agent: "curl/8",
    edge: "eu",
    outcome: "delivered",
    followers: 2,
  };
  const entry = readLink(link(1, { state: "used", claims: [claim], given_back: [{ id: "g", when: 4 }] }));
  assert.deepEqual(entry?.claims, [
    { when: new Date(5000), address: "203.0.113.7", agent: "curl/8", outcome: "delivered", followers: 2 },
  ]);
  assert.deepEqual(entry?.givenBack, [new Date(4000)]);
});

test("a link that failed too often is told like every other", () => {
  const [entry] = linkPage({ links: [link(1, { state: "exhausted" })] }).entries;
  assert.equal(entry?.state, "exhausted");
});

test("a share's address is in nothing that is kept of it", () => {
  assert.ok(!JSON.stringify(readShare(share(1))).includes("secret"));
});

test("whatever the API answers, an entry has its shape or isn't there", () => {
  const lies = [
    null,
    1,
    "x",
    [],
    {},
    link(1, { id: 1 }),
    link(1, { key: null }),
    link(1, { state: "<b>" }),
    link(1, { state: "toString" }),
    link(1, { issued_at: "soon" }),
    link(1, { expires_at: 1e300 }),
  ];
  assert.deepEqual(linkPage({ links: lies, next: 7 }).entries, []);
  assert.deepEqual(linkPage({ links: "many" }).entries, []);
  assert.deepEqual(linkPage({}).entries, []);
  const odd = readLink(
    link(1, {
      claims: [null, { when: {} }, { when: 2, agent: ["x"], followers: -1 }],
      given_back: 3,
      max_claims: "1",
    }),
  );
  assert.deepEqual(odd?.claims, [
    { when: new Date(2000), address: "", agent: "", outcome: "", followers: 0 },
  ]);
  assert.deepEqual([odd?.givenBack, odd?.most], [[], 0]);
  assert.deepEqual(readHistory({ history: [null, { when: 1 }, { when: "x", link: "l" }] }), []);
});

test("more than was asked for is not shown", () => {
  const links = Array.from({ length: 5000 }, (_, number) => link(5000 - number));
  assert.equal(linkPage({ links }).entries.length, 100);
  assert.ok((readLink(link(1, { key: "k".repeat(1e6) }))?.key.length ?? 0) <= 2000);
});
