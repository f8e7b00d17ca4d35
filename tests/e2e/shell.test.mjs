// The shell around the app: headers, first paint, offline use, updates, damaged downloads.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { CHROMIUM, FLAGS } from './lib/browser.mjs';
import { copyOfBuild, DIST, nextVersion, put, serve, XTASK } from './lib/server.mjs';

let browser;
before(async () => {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
});
after(() => browser.close());

/** A page in a browser profile of its own that notes everything that goes wrong. */
async function open(t, url) {
  const context = await browser.newContext({ locale: 'zh-CN' });
  t.after(() => context.close());
  const page = await context.newPage();
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && page.problems.push(message.text()));
  await page.goto(url);
  return page;
}

/** Asks the offline worker that `pick` chooses from the registration. */
const ask = (page, type, pick = 'active') =>
  page.evaluate(
    async ([type, pick]) => {
      const registration = await navigator.serviceWorker.ready;
      const channel = new MessageChannel();
      const answer = new Promise((resolve) => (channel.port1.onmessage = (event) => resolve(event.data)));
      registration[pick].postMessage({ type }, [channel.port2]);
      return answer;
    },
    [type, pick],
  );

const started = (page) => page.waitForFunction(() => !document.getElementById('boot'));
const version = (page) => page.evaluate(() => document.querySelector('meta[name="app-version"]').content);
const cacheNames = (page) => page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('spotcheck-')).sort());

test('headers, types, caching and compression', async (t) => {
  const server = await serve(DIST);
  t.after(server.stop);
  const get = (path, headers = {}) => fetch(server.url + path, { headers });

  const page = await get('/');
  assert.match(page.headers.get('content-security-policy'), /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/);
  assert.equal(page.headers.get('x-content-type-options'), 'nosniff');
  assert.equal(page.headers.get('referrer-policy'), 'no-referrer');
  assert.equal(page.headers.get('cross-origin-opener-policy'), 'same-origin');
  assert.match(page.headers.get('permissions-policy'), /camera=\(self\), geolocation=\(self\)/);
  assert.equal(page.headers.get('cache-control'), 'no-cache');
  const html = await page.text();

  const wasm = /data-wasm="([^"]+)"/.exec(html)[1];
  const packed = await get(wasm, { 'accept-encoding': 'br' });
  assert.equal(packed.headers.get('content-type'), 'application/wasm');
  assert.equal(packed.headers.get('content-encoding'), 'br');
  assert.match(packed.headers.get('cache-control'), /immutable/);

  const screen = await get('/inspection/some-id');
  assert.equal(screen.status, 200);
  assert.equal(await screen.text(), html);
  assert.equal((await get('/no-such-file.js')).status, 404);
  assert.equal((await get('/_headers')).status, 200); // the app: a path without an ending is a screen
  assert.match((await get('/manifest.webmanifest')).headers.get('content-type'), /^application\/manifest\+json/);
  assert.equal((await get('/sw.js')).headers.get('cache-control'), 'no-cache');
  assert.equal((await fetch(`${server.url}/`, { method: 'POST' })).status, 405);
});

test('a second server on the same port says what to do', async (t) => {
  const server = await serve(DIST);
  t.after(server.stop);
  const child = spawn(XTASK, ['serve', '--no-build', '--dist', DIST, '--port', String(server.port)]);
  let text = '';
  child.stderr.on('data', (data) => (text += data));
  assert.notEqual(await new Promise((resolve) => child.on('close', resolve)), 0);
  assert.match(text, /port \d+ is taken .* --port/);
});

test('after one visit everything works with the server gone, deep links and restarts too', async (t) => {
  const server = await serve(DIST);
  t.after(server.stop);
  const page = await open(t, server.url);
  await started(page);
  const status = await ask(page, 'STATUS');
  assert.equal(status.complete, true);
  assert.ok(status.files > 5 && status.bytes > 10_000, JSON.stringify(status));
  assert.equal(status.version, await version(page));
  assert.deepEqual(page.problems, []);

  await server.stop();
  await page.reload();
  await started(page);
  await page.goto(`${server.url}/inspection/some-id?tab=2`);
  await started(page);
  const list = await page.evaluate(async () => (await fetch('/manifest.webmanifest')).status);
  assert.equal(list, 200);
  const policy = await page.evaluate(async () => (await fetch('/')).headers.get('content-security-policy'));
  assert.match(policy, /default-src 'none'/, 'the policy holds offline too');
  assert.deepEqual(page.problems, []);
});

test('a download with wrong content is refused whole', async (t) => {
  const dir = await copyOfBuild(t);
  await put(dir, 'icons/icon.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>');
  const server = await serve(dir);
  t.after(server.stop);
  const page = await open(t, server.url);
  await started(page);
  const state = await page.evaluate(async () => {
    // A first installation that fails takes its registration away again.
    const seen = [];
    for (const wanted of [true, false]) {
      const end = performance.now() + 15_000;
      while (!!(await navigator.serviceWorker.getRegistration()) !== wanted && performance.now() < end) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      seen.push(!!(await navigator.serviceWorker.getRegistration()));
    }
    return { seen, caches: await caches.keys() };
  });
  assert.deepEqual(state, { seen: [true, false], caches: [] });
});

test('the first screen loads its own part of the program within its budget; the others come by themselves', async (t) => {
  const server = await serve(DIST);
  t.after(server.stop);
  const context = await browser.newContext({ locale: 'zh-CN' });
  t.after(() => context.close());
  const page = await context.newPage();
  const asked = [];
  page.on('request', (request) => /\.(wasm|js|css)$/.test(request.url()) && asked.push(new URL(request.url()).pathname));
  await page.goto(server.url);
  await page.getByRole('navigation', { name: '主菜单' }).waitFor();
  const first = [...asked];
  let packed = 0;
  for (const path of first) packed += (await readFile(join(DIST, `${path}.br`))).length;
  assert.ok(first.some((path) => path.endsWith('.wasm')) && packed <= 350_000, `${packed} bytes: ${first}`);
  const isPart = (path) => /(chunk|split)_\w+-\w+\.wasm$/.test(path);
  assert.deepEqual(first.filter(isPart), []);
  await assert.doesNotReject(async () => {
    while (asked.filter(isPart).length < 2) await page.waitForEvent('request', { timeout: 15_000 });
  });
});

test('a part of the program that is missing costs its screens only', async (t) => {
  const dir = await copyOfBuild(t);
  for (const file of await readdir(dir)) if (file.includes('split_office')) await rm(join(dir, file));
  const server = await serve(dir);
  t.after(server.stop);
  const page = await open(t, `${server.url}/office`);
  await page.getByRole('heading', { name: '这一页还没有下载到本机' }).waitFor();
  await page.getByRole('navigation').getByRole('link', { name: '首页' }).click();
  await page.getByRole('heading', { name: '这一页还没有下载到本机' }).waitFor({ state: 'detached' });
  assert.deepEqual(page.problems.filter((text) => !/404|WebAssembly/.test(text)), []);
});

test('an update waits for the user, then takes over; the old version goes after two good starts', async (t) => {
  const dir = await copyOfBuild(t);
  const server = await serve(dir);
  t.after(server.stop);
  const page = await open(t, server.url);
  await started(page);
  const { version: first } = await ask(page, 'STATUS');
  for (let starts = 0; starts < 2; starts += 1) await ask(page, 'STARTED');

  await nextVersion(dir, 'next');
  const progress = await page.evaluate(async () => {
    const seen = [];
    navigator.serviceWorker.addEventListener('message', ({ data }) => data.type === 'PROGRESS' && seen.push(data));
    const registration = await navigator.serviceWorker.ready;
    await registration.update();
    const worker = registration.installing ?? registration.waiting;
    // What it tells comes by another way than its state, so perhaps later.
    const told = () => seen.length > 0 && seen.at(-1).done === seen.at(-1).total;
    const until = Date.now() + 20_000;
    while ((worker.state === 'installing' || !told()) && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
    return { state: worker.state, last: seen.at(-1) };
  });
  assert.equal(progress.state, 'installed');
  assert.equal(progress.last.version, 'next');
  assert.equal(progress.last.done, progress.last.total);

  // Until the user agrees, this page and a reloaded one get the old version, and both caches stay.
  await page.reload();
  await started(page);
  assert.equal(await version(page), first);
  await ask(page, 'STARTED');
  assert.deepEqual(await cacheNames(page), [`spotcheck-${first}`, 'spotcheck-next'].sort());

  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const changed = new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }));
    registration.waiting.postMessage({ type: 'ACTIVATE' });
    await changed;
  });
  await page.reload();
  await started(page);
  assert.equal(await version(page), 'next');
  // The app itself counts one start, before or after this.
  assert.ok((await ask(page, 'STARTED')).starts <= 2);
  assert.ok((await ask(page, 'STARTED')).starts >= 2);
  assert.deepEqual(await cacheNames(page), ['spotcheck-next']);
  assert.equal((await ask(page, 'STATUS')).complete, true);
});

test('a file that the browser has thrown away comes back from the network', async (t) => {
  const server = await serve(DIST);
  t.after(server.stop);
  const page = await open(t, server.url);
  await started(page);
  await ask(page, 'STATUS');
  await page.evaluate(async () => {
    for (const name of await caches.keys()) await (await caches.open(name)).delete('/boot.css');
  });
  assert.equal((await ask(page, 'STATUS')).complete, false);
  await page.reload();
  await started(page);
  assert.equal((await ask(page, 'STATUS')).complete, true);
});

test('a program that does not load says so in both languages, with a way out', async (t) => {
  const dir = await copyOfBuild(t);
  const html = await readFile(join(dir, 'index.html'), 'utf8');
  await put(dir, /data-wasm="\/([^"]+)"/.exec(html)[1], 'not wasm');
  const server = await serve(dir);
  t.after(server.stop);
  const page = await open(t, server.url);
  const box = page.locator('[role=alert]');
  await box.waitFor();
  assert.match(await box.innerText(), /已保存的记录没有受影响[^]*Your saved records are not affected/);
  assert.ok((await box.getByRole('button').count()) >= 1);
});

test('without JavaScript the page says what is needed', async (t) => {
  const server = await serve(DIST);
  t.after(server.stop);
  const context = await browser.newContext({ javaScriptEnabled: false });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(server.url);
  const text = await page.locator('#boot').innerText();
  assert.match(text, /需要 JavaScript/);
  assert.match(text, /needs JavaScript/);
});
