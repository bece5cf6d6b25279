// The token guard that one would write with aws-jwt-verify on Node, in the protocol of `benchmarks.worker`: says what
// its start cost, then runs one batch of events per line of standard input. It verifies the token and looks for it in
// two places, no more: no rules, no canonical path. Keys come over loopback http, which its own client refuses.
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";

const started = process.cpuUsage();
const { JwtVerifier } = await import("aws-jwt-verify");
const issuer = JSON.parse(process.env.BENCH_SETTINGS).issuers[0];
const verifier = JwtVerifier.create({ issuer: issuer.url, audience: issuer.audience, jwksUri: issuer.keys_url });
verifier.cacheJwks(await (await fetch(issuer.keys_url)).json());

const seconds = ({ user, system }) => (user + system) / 1e6;
const memory = () => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))[1]);

async function handler(event) {
  const request = event.Records[0].cf.request;
  const shown = request.headers.authorization?.[0].value.slice(7) ?? cookie(request);
  await verifier.verify(shown);
  const { authorization, cookie: dropped, ...headers } = request.headers;
  return { ...request, querystring: "", headers };
}

function cookie(request) {
  const pairs = (request.headers.cookie ?? []).flatMap(({ value }) => value.split("; "));
  return pairs.find((pair) => pair.startsWith("token="))?.slice(6);
}

process.stdout.write(JSON.stringify({ ready_cpu: seconds(process.cpuUsage(started)) }) + "\n");
for await (const line of createInterface({ input: process.stdin })) {
  const events = JSON.parse(line);
  const wall = performance.now(), cpu = process.cpuUsage();
  let admitted = 0;
  for (const event of events) admitted += "uri" in (await handler(event));
  const measured = { cpu: seconds(process.cpuUsage(cpu)), wall: (performance.now() - wall) / 1e3, admitted };
  process.stdout.write(JSON.stringify({ ...measured, memory_kb: memory() }) + "\n");
}
