/** Puts the console together: language, settings, session, API, page. */

import { Api } from "./api.js";
import { ConfigRefused, readConfig } from "./config.js";
import { AppContext } from "./parts/app.js";
import { html, render } from "./parts/html.js";
import { Toasts } from "./parts/toast.js";
import { takeCallback } from "./sign_in/callback.js";
import { Issuer } from "./sign_in/issuer.js";
import { handOver, Session } from "./sign_in/session.js";
import { chooseLanguage, textsIn, translator } from "./texts/texts.js";
import { Shell } from "./views/shell.js";

const OPEN = { token: async () => null, rejected: () => {} };

const cameBack = takeCallback(location.href);
if (cameBack) history.replaceState(null, "", cameBack.rest);
const place = /** @type {HTMLElement} */ (document.getElementById("app"));
const configured = fetch("config.json").then(async (answer) => readConfig(await answer.json()));
configured.catch(() => {}); // it is waited for below
start();

async function start() {
  const { language, locale } = chooseLanguage(navigator.languages);
  document.documentElement.lang = language;
  const t = translator(textsIn(language), locale);
  if (cameBack && handOver(cameBack.parameters)) {
    show(html`<main class="page"><p class="notice notice--good">${t("signIn.windowDone")}</p></main>`);
    window.close();
    return;
  }
  try {
    await run(t, await configured);
  } catch (error) {
    const text =
      error instanceof ConfigRefused ? t("failed.config", { message: error.message }) : t("failed.network");
    show(html`<main class="page"><p class="notice notice--bad" role="alert">${text}</p></main>`);
  }
}

/**
 * @param {import("./texts/texts.js").Translate} t
 * @param {import("./config.js").Config} config
 */
async function run(t, config) {
  const redirectUri = `${location.origin}/`;
  const session =
    config.signIn && new Session({ issuer: new Issuer({ signIn: config.signIn, redirectUri }) });
  const toasts = new Toasts();
  const api = new Api({ base: config.api, tokens: session ?? OPEN });
  const app = { t, config, api, say: toasts.say.bind(toasts) };
  const arriving = session && cameBack && session.arrive(cameBack.parameters);
  show(html`<${AppContext.Provider} value=${app}><${Shell} toasts=${toasts} session=${session} /><//>`);
  const wanted = await arriving;
  if (wanted) {
    history.replaceState(null, "", wanted);
    dispatchEvent(new HashChangeEvent("hashchange"));
  }
}

/** @param {any} page */
function show(page) {
  place.replaceChildren();
  render(page, place);
}
