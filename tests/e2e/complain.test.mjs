// Consumers at a phone of 360 px: an injury by a toy in fewer than 40 taps without a network; killed and gone on; a shared
// phone that is clean afterwards; WeChat without share and download; an unnamed report from the code on a lift.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { newProfile, openBrowser } from './lib/browser.mjs';
import { Complaint, filesWith, toyInjury, WRITTEN } from './lib/complain.mjs';
import { photoFiles } from './lib/photos.mjs';
import { assertQuiet } from './lib/screens.mjs';
import { serve } from './lib/server.mjs';
import { look } from './lib/steps.mjs';

/** Runs a test and keeps a picture of the page when it fails. */
function seen(name, work) {
  test(name, async (t) => {
    const state = {};
    try {
      await work(t, state);
    } catch (error) {
      await look(state.browser, name);
      throw error;
    }
  });
}

/** A browser on which the app is ready for work without a network. */
async function ready(t, state, options = {}) {
  const server = await serve();
  t.after(server.stop);
  const profile = await newProfile(t);
  const browser = await openBrowser(profile, { reducedMotion: 'reduce', ...options });
  state.browser = browser;
  const app = new Complaint(browser.page);
  await app.page.goto(server.url);
  await app.page.getByText('可离线使用').first().waitFor();
  return { server, url: server.url, profile, browser, app };
}

seen('an injury by a toy is filed offline in fewer than 40 taps, and the file holds it', async (t, state) => {
  const { server, url, browser, app } = await ready(t, state);
  const photos = (await photoFiles()).slice(0, 3);
  await server.stop();
  // The first page says whom to call before it asks anything.
  await app.page.goto(`${url}/complain`);
  for (const number of ['119', '120', '110']) await app.page.getByRole('link', { name: new RegExp(`^${number}`) }).waitFor();
  await toyInjury(app, url, photos);
  await app.page.getByText('都填好了，可以提交').waitFor();
  await app.page.getByRole('radio', { name: '投诉和举报都提（建议）', checked: true }).waitFor();
  await app.file();
  const receipts = await app.receipts();
  assert.deepEqual(receipts.map((number) => number[0]).sort(), ['J', 'T']);
  const dir = await mkdtemp(join(tmpdir(), 'spotcheck-complaint-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const [download] = await Promise.all([
    app.page.waitForEvent('download'),
    app.tap(app.page.getByRole('button', { name: '保存文件到手机' })),
  ]);
  t.diagnostic(`${app.taps} taps`);
  assert.ok(app.taps < 40, `${app.taps} taps`);
  const path = join(dir, download.suggestedFilename());
  await download.saveAs(path);
  const text = await readFile(path, 'utf8');
  for (const written of Object.values(WRITTEN)) assert.ok(text.includes(written), written);
  for (const receipt of receipts) assert.ok(text.includes(receipt), receipt);
  assert.equal(text.split('"sha256"').length > 3, true);
  // Nothing of the person is where others look.
  const open = await app.page.evaluate(() => [location.href, document.title, JSON.stringify(localStorage)].join(' '));
  for (const written of Object.values(WRITTEN)) assert.ok(!open.includes(written), written);
  assertQuiet(browser);
});

seen('a draft goes on at the same step after the browser was killed', async (t, state) => {
  const { url, profile, browser, app } = await ready(t, state);
  await app.begin(url, '在店里买的东西');
  await app.choose('现在还有危险吗', '不是');
  await app.next('是什么事');
  await app.choose('是哪一类东西', '儿童玩具');
  await app.next('出了什么事');
  await app.write('说说经过', WRITTEN.facts);
  await app.saved();
  const address = app.page.url();
  await browser.killHard();
  state.browser = await openBrowser(profile, { reducedMotion: 'reduce' });
  const again = new Complaint(state.browser.page);
  await again.page.goto(`${url}/complain`);
  await again.page.getByRole('link', { name: /^儿童玩具|^在店里买的东西/ }).click();
  await again.atStep('出了什么事');
  assert.equal(again.page.url(), address);
  assert.equal(await again.page.getByLabel(/^说说经过/).inputValue(), WRITTEN.facts);
  await again.page.getByRole('button', { name: '上一步' }).click();
  await again.atStep('是什么事');
  await again.group('是哪一类东西').getByRole('radio', { name: '儿童玩具', checked: true }).waitFor();
  assertQuiet(state.browser);
});

seen('a shared phone holds nothing of a complaint once it was handed over, and nothing in the clear before', async (t, state) => {
  const { url, profile, browser, app } = await ready(t, state);
  await app.page.goto(`${url}/complain`);
  await app.page.getByRole('checkbox', { name: '借用或者公用手机：发出后清除' }).check();
  await app.page.getByRole('button', { name: '在店里买的东西', exact: true }).click();
  await app.atStep('先看安全');
  for (const step of ['是什么事', '出了什么事']) await app.next(step);
  await app.choose('哪天', '今天');
  await app.write('说说经过', WRITTEN.facts);
  await app.next('东西和商家');
  await app.write('商家叫什么', '示例玩具店');
  await app.write('商家在哪里', '示例县示例路8号');
  await app.next('您想怎么办');
  await app.choose('您最想要的是什么', '帮我和商家解决：退、换、修、赔');
  await app.choose('想让商家怎么做', '退钱');
  await app.next('怎么联系您');
  await app.write('您的姓名', WRITTEN.name);
  await app.write('您的手机号', WRITTEN.phone);
  await app.write('您的地址', WRITTEN.address);
  await app.next('核对');
  await app.saved();
  // What a killed browser leaves behind is what a thief would find.
  await browser.killHard();
  assert.deepEqual(await filesWith(profile, Object.values(WRITTEN)), []);
  state.browser = await openBrowser(profile, { reducedMotion: 'reduce' });
  const again = new Complaint(state.browser.page);
  await again.page.goto(`${url}/complain`);
  await again.page.getByRole('link', { name: /^在店里买的东西/ }).click();
  await again.atStep('核对');
  await again.file();
  const [download] = await Promise.all([
    again.page.waitForEvent('download'),
    again.page.getByRole('button', { name: '保存文件到手机' }).click(),
  ]);
  await download.delete();
  await again.page.getByRole('button', { name: '已经发出，现在清除' }).click();
  await again.page.getByRole('heading', { level: 2, name: '已清除' }).waitFor();
  await again.page.goto(`${url}/complain/mine`);
  await again.page.getByText('还没有写过').waitFor();
  await state.browser.close();
  assert.deepEqual(await filesWith(profile, Object.values(WRITTEN)), []);
});

/** What WeChat's browser has not: sharing, and downloads. */
function asWeChat() {
  const agent = `${navigator.userAgent} MicroMessenger/8.0.50 NetType/4G`;
  Object.defineProperty(Navigator.prototype, 'userAgent', { get: () => agent });
  for (const name of ['share', 'canShare']) Object.defineProperty(Navigator.prototype, name, { value: undefined });
  const click = HTMLAnchorElement.prototype.click;
  HTMLAnchorElement.prototype.click = function () {
    if (!this.hasAttribute('download')) click.call(this);
  };
}

seen('in WeChat without share and download the text code is the way out', async (t, state) => {
  const { url, app } = await ready(t, state, { init: [asWeChat], permissions: ['clipboard-read', 'clipboard-write'] });
  await toyInjury(app, url, []);
  await app.file();
  await app.page.getByText('您正在微信里打开').waitFor();
  await app.page.getByRole('button', { name: '复制文字码' }).click();
  await app.page.getByRole('status').filter({ hasText: '已复制' }).first().waitFor();
  const copied = await app.page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^巡检通投诉1:/);
  await app.page.getByRole('link', { name: '打印出来' }).waitFor();
});

seen('an unnamed report from the code on a lift asks for no name', async (t, state) => {
  const { url, browser, app } = await ready(t, state);
  const poster = new URLSearchParams({ equipment: '31102301020150098', kind: 'lift', unit: '示例商场有限公司', place: '中庭1号客梯' });
  await app.page.goto(`${url}/complain?${poster}`);
  await app.page.getByText('已从二维码带入').waitFor();
  await app.page.getByText('示例商场有限公司').waitFor();
  await app.page.getByRole('button', { name: '就反映这里的问题' }).click();
  await app.atStep('先看安全');
  await app.choose('现在还有危险吗', '不是');
  await app.next('是什么事');
  await app.group('是哪一种设备').getByRole('radio', { name: '电梯、扶梯', checked: true }).waitFor();
  await app.next('出了什么事');
  await app.choose('问题是什么', '不安全、有危险', '没有检验标志、没人维护');
  await app.write('说说经过', '运行时有异响，门关不严');
  await app.next('东西和商家');
  await app.next('您想怎么办');
  await app.choose('您最想要的是什么', '请你们去查，别再害人');
  await app.next('怎么联系您');
  await app.choose('愿意留下姓名吗', '不是');
  assert.equal(await app.page.getByLabel(/^您的姓名/).count(), 0);
  await app.next('核对');
  await app.page.getByRole('radio', { name: '只举报（建议）', checked: true }).waitFor();
  await app.file();
  const receipts = await app.receipts();
  assert.equal(receipts.length, 1);
  assert.match(receipts[0], /^J/);
  await app.page.getByText('不留名的举报不会有答复。').waitFor();
  assertQuiet(browser);
});
