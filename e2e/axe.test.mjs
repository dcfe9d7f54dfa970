// Every page of the demonstration at three widths, light and dark: no rule of
// WCAG 2.2 A or AA broken, nothing that must be scrolled sideways, and no page
// heavier than its budget.
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { test } from 'node:test';
import { violations } from './lib/axe.mjs';
import { launch, open, skip, wide } from './lib/browser.mjs';
import { makePlace, start } from './lib/server.mjs';
import { routes, routeOf, tour } from './lib/tour.mjs';

const kB = 1024;
const budget = { take: 30 * kB, peserta: 15 * kB, petugas: 60 * kB, takeAssets: 15 * kB };
const widths = [[1280, 800], [360, 740], [320, 640]];

test('every page: accessible, narrow enough, light enough', { skip, timeout: 600_000 }, async t => {
  const browser = await launch();
  t.after(() => browser.close());
  const server = await start('demo');
  t.after(() => server.stop());
  const place = await makePlace();
  let empty = null;
  t.after(async () => { await empty?.stop(); await place.remove(); });
  empty = await start('serve', place);
  const visited = new Set();
  const only = process.env.CAKAP_PAGES?.split(',');
  await t.test('the eye sees: a page full of mistakes is not passed', async () => {
    const page = await open(browser, { width: 320, height: 640 });
    await page.setContent('<html><title>x</title><body><div style="width:400px"><img src="x.png"><p style="color:#aaa;background:#fff">pudar</p><input></div></body></html>');
    assert.match((await violations(page)).join('\n'), /color-contrast[^]*html-has-lang[^]*image-alt[^]*label/);
    assert.ok(await wide(page) >= 80);
    await page.context().close();
  });
  for (const role of tour(server, empty)) {
    const pages = role.pages.filter(p => !only || only.includes(p.name));
    if (!pages.length) continue;
    const page = await open(browser, { width: 1280, height: 800 }, { reducedMotion: 'reduce' });
    const p = await role.enter(page);
    for (const { name, show } of pages) {
      await t.test(name, async () => {
        await page.setViewportSize({ width: 1280, height: 800 });
        const sizes = {};
        let document;
        const note = r => {
          const kind = r.request().resourceType(), path = new URL(r.url()).pathname;
          if (kind === 'document') { document = r; visited.add(path); }
          else if (/\.(css|js)$/.test(path)) sizes[path.split('/').pop()] = r.body().then(body => gzipSync(body).length, () => 0);
        };
        page.on('response', note);
        await show(p);
        page.off('response', note);
        const broken = [];
        for (const [width, height] of widths) {
          await page.setViewportSize({ width, height });
          const over = await wide(page);
          if (over > 0) broken.push(`${width} px: ${over} px must be scrolled sideways, by ${await widest(page)}`);
          for (const colorScheme of ['light', 'dark']) {
            await page.emulateMedia({ colorScheme });
            broken.push(...(await violations(page)).map(v => `${width} px ${colorScheme}: ${v}`));
          }
        }
        await page.emulateMedia({ colorScheme: 'light' });
        if (document) {
          const html = gzipSync(await document.body()).length, isTake = name.startsWith('soal');
          const most = isTake ? budget.take : budget[role.kind];
          if (html > most) broken.push(`the document is ${html} bytes compressed; ${most} are allowed`);
          if (isTake) {
            const assets = Object.entries(sizes), total = (await Promise.all(assets.map(([, n]) => n))).reduce((a, b) => a + b, 0);
            assert.ok(assets.length >= 3, `stylesheet and scripts were seen: ${Object.keys(sizes)}`);
            if (total > budget.takeAssets) broken.push(`CSS and JS of the take page are ${total} bytes; ${budget.takeAssets} are allowed`);
            t.diagnostic(`take page: document ${html} B, CSS and JS ${total} B`);
          }
        }
        assert.deepEqual(broken, []);
      });
    }
    assert.deepEqual(page.context().faults, [], 'no script error and no 5xx on the way');
    await page.context().close();
  }
  await t.test('no page is left out', { skip: only ? 'only some pages were asked for' : false }, async () => {
    const all = await routes(), seen = new Set([...visited].map(path => routeOf(all, path)));
    assert.ok(all.length > 35, `only ${all.length} routes were found in the source`);
    assert.deepEqual(all.filter(r => !seen.has(r)), [], 'pages that the tour in lib/tour.mjs does not visit');
  });
});

// widest names what sticks out farthest, for whoever has to mend it.
const widest = page => page.evaluate(() => {
  let most = null, right = innerWidth;
  for (const e of document.querySelectorAll('body *')) {
    const box = e.getBoundingClientRect();
    if (box.right > right + 1 && !e.closest('.scroll, .vh')) { right = box.right; most = e; }
  }
  return most ? `${most.tagName.toLowerCase()}.${most.className} "${most.textContent.trim().slice(0, 40)}"` : 'nothing that was found';
});
