// What the benches share: the table that they print, folders of their own, and measuring within the page.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const rows = [];
const ends = [];

/** A line of the table. */
export function row(what, measured, target = '') {
  rows.push([what, measured, target]);
  console.log(`  ${what}: ${measured}${target && ` (target ${target})`}`);
}

/** Prints all lines as one table. */
export function printTable() {
  if (rows.length === 0) return;
  const all = [['measured on this machine', '', 'target'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((cells) => [...cells[column]].length)));
  console.log();
  for (const cells of all) console.log(cells.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd());
}

/** A new folder, gone after `cleanUp`. */
export async function folder(name) {
  const path = await mkdtemp(join(tmpdir(), `spotcheck-bench-${name}-`));
  ends.push(() => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  return path;
}

export async function cleanUp() {
  for (const end of ends) await end();
}

const sorted = (values) => [...values].sort((one, other) => one - other);
export const median = (values) => sorted(values)[values.length >> 1];
export const p95 = (values) => sorted(values)[Math.min(values.length - 1, Math.ceil(values.length * 0.95) - 1)];
export const ms = (value) => `${value < 100 ? value.toFixed(1) : Math.round(value)} ms`;
export const seconds = (value) => `${(value / 1000).toFixed(1)} s`;
export const mb = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;
/** Median and 95th percentile, as they are printed. */
export const both = (values) => `${ms(median(values))} median, ${ms(p95(values))} p95`;

/** Notes for each tap when the page had changed and been laid out, when a frame showed it, and when it was kept. */
export const TAPS = () => {
  window.taps = [];
  window.addEventListener(
    'click',
    (event) => {
      // `at` is the finger; `handed` is when the browser, done with recognising a tap, gives it to the page.
      const tap = { at: event.timeStamp, handed: performance.now() };
      window.taps.push(tap);
      const after = (work) => {
        const channel = new MessageChannel();
        channel.port1.onmessage = work;
        channel.port2.postMessage(null);
      };
      const settled = () => {
        if (tap.laidOut) return;
        document.body.getBoundingClientRect();
        tap.laidOut = performance.now() - tap.handed;
        tap.pressed = event.target.closest('[aria-pressed]')?.getAttribute('aria-pressed');
      };
      // Whichever comes first once the page has changed: a frame begins, or the next task. A task alone would wait for what the browser paints meanwhile.
      requestAnimationFrame(settled);
      after(settled);
      requestAnimationFrame(() => after(() => (tap.shown = performance.now() - tap.at)));
    },
    { capture: true },
  );
  let before = '';
  new MutationObserver(() => {
    const now = document.querySelector('header [role=status]')?.textContent ?? '';
    const tap = window.taps.at(-1);
    if (now !== before && now.startsWith('已保存') && tap && !tap.kept) tap.kept = performance.now() - tap.at;
    before = now;
  }).observe(document, { subtree: true, childList: true, characterData: true });
};

/** Notes for each input into a field when the page had changed for the last time after it, and been laid out. */
export const KEYS = () => {
  window.keys = [];
  const layOut = () => {
    const key = window.keys.at(-1);
    if (!key || key.closed) return;
    document.body.getBoundingClientRect();
    key.laidOut = performance.now() - key.at;
  };
  window.addEventListener(
    'input',
    () => {
      const key = { at: performance.now(), closed: false };
      window.keys.push(key);
      const channel = new MessageChannel();
      channel.port1.onmessage = layOut;
      channel.port2.postMessage(null);
    },
    { capture: true },
  );
  new MutationObserver(layOut).observe(document, { subtree: true, childList: true, characterData: true });
};

/** Notes when the first of some elements was there and laid out, in milliseconds from the start of loading. */
export const FIRST = (selectors) => {
  window.first = {};
  const look = () => {
    for (const selector of selectors) {
      if (selector in window.first || !document.querySelector(selector)) continue;
      document.body.getBoundingClientRect();
      window.first[selector] = performance.now();
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true });
};

/** Milliseconds from the start of loading until the element was there, see `FIRST`. */
export async function firstOf(page, selector) {
  return (await page.waitForFunction((name) => window.first?.[name], selector, { timeout: 120_000 })).jsonValue();
}

/** Waits until what was asked of the page has been drawn. */
export const drawn = (page) => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));

/** Milliseconds, in the page, from the start of `work` until one of the elements was there and laid out. */
export async function until(page, selector, work) {
  await page.evaluate((name) => {
    const begun = performance.now();
    window.until = new Promise((resolve) => {
      const look = () => {
        if (!document.querySelector(name)) return;
        watch.disconnect();
        document.body.getBoundingClientRect();
        resolve(performance.now() - begun);
      };
      const watch = new MutationObserver(look);
      watch.observe(document, { subtree: true, childList: true, attributes: true });
    });
  }, selector);
  await work();
  return page.evaluate(() => window.until);
}
