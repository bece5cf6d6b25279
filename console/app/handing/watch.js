/** Looks at something again and again while somebody looks at the page, and less often while that fails. */

const EVERY = 7_000; // milliseconds
const LONGEST = 60_000;

/**
 * @param {() => Promise<boolean>} look whether it went well.
 * @param {{page?: Document, later?: typeof setTimeout, never?: typeof clearTimeout}} [world]
 * @returns {() => void} ends it.
 */
export function watch(look, { page = document, later = setTimeout, never = clearTimeout } = {}) {
  let pause = EVERY;
  let looking = false;
  let ended = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  async function again() {
    never(timer);
    if (looking) return;
    looking = true;
    pause = (await look()) ? EVERY : Math.min(2 * pause, LONGEST);
    looking = false;
    if (!ended && page.visibilityState === "visible") timer = later(again, pause);
  }
  function turned() {
    if (page.visibilityState === "visible") again();
    else never(timer);
  }

  page.addEventListener("visibilitychange", turned);
  again();
  return () => {
    ended = true;
    never(timer);
    page.removeEventListener("visibilitychange", turned);
  };
}
