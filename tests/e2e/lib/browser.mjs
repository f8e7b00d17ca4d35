// A browser on a profile folder of its own: started as on a phone, watched, and killed like a phone kills.
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { chromium } from 'playwright-core';

export const { CHROMIUM } = process.env;
export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
export const PHONE = { width: 360, height: 740 };
export const DESK = { width: 1280, height: 800 };

// How a process of ours is told from any other: children inherit the environment.
const MARK = 'SPOTCHECK_E2E_PROFILE';

/** A new empty profile folder, gone after the test. */
export async function newProfile(t, name = 'phone') {
  const profile = await mkdtemp(join(tmpdir(), `spotcheck-${name}-`));
  t.after(async () => {
    await killProfile(profile);
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });
  return profile;
}

/** A copy of the profile of a browser that is not running. */
export async function copyProfile(from, to) {
  // The lock that a killed browser left is of its own folder.
  await cp(from, to, { recursive: true, filter: (path) => !basename(path).startsWith('Singleton') });
}

/**
 * Opens the browser on a profile. `init` is run in every page before its own scripts.
 *
 * The result has `page`, `context`, `problems` (everything that went wrong, see `watch`), `close()` and `killHard()`.
 */
export async function openBrowser(profile, { size = PHONE, locale = 'zh-CN', touch = true, permissions = [], geolocation, init = [], args = [], scale = 1, reducedMotion } = {}) {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    args: [...FLAGS, ...args],
    // The browser's own words, such as those of a date field, are those of a phone there.
    env: { ...process.env, LANGUAGE: locale.replace('-', '_'), [MARK]: profile },
    viewport: size,
    deviceScaleFactor: scale,
    isMobile: touch,
    hasTouch: touch,
    locale,
    reducedMotion,
    timezoneId: 'Asia/Shanghai',
    acceptDownloads: true,
    permissions,
    geolocation,
    // The files of a test come from a disk that others use too.
    timeout: 60_000,
  });
  context.setDefaultTimeout(20_000);
  const browser = { context, profile, problems: [], page: undefined };
  for (const script of init) await context.addInitScript(script);
  await watch(browser);
  browser.page = context.pages()[0] ?? (await context.newPage());
  // A page that the browser opened by itself was there before the listeners.
  if (!browser.page.watched) watchPage(browser, browser.page);
  browser.close = () => context.close();
  browser.killHard = () => killProfile(profile);
  return browser;
}

/** Notes errors, broken policies and requests to anybody but our own server. */
async function watch(browser) {
  const { context, problems } = browser;
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  context.on('page', (page) => watchPage(browser, page));
  context.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    const ours = ['blob:', 'data:', 'about:', 'chrome:'].includes(protocol) || hostname === '127.0.0.1';
    if (!ours) problems.push(`request to ${request.url()}`);
  });
}

function watchPage({ problems }, page) {
  if (page.watched) return;
  page.watched = true;
  page.on('pageerror', (error) => problems.push(`${error.stack ?? error}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(`${message.type()}: ${message.text()} ${message.location().url}`);
  });
  page.on('crash', () => problems.push('the page crashed'));
}

/** The ids of all processes that were started on a profile. */
export async function processesOf(profile) {
  const found = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    // A process may end while we look, and those of others can't be read.
    const environment = await readFile(`/proc/${entry}/environ`, 'latin1').catch(() => '');
    if (!environment.split('\0').includes(`${MARK}=${profile}`)) continue;
    const state = await readFile(`/proc/${entry}/stat`, 'latin1').catch(() => '');
    // Z: dead, and only not yet noticed by its parent.
    if (state && !/\) Z /.test(state)) found.push(Number(entry));
  }
  return found;
}

/** SIGKILL to every process on a profile until none is left: no flushing, no goodbye. */
export async function killProfile(profile) {
  for (let left = await processesOf(profile); left.length > 0; left = await processesOf(profile)) {
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Gone already.
      }
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
