/**
 * What the issuer sends back in the address. It is taken out before anything else happens, so that neither a
 * reload nor the history has a code in it.
 */

/** Parameters of an authorization response (OpenID Connect Core 1.0, 3.1.2.5; RFC 9207; Session Management). */
const PARAMETERS = [
  "code",
  "state",
  "iss",
  "session_state",
  "error",
  "error_description",
  "error_uri",
  "scope",
];

/** @typedef {{parameters: URLSearchParams, rest: string}} Taken `rest`: the address without them. */

/**
 * @param {string} address `location.href`.
 * @returns {Taken | null} null: nothing came back, the address stays.
 */
export function takeCallback(address) {
  const url = new URL(address);
  const { searchParams } = url;
  if (!searchParams.has("state") || !(searchParams.has("code") || searchParams.has("error"))) return null;
  const parameters = new URLSearchParams();
  for (const name of PARAMETERS) {
    for (const value of searchParams.getAll(name)) parameters.append(name, value);
    searchParams.delete(name);
  }
  return { parameters, rest: url.pathname + url.search + url.hash };
}

/**
 * The page to return to, if it is one of ours.
 * @param {string} path
 * @param {string} origin
 */
export function ownPath(path, origin) {
  try {
    const url = new URL(path, origin);
    return url.origin === origin && path.startsWith("/") ? url.pathname + url.search + url.hash : "/";
  } catch {
    return "/";
  }
}
