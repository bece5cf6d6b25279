/** All that is known of one link or share: what was promised, and each claim that was made on it. */

import { ApiError } from "../api.js";
import { useApp } from "../parts/app.js";
import { formatMoment, formatSize } from "../parts/format.js";
import { html, useEffect, useState } from "../parts/html.js";
import { Failure } from "../parts/states.js";
import { handedOutAddress } from "../router.js";
import { readHistory, readLink } from "./entries.js";

/** @typedef {import("./entries.js").Entry} Entry */
/** @typedef {import("./entries.js").Claim} Claim */

const AT_ONCE = 6; // links of a share that are asked for at the same time

/** @param {{entry: Entry, ofOne: boolean}} props */
export function EntryDetails({ entry, ofOne }) {
  const { t } = useApp();
  const at = (/** @type {Date} */ moment) => formatMoment(moment, t.locale);
  /** @type {[string, any][]} */
  const facts = [
    ["key", html`<bdi>${entry.key}</bdi>`],
    ["size", formatSize(entry.size, t.locale)],
    ["made", at(entry.made)],
    ["ends", at(entry.ends)],
    ["downloads", t("handedOut.of", { used: entry.used, most: entry.most })],
  ];
  if (entry.takenBack) facts.push(["takenBack", at(entry.takenBack)]);
  if (entry.kind === "page") facts.push(["pin", t(entry.pin ? "handedOut.pin.yes" : "handedOut.pin.no")]);
  if (entry.note) facts.push(["note", html`<bdi class="handed-words">${entry.note}</bdi>`]);

  return html`
    <div class="handed-details">
      <section>
        <h3>${t("handedOut.claims")}</h3>
        ${entry.kind === "once" ? html`<${Claims} claims=${entry.claims} givenBack=${entry.givenBack} />` : html`<${ShareClaims} share=${entry} />`}
      </section>
      <dl class="facts">
        ${facts.map(([name, value]) => html`<div key=${name}><dt>${t(`handedOut.fact.${name}`)}</dt><dd>${value}</dd></div>`)}
      </dl>
      ${!ofOne && html`<p><a href=${handedOutAddress({ key: entry.key })}>${t("handedOut.ofThis")}</a></p>`}
    </div>
  `;
}

/** @param {{claims: Claim[], givenBack: Date[]}} props oldest first. */
function Claims({ claims, givenBack }) {
  const { t } = useApp();
  if (claims.length + givenBack.length === 0) return html`<p class="handed-none">${t("handedOut.none")}</p>`;
  const lines = [
    ...claims.map((claim) => ({ when: claim.when, claim })),
    ...givenBack.map((when) => ({ when, claim: null })),
  ].sort((one, other) => one.when.getTime() - other.when.getTime());
  return html`
    <ol class="claims">
      ${lines.map(({ when, claim }) => html`<li>${claim ? html`<${ClaimLine} claim=${claim} />` : html`<${Moment} moment=${when} /><p>${t("handedOut.givenBack")}</p>`}</li>`)}
    </ol>
  `;
}

/** @param {{claim: Claim}} props */
function ClaimLine({ claim }) {
  const { t } = useApp();
  const outcome = ["delivered", "failed"].includes(claim.outcome) ? claim.outcome : "unknown";
  return html`
    <${Moment} moment=${claim.when} />
    <p>
      ${t(`handedOut.outcome.${outcome}`)}
      ${claim.followers > 0 && html` ${t("handedOut.followers", { count: claim.followers })}`}
    </p>
    <p class="claim-who"><bdi class="mono">${claim.address || "–"}</bdi> <bdi>${claim.agent || t("handedOut.noAgent")}</bdi></p>
  `;
}

/** @param {{moment: Date}} props */
function Moment({ moment }) {
  const { t } = useApp();
  return html`<time datetime=${moment.toISOString()}>${formatMoment(moment, t.locale)}</time>`;
}

/**
 * @typedef {ReturnType<typeof readHistory>[number] & Told} Handover
 * @typedef {{claims: Claim[] | null, givenBack: Date[], mayBeClaimed: boolean}} Told what became of its link
 */

/**
 * What a share's page handed out: each link, and what became of it. Links that can still be claimed are asked for
 * again whenever the share is looked at anew.
 * @param {{share: Entry}} props
 */
function ShareClaims({ share }) {
  const { t, api } = useApp();
  const [handovers, setHandovers] = useState(/** @type {Handover[] | null} */ (null));
  const [failure, setFailure] = useState(/** @type {unknown} */ (null));
  const [round, setRound] = useState(0);

  useEffect(() => {
    const stop = new AbortController();
    readHandovers(api, share.id, handovers ?? [], stop.signal).then(
      (found) => {
        if (stop.signal.aborted) return;
        setHandovers(found);
        setFailure(null);
      },
      (error) => stop.signal.aborted || setFailure(error),
    );
    return () => stop.abort();
  }, [share, round]);

  if (failure && handovers === null)
    return html`<${Failure} error=${failure} onAgain=${() => setRound(round + 1)} />`;
  if (handovers === null) return html`<p role="status">${t("loading")}</p>`;
  if (handovers.length === 0) return html`<p class="handed-none">${t("handedOut.none")}</p>`;
  return html`
    <ol class="claims">
      ${handovers.map(
        (handover) => html`<li key=${handover.link}>
          <${Moment} moment=${handover.when} />
          <p>${t("handedOut.asked")}</p>
          <p class="claim-who"><bdi class="mono">${handover.address || "–"}</bdi> <bdi>${handover.agent || t("handedOut.noAgent")}</bdi></p>
          ${handover.claims === null ? html`<p>${t("handedOut.outcome.forgotten")}</p>` : html`<${Claims} claims=${handover.claims} givenBack=${handover.givenBack} />`}
        </li>`,
      )}
    </ol>
  `;
}

/**
 * @param {import("../api.js").Api} api
 * @param {string} id
 * @param {Handover[]} before
 * @param {AbortSignal} signal
 * @returns {Promise<Handover[]>}
 */
async function readHandovers(api, id, before, signal) {
  const history = readHistory(await api.share(id, signal));
  const settled = new Map(before.flatMap((each) => (each.mayBeClaimed ? [] : [[each.link, each]])));
  /** @type {Handover[]} */
  const found = [];
  for (let at = 0; at < history.length; at += AT_ONCE) {
    found.push(
      ...(await Promise.all(
        history
          .slice(at, at + AT_ONCE)
          .map(async (line) => settled.get(line.link) ?? withClaims(api, line, signal)),
      )),
    );
  }
  return found;
}

/**
 * @param {import("../api.js").Api} api
 * @param {ReturnType<typeof readHistory>[number]} line
 * @param {AbortSignal} signal
 * @returns {Promise<Handover>}
 */
async function withClaims(api, line, signal) {
  try {
    const link = readLink(await api.link(line.link, signal));
    const mayBeClaimed = link?.state === "ready";
    return { ...line, claims: link?.claims ?? null, givenBack: link?.givenBack ?? [], mayBeClaimed };
  } catch (error) {
    // Records are kept for a while only: what is left is the share's own line.
    if (error instanceof ApiError && error.status === 404)
      return { ...line, claims: null, givenBack: [], mayBeClaimed: false };
    throw error;
  }
}
