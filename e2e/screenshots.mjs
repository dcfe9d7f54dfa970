// Pictures of every page at two sizes, in out/. Light, as most people see it;
// with --dark dark.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { desk, launch, open, phone, skip } from './lib/browser.mjs';
import { makePlace, start } from './lib/server.mjs';
import { tour } from './lib/tour.mjs';

if (skip) {
  console.log(`no screenshots: ${skip}`);
  process.exit(0);
}
const out = join(import.meta.dirname, 'out');
const dark = process.argv.includes('--dark'), only = process.argv.slice(2).filter(a => !a.startsWith('--'));
if (!only.length) await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });

const browser = await launch();
const server = await start('demo');
const place = await makePlace();
const empty = await start('serve', place);
let made = 0;
try {
  for (const role of tour(server, empty)) {
    if (only.length && !role.pages.some(p => only.includes(p.name))) continue;
    const page = await open(browser, phone, { colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce' });
    const p = await role.enter(page);
    for (const { name, show } of role.pages) {
      if (only.length && !only.includes(name)) continue;
      for (const [size, label, fullPage] of [[phone, '360', true], [desk, '1280', false]]) {
        await page.setViewportSize(size);
        await show(p);
        await page.waitForTimeout(50);
        await page.screenshot({ path: join(out, `${name}-${label}${dark ? '-gelap' : ''}.png`), fullPage });
        made++;
      }
    }
    await page.context().close();
  }
} finally {
  await browser.close();
  await server.stop();
  await empty.stop();
  await place.remove();
}
console.log(`${made} pictures in ${out}`);
