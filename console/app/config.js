/**
 * What this deployment is: `config.json`, read once and checked. A page that calls an address from a file must
 * know that the address is one: `https`, or this machine's own.
 */

/** @typedef {{url: string, clientParameter: string, returnParameter: string}} SignOut */
/** @typedef {{issuer: string, discovery?: string, clientId: string, scopes: string[], token: "id" | "access", signOut: SignOut | null}} SignIn */
/**
 * @typedef {object} Config
 * @property {string} api without a slash at its end.
 * @property {SignIn | null} signIn null: everybody who knows the address may use it.
 * @property {{prefix: string, maxSeconds: number} | null} signed null: that door is off.
 * @property {{folders: string[], maxBytes: number, types: string[]} | null} uploads
 * @property {{maxDays: number, maxDownloads: number} | null} shares
 * @property {{defaultSeconds: number, maxSeconds: number}} once
 * @property {{name?: string, colour?: string, logo?: string}} brand
 */

export class ConfigRefused extends Error {}

/**
 * @param {any} plain
 * @returns {Config}
 * @throws {ConfigRefused}
 */
export function readConfig(plain) {
  if (typeof plain !== "object" || plain === null) throw new ConfigRefused("config.json is not an object");
  if (!isSafeUrl(plain.api)) throw new ConfigRefused("config.json: api is not an https address");
  if (plain.signIn && ![plain.signIn.issuer, plain.signIn.discovery ?? plain.api].every(isSafeUrl)) {
    throw new ConfigRefused("config.json: the issuer is not an https address");
  }
  return {
    signIn: null,
    signed: null,
    uploads: null,
    shares: null,
    ...plain,
    api: plain.api.replace(/\/+$/, ""),
    once: { defaultSeconds: 900, maxSeconds: 3600, ...plain.once },
    brand: plain.brand ?? {},
  };
}

/**
 * Whether an address may be called, shown or followed: https, or http on this machine.
 * @param {unknown} text
 * @returns {text is string}
 */
export function isSafeUrl(text) {
  if (typeof text !== "string") return false;
  try {
    const url = new URL(text);
    if (url.username !== "" || url.password !== "") return false;
    return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
  } catch {
    return false;
  }
}

/** @param {string} host as `URL.hostname` has it. */
export function isLoopback(host) {
  return (
    host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127(\.\d+){3}$/.test(host)
  );
}
