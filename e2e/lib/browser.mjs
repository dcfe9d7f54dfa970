// Chromium, the sizes we look at, and what every page must stand.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const executablePath = process.env.CAKAP_CHROMIUM || ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync) || '';

// skip is a reason where no browser is there, and false where one must be.
export const skip = executablePath || process.env.CAKAP_TEST_REQUIRE_BROWSER ? false : 'Chromium: none at /usr/bin/chromium; set CAKAP_CHROMIUM';

export const phone = { width: 360, height: 740 };
export const desk = { width: 1280, height: 800 };

export async function launch() {
  if (!executablePath) throw new Error('CAKAP_TEST_REQUIRE_BROWSER is set, but there is no Chromium');
  return chromium.launch({
    executablePath,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

// open gives a fresh browser profile; what goes wrong in its pages is kept in
// page.context().faults and asserted by the caller with clean().
export async function open(browser, viewport, options = {}) {
  const context = await browser.newContext({ viewport, locale: 'id-ID', timezoneId: 'Asia/Jakarta', acceptDownloads: true, ...options });
  context.setDefaultTimeout(10_000);
  context.faults = [];
  context.on('weberror', e => context.faults.push(`script: ${e.error().message}`));
  context.on('console', m => { if (m.type() === 'error' && !/ERR_INTERNET_DISCONNECTED|status of 4\d\d/.test(m.text())) context.faults.push(`console: ${m.text()}`); });
  context.on('response', r => { if (r.status() >= 500) context.faults.push(`${r.status()} ${r.request().method()} ${new URL(r.url()).pathname}`); });
  const page = await context.newPage();
  page.base = options.baseURL;
  return page;
}

// wide is how many pixels a page is wider than its window.
export const wide = page => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
