// Accessibility: axe-core in the page, every WCAG 2.2 A and AA rule.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// violations are the rules a page breaks, one line each.
export async function violations(page) {
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(source); // through the protocol: the page's own policy stays as strict as it is
  const found = await page.evaluate(() => window.axe.run(document, {
    runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }, resultTypes: ['violations'],
  }));
  return found.violations.flatMap(v => v.nodes.slice(0, 3).map(n => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary.replace(/\s+/g, ' ').slice(0, 220)}`));
}
