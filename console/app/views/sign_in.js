/** What somebody sees who isn't signed in, or no longer. */

import { useApp } from "../parts/app.js";
import { html, useState } from "../parts/html.js";
import { Icon } from "../parts/icon.js";
import { Sheet } from "../parts/sheet.js";
import { Loading } from "../parts/states.js";

/** @typedef {import("../sign_in/session.js").Session} Session */

/** @param {{session: Session}} props */
export function SignIn({ session }) {
  const { t, config } = useApp();
  const issuer = issuerName(config);
  if (session.status === "signing-in") return html`<${Loading} label=${t("signIn.busy")} />`;
  return html`
    <section class="card sign-in">
      <${Icon} name="person" />
      <h1 tabindex="-1">${t("signIn.title")}</h1>
      <p class="soft">${t("signIn.text", { issuer })}</p>
      ${
        session.leftIssuerSignedIn
          ? html`<p class="notice notice--warn" role="status">${t("signIn.issuerStays", { issuer })}</p>`
          : session.signedOut &&
            html`<p class="notice notice--good" role="status">${t("signIn.signedOut")}</p>`
      }
      <${Problem} session=${session} />
      <button type="button" class="button" onClick=${() => session.leave()}>${t("signIn.action")}</button>
    </section>
  `;
}

/** @param {{session: Session}} props */
export function SessionEnded({ session }) {
  const { t } = useApp();
  const [blocked, setBlocked] = useState(false);
  return html`
    <${Sheet} title=${t("session.ended")} kind="small" onClose=${() => session.putOff()}>
      <p>${t("session.endedText")}</p>
      <${Problem} session=${session} />
      ${blocked && html`<p class="notice notice--warn" role="alert">${t("session.blocked")}</p>`}
      <div class="sheet-actions">
        <button type="button" class="button button--quiet" onClick=${() => session.putOff()}>${t("session.later")}</button>
        ${
          blocked &&
          html`<button type="button" class="button button--quiet" onClick=${() => session.leave()}>${t("session.here")}</button>`
        }
        <button type="button" class="button" onClick=${async () => setBlocked(!(await session.again()))}>
          ${t("signIn.action")}
        </button>
      </div>
    <//>
  `;
}

/** @param {{session: Session}} props */
function Problem({ session }) {
  const { t, config } = useApp();
  const { problem } = session;
  if (problem === null) return null;
  const issuer = issuerName(config);
  return html`
    <div class="notice notice--bad" role="alert">
      <strong>${t("signIn.problem")}</strong> ${t(`signIn.${problem.code}`, { issuer, detail: problem.message })}
    </div>
  `;
}

/**
 * The host at which people sign in, so that they can tell it when they see it.
 * @param {import("../config.js").Config} config
 */
function issuerName({ signIn }) {
  return signIn ? new URL(signIn.signOut?.url ?? signIn.issuer).host : "";
}
