// The live camera, with the server stopped: labels and plates held before it open their lines, and it never stays on.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { newProfile, openBrowser } from './lib/browser.mjs';
import { cameraOf, code128, emptyScene, greyOf, held, show, trackStates, watchTracks } from './lib/camera.mjs';
import { assertQuiet, Screens } from './lib/screens.mjs';
import { serve } from './lib/server.mjs';
import { steps } from './lib/steps.mjs';
import { csv, line } from './lib/tables.mjs';

/** Waits until the camera's picture is seen, and moves. */
async function isPlaying(page) {
  await page.waitForFunction(() => {
    const video = document.querySelector('video');
    return video && !video.paused && video.readyState >= 2;
  });
}

/** Waits until the camera was on and is off again. */
async function cameraIsOff(page) {
  await page.waitForFunction(() => window.tracks.length > 0 && window.tracks.every((track) => track.readyState === 'ended'));
}

/** Takes a table of nine lifts in. */
async function importLifts(app, folder) {
  const table = join(folder, 'ledger.csv');
  await writeFile(table, csv(Array.from({ length: 9 }, (_, index) => line(index))));
  await app.go('台账');
  await app.page.getByRole('link', { name: '导入表格' }).click();
  await app.choose(app.page.getByRole('button', { name: '选择表格文件' }), table);
  await app.page.getByRole('button', { name: '下一步：核对内容' }).click();
  await app.page.getByRole('button', { name: /^确认导入：新增 9/ }).click();
  await app.page.getByRole('status').filter({ hasText: '已保存' }).waitFor();
}

test('the camera reads labels and plates, and goes off', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'spotcheck-camera-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const server = await serve();
  t.after(server.stop);
  const film = join(folder, 'camera.y4m');
  await show(film, [emptyScene()]);
  const browser = await openBrowser(await newProfile(t), { scale: 3, args: cameraOf(film), init: [watchTracks] });
  const { context, page } = browser;
  const app = new Screens(page);
  const step = steps(t, () => browser);
  const scan = () => page.goto(`${server.url}/scan`);
  const view = page.getByLabel('相机画面');
  const allow = (setting) =>
    context.newCDPSession(page).then((cdp) => cdp.send('Browser.setPermission', { permission: { name: 'camera' }, setting, origin: server.url }));

  await step('a ledger, and no network from here on', async () => {
    await page.goto(server.url);
    await page.getByText('可离线使用').first().waitFor();
    await server.stop();
    await importLifts(app, folder);
  });

  await step('a refused camera leaves the other ways', async () => {
    await allow('denied');
    await scan();
    await page.getByText('未获准使用相机。请在浏览器设置中允许，或选择图片、手工输入。').waitFor();
    await view.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: '选择图片' }).waitFor();
    await page.getByLabel('编号').fill(line(6)[1]);
    await page.getByRole('button', { name: '查找' }).click();
    await app.at('7号客梯');
    assert.deepEqual(await trackStates(page), []);
    await scan();
    await page.getByText(/^未获准使用相机/).waitFor();
    await allow('granted');
    await page.getByRole('button', { name: '重新打开相机' }).click();
    await isPlaying(page);
  });

  await step('a label of ours that comes before the camera opens its line', async () => {
    await page.goto(`${server.url}/ledger`);
    await page.getByRole('searchbox', { name: '搜索台账' }).fill('2号客梯');
    await page.getByRole('link', { name: /2号客梯/ }).first().click();
    await page.getByRole('link', { name: '打印标签' }).click();
    const png = await page.getByRole('img', { name: '2号客梯 的二维码' }).screenshot();
    const label = held(await greyOf(page, png, 240));
    await show(film, [...Array.from({ length: 10 }, emptyScene), ...Array.from({ length: 10 }, () => label)]);
    await scan();
    await app.at('2号客梯');
    await cameraIsOff(page);
  });

  await step('so does the bar code of a plate', async () => {
    await show(film, [held(code128(line(4)[1]))]);
    await scan();
    await app.at('5号客梯');
    await cameraIsOff(page);
  });

  await step('a code that nobody knows can be followed by another', async () => {
    await show(film, [held(code128('310010203040506070'))]);
    await scan();
    await page.getByText('台账中没有这个编号').waitFor();
    await cameraIsOff(page);
    await show(film, [held(code128(line(7)[1]))]);
    await page.getByRole('button', { name: '再扫一次' }).click();
    await app.at('8号客梯');
    await cameraIsOff(page);
    assert.equal((await trackStates(page)).length, 2);
  });

  await step('whoever leaves switches the camera off', async () => {
    await show(film, [emptyScene()]);
    await scan();
    await isPlaying(page);
    assert.deepEqual(await trackStates(page), ['live']);
    await app.go('台账');
    await app.at('台账');
    await cameraIsOff(page);
  });

  await step('also who leaves before it is on', async () => {
    await page.evaluate(() => window.holdCamera());
    await page.getByRole('link', { name: '扫码' }).click();
    await page.getByText('正在打开相机').waitFor();
    await page.waitForFunction(() => window.tracks.length === 2);
    await app.go('台账');
    await app.at('台账');
    await page.evaluate(() => window.giveCamera());
    await cameraIsOff(page);
  });

  await step('a camera that goes off by itself is not waited for', async () => {
    await scan();
    await isPlaying(page);
    await page.evaluate(() => window.tracks.at(-1).stop());
    await page.getByText(/^相机打不开/).waitFor();
    await show(film, [held(code128(line(3)[1]))]);
    await page.getByRole('button', { name: '重新打开相机' }).click();
    await app.at('4号客梯');
    await cameraIsOff(page);
  });

  assertQuiet(browser);
  await browser.close();
});

test('a browser without a camera offers the other ways', async (t) => {
  const server = await serve();
  t.after(server.stop);
  const browser = await openBrowser(await newProfile(t), { permissions: ['camera'] });
  const { page } = browser;
  await page.goto(`${server.url}/scan`);
  await page.getByText('没有找到相机。可选择图片或手工输入。').waitFor();
  await page.getByRole('button', { name: '选择图片' }).waitFor();
  await page.getByLabel('编号').waitFor();
  assertQuiet(browser);
  await browser.close();
});
