import assert from "node:assert/strict";
import { test } from "node:test";

import { watch } from "../../console/app/handing/watch.js";

/** A page that can be turned away from, and a clock that is asked instead of waited for. */
function world() {
  /** @type {{run: () => Promise<void>, after: number}[]} */
  const waiting = [];
  const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
  const turn = async (/** @type {string} */ state) => {
    page.visibilityState = state;
    page.dispatchEvent(new Event("visibilitychange"));
    await settled();
  };
  const given = /** @type {any} */ ({
    page,
    later: (/** @type {() => Promise<void>} */ run, /** @type {number} */ after) =>
      waiting.push({ run, after }) && run,
    never: (/** @type {unknown} */ run) =>
      waiting.splice(0, waiting.length, ...waiting.filter((each) => each.run !== run)),
  });
  const passed = async () => {
    const next = waiting.shift();
    await next?.run();
    return next?.after;
  };
  return { given, passed, turn, waiting };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("it looks at once, and every few seconds from then on", async () => {
  const { given, passed } = world();
  let looks = 0;
  watch(async () => Boolean(++looks), given);
  await settled();
  assert.deepEqual([await passed(), await passed()], [7000, 7000]);
  assert.equal(looks, 3);
});

test("while it fails it looks less and less often, and as before when it is well", async () => {
  const { given, passed } = world();
  let well = false;
  watch(async () => well, given);
  await settled();
  assert.deepEqual(
    [await passed(), await passed(), await passed(), await passed()],
    [14000, 28000, 56000, 60000],
  );
  well = true;
  await passed();
  assert.equal(await passed(), 7000);
});

test("nothing is looked at while nobody looks, and at once when somebody does again", async () => {
  const { given, turn, waiting } = world();
  let looks = 0;
  watch(async () => Boolean(++looks), given);
  await settled();
  await turn("hidden");
  assert.equal(waiting.length, 0);
  await turn("visible");
  assert.equal(looks, 2);
  assert.equal(waiting.length, 1);
});

test("a look that takes long isn't begun twice, and one that has ended begins no other", async () => {
  const { given, turn, waiting } = world();
  let looks = 0;
  /** @type {(well: boolean) => void} */
  let answer = () => {};
  const look = () => {
    looks += 1;
    return new Promise((/** @type {(well: boolean) => void} */ resolve) => {
      answer = resolve;
    });
  };
  const end = watch(look, given);
  await turn("visible");
  assert.equal(looks, 1);
  end();
  answer(true);
  await settled();
  assert.equal(waiting.length, 0);
  await turn("visible");
  assert.equal(looks, 1);
});
