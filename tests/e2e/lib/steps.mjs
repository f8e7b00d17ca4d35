// Steps of a long test: each is reported by itself, and after one that failed the rest is skipped.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TARGET } from './photos.mjs';

/** `step(name, work)` for a test; `browser` gives the one to look at when a step fails. */
export function steps(t, browser) {
  let broken = false;
  return async (name, work) => {
    await t.test(name, { skip: broken && 'an earlier step failed' }, async () => {
      try {
        await work();
      } catch (error) {
        broken = true;
        await look(browser(), name);
        throw error;
      }
    });
  };
}

/** Keeps what the page shows below target/e2e/failed, for people to look at. */
export async function look(browser, name) {
  const path = join(TARGET, 'e2e', 'failed', name.replaceAll(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60));
  for (const problem of browser?.problems ?? []) console.log(`noted: ${problem}`);
  try {
    const { page } = browser;
    await mkdir(join(TARGET, 'e2e', 'failed'), { recursive: true });
    await page.screenshot({ path: `${path}.png`, timeout: 5000 });
    await writeFile(`${path}.txt`, `${page.url()}\n\n${await page.locator('body').ariaSnapshot({ timeout: 5000 })}\n`);
    console.log(`see ${path}.png and .txt`);
  } catch {
    // A browser that is gone shows nothing; the failure itself is reported.
  }
}
