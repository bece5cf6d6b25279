/** Puts the console together: language, settings, API, page. */

import { Api } from "./api.js";
import { readConfig } from "./config.js";
import { AppContext } from "./parts/app.js";
import { html, render } from "./parts/html.js";
import { Toasts } from "./parts/toast.js";
import { chooseLanguage, loadTexts, translator } from "./texts/texts.js";
import { Shell } from "./views/shell.js";

async function start() {
  const { language, locale } = chooseLanguage(navigator.languages);
  document.documentElement.lang = language;
  const [texts, answer] = await Promise.all([loadTexts(language), fetch("config.json")]);
  const t = translator(texts, locale);
  const config = readConfig(await answer.json());
  if (config.brand.colour) document.documentElement.style.setProperty("--accent", config.brand.colour);

  const toasts = new Toasts();
  const api = new Api({ base: config.api, tokens: { token: async () => null, rejected: () => {} } });
  const app = { t, config, api, say: toasts.say.bind(toasts) };
  const place = /** @type {HTMLElement} */ (document.getElementById("app"));
  place.replaceChildren();
  render(html`<${AppContext.Provider} value=${app}><${Shell} toasts=${toasts} /><//>`, place);
}

start();
