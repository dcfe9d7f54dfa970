// The real take page over a line as poor as a village's: 400 ms, 5 % of the
// packets lost, 320 kbit/s, and outages of 20 s in which connections die. Every
// answer must reach the server, and the page must never be in the way.
// The short form takes a minute; CAKAP_POOR_SECONDS=600 spreads the answers over
// so long, with an outage in every minute.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { launch, open, phone, skip } from './lib/browser.mjs';
import { begin, chosen, login, next, prepare } from './lib/pages.mjs';
import { accounts, start } from './lib/server.mjs';

const seconds = Number(process.env.CAKAP_POOR_SECONDS || 30);
const outage = 20;

test('the take page over a poor line', { skip, timeout: (seconds * 2 + 240) * 1000 }, async t => {
  const browser = await launch();
  t.after(() => browser.close());
  const server = await start('demo');
  t.after(() => server.stop());
  const line = await poorLine(new URL(server.url).port);
  t.after(() => line.close());
  const who = accounts(server.printed);

  // The way to the first question is not what is measured here.
  const page = await open(browser, phone);
  await login(page, server.url, who.waiting[0], who.password);
  await prepare(page);
  await begin(page);
  const path = new URL(page.url()).pathname;

  const asked = new Map(), saved = new Map(); // by sequence and position, in ms
  page.on('requestfinished', async request => {
    if (!request.url().endsWith('/api/jawaban')) return;
    const response = await request.response();
    if (response?.status() !== 200) return;
    for (const { n } of JSON.parse(request.postData()).a) if (!saved.has(n)) saved.set(n, performance.now());
  });

  page.setDefaultNavigationTimeout(90_000);
  const began = performance.now();
  await page.goto(line.url + path);
  const opened = performance.now() - began;
  const total = await page.locator('.q').count();
  assert.equal(total, 40);
  const before = await line.stats();

  const expected = [];
  let lastOutage = -Infinity;
  for (let n = 1; n <= total; n++) {
    const at = (performance.now() - began - opened) / 1000;
    if (at - lastOutage >= 60 && at > seconds / 6) {
      line.outage(outage);
      lastOutage = at;
    }
    const option = page.locator(`#q${n} .opt`).nth(n % 2);
    await option.waitFor(); // the page changes at once, whatever the line does
    asked.set(n, performance.now());
    await option.click();
    expected.push(await option.locator('input').getAttribute('value'));
    await page.waitForTimeout(seconds * 1000 / total);
    if (n < total) await next(page);
  }
  await page.locator('.net .tag', { hasText: /^(Tersimpan di server|\d+ jawaban sudah di server|Semua jawaban ada)/ }).waitFor({ timeout: 180_000 });
  const after = await line.stats();

  // What the server has, seen without the line and without this origin's storage.
  await page.goto(server.url + path);
  assert.deepEqual(await chosen(page), expected, 'the answers on the server');
  assert.equal(saved.size, total, 'each answer was acknowledged');

  const took = [...saved].map(([n, at]) => at - asked.get(n)).sort((a, b) => a - b);
  const p = share => (took[Math.min(took.length - 1, Math.floor(took.length * share))] / 1000).toFixed(1);
  const bytes = after.up + after.down - before.up - before.down;
  t.diagnostic(`${total} answers over 400 ms, 5 % loss, 320 kbit/s, outages of ${outage} s: ${after.outages} outages, ${after.lost} packets lost, ${after.broken} connections broken`);
  t.diagnostic(`page open after ${(opened / 1000).toFixed(1)} s; saved on the server after p50 ${p(0.5)} s, p95 ${p(0.95)} s, at most ${p(1)} s; ${Math.round(bytes / total)} bytes per answer, both ways`);
  assert.deepEqual(page.context().faults.filter(f => !/net::ERR_/.test(f)), []);
});

// poorLine builds and starts the proxy in front of a port of this machine.
async function poorLine(port) {
  const root = resolve(import.meta.dirname, '..');
  const dir = await mkdtemp(join(tmpdir(), 'cakap-poor-'));
  const program = join(dir, 'poor');
  await promisify(execFile)('go', ['build', '-o', program, './bench/poor'], { cwd: root });
  const child = spawn(program, ['-target', `127.0.0.1:${port}`], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const [, address] = /listens on \S+:(\d+)/.exec((await lines.next()).value);
  return {
    url: `http://localhost:${address}`, // the same host as the server: its cookies hold here, too
    outage: s => child.stdin.write(`outage ${s}s\n`),
    stats: async () => {
      child.stdin.write('stats\n');
      return JSON.parse((await lines.next()).value);
    },
    close: async () => {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
      await rm(dir, { recursive: true, force: true });
    },
  };
}
