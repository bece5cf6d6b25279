/** A field of a form: its label, what is typed into, and one small text that is a hint or what is wrong. */

import { html } from "../parts/html.js";

/**
 * @param {object} props
 * @param {string} props.id
 * @param {string} props.label
 * @param {string} [props.hint]
 * @param {string} [props.error]
 * @param {(field: {id: string, "aria-describedby": string | null, "aria-invalid": string | null}) => any} props.children
 *     draws what is typed into.
 */
export function Field({ id, label, hint = "", error = "", children }) {
  const said = error || hint;
  const draw = Array.isArray(children) ? children[0] : children;
  return html`
    <div class="field">
      <label for=${id}>${label}</label>
      ${draw({ id, "aria-describedby": said ? `${id}-said` : null, "aria-invalid": error ? "true" : null })}
      ${said && html`<small id=${`${id}-said`}>${said}</small>`}
    </div>
  `;
}
