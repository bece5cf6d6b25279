// Draws each text in docs/diagrams as docs/images/<name>.svg, in colours for light and dark pages.
//
// What is drawn says which text it was drawn from (the text's SHA-256), so that a test sees without drawing
// whether a picture is out of date, and what hasn't changed isn't drawn again.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const docs = fileURLToPath(new URL("..", import.meta.url));
const LIGHT = 0; // D2's theme "Neutral default"
const DARK = 200; // and "Dark mauve", which takes its place by prefers-color-scheme

const texts = readdirSync(`${docs}diagrams`)
  .filter((file) => file.endsWith(".d2"))
  .map((file) => {
    const text = readFileSync(`${docs}diagrams/${file}`, "utf8");
    const drawnFrom = `<!-- drawn from ${file}, ${createHash("sha256").update(text).digest("hex")} -->`;
    return { text, drawnFrom, picture: `${docs}images/${file.replace(/\.d2$/, ".svg")}` };
  })
  .filter(({ drawnFrom, picture }) => !existsSync(picture) || !readFileSync(picture, "utf8").includes(drawnFrom));

if (texts.length) {
  const { D2 } = await import("@terrastruct/d2"); // 50 MB, only when there is something to draw
  const d2 = new D2();
  for (const { text, drawnFrom, picture } of texts) {
    const { diagram, renderOptions } = await d2.compile(text, { layout: "elk" });
    const svg = await d2.render(diagram, { ...renderOptions, themeID: LIGHT, darkThemeID: DARK, pad: 16, noXMLTag: true });
    writeFileSync(picture, `${drawnFrom}\n${svg}\n`);
    console.log(`drawn: ${picture}`);
  }
  process.exit(); // D2's worker would keep the process
}
