/** A component whose module is loaded when it is first shown. */

import { useApp } from "./app.js";
import { html, useEffect, useState } from "./html.js";
import { Failure, Loading } from "./states.js";

/**
 * @param {object} props
 * @param {() => Promise<any>} props.load the module.
 * @param {string} props.name of the component in it; it gets `api`, `config`, `t` and the other properties.
 * @param {boolean} [props.aside] nothing stands in its place meanwhile.
 */
export function Lazy({ load, name, aside = false, ...others }) {
  const app = useApp();
  const [found, setFound] = useState(/** @type {{component?: any, error?: unknown}} */ ({}));
  useEffect(() => {
    let wanted = true;
    load().then(
      (module) => wanted && setFound({ component: module[name] }),
      (error) => wanted && setFound({ error }),
    );
    return () => {
      wanted = false;
    };
  }, [load, name]);

  if (found.error) return html`<${Failure} error=${found.error} onAgain=${() => location.reload()} />`;
  if (!found.component && aside) return null;
  if (!found.component) return html`<${Loading} label=${app.t("loading")} />`;
  return html`<${found.component} api=${app.api} config=${app.config} t=${app.t} ...${others} />`;
}
