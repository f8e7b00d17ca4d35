// What can be handed in, denied or refused: each has a clear message in both languages, and nothing is lost.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { newProfile, openBrowser } from './lib/browser.mjs';
import { writeBundle } from './lib/bundle.mjs';
import { badPhotoFiles, photoFiles } from './lib/photos.mjs';
import { assertQuiet, Screens } from './lib/screens.mjs';
import { copyOfBuild, nextVersion, serve } from './lib/server.mjs';
import { readShelves } from './lib/stores.mjs';

/** A browser with the app loaded, and a folder for files. */
async function begin(t, options = {}, dist) {
  const server = await serve(dist);
  t.after(server.stop);
  const folder = await mkdtemp(join(tmpdir(), 'spotcheck-bad-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const browser = await openBrowser(await newProfile(t), options);
  const app = new Screens(browser.page);
  await app.page.goto(server.url);
  await app.page.getByText('可离线使用').first().waitFor();
  return { server, folder, browser, app, page: app.page, url: server.url };
}

/** What the stores hold but for the language of the screens, which this test changes, and the count of batches with it. */
async function kept(page) {
  const shelves = await readShelves(page);
  for (const { meta } of Object.values(shelves)) for (const key of ['preferences', 'sum/meta/preferences', 'head']) delete meta[key];
  return shelves;
}

/** Switches the language where a person does it, and comes back. */
async function speak(page, url, language) {
  const here = page.url();
  await page.goto(`${url}/me`);
  await page.getByRole('button', { name: language }).click();
  await page.getByRole('button', { name: language, pressed: true }).waitFor();
  await page.goto(here);
}

test('files that are no bundles or not whole ones are refused, in both languages, and nothing is stored', async (t) => {
  const { folder, browser, app, page, url } = await begin(t);
  const [photo] = await photoFiles();
  const { paths } = await writeBundle(folder, { records: 1, photosEach: 1, pictures: [await readFile(photo)] });
  const whole = await readFile(paths[0]);
  const files = [
    { name: 'letter.txt', bytes: Buffer.from('示例文字，不是导出文件。\n'), zh: '这不是巡检通导出的文件', en: 'This is not a file exported by Spotcheck' },
    { name: 'other.json', bytes: Buffer.from('{"format":"other","list":[1,2,3]}\n'), zh: '这不是巡检通导出的文件', en: 'This is not a file exported by Spotcheck' },
    { name: 'empty.json', bytes: Buffer.alloc(0), zh: '文件是空的（0 字节）', en: 'The file is empty (0 bytes)' },
    { name: 'half.json', bytes: whole.subarray(0, whole.length >> 1), zh: '文件不完整', en: 'The file is incomplete' },
    { name: 'longer.json', bytes: Buffer.concat([whole, Buffer.from('\n')]), zh: '文件末尾多出了内容', en: 'Something was added after the end' },
    { name: 'saved-by-an-editor.json', bytes: Buffer.from(JSON.stringify(JSON.parse(whole), null, 1)), zh: '不要用其他软件打开另存', en: 'not saved by another program' },
    { name: 'photo.json', bytes: (await readFile(photo)).subarray(0, 5000), zh: '这不是巡检通导出的文件', en: 'This is not a file exported by Spotcheck' },
  ];
  for (const { name, bytes } of files) await writeFile(join(folder, name), bytes);
  await page.goto(`${url}/office`);
  const before = await kept(page);
  for (const [language, key, title, nothing] of [
    ['中文', 'zh', '文件被拒收', '没有保存该文件的任何内容'],
    ['English', 'en', 'The file was refused', 'Nothing of this file was kept'],
  ]) {
    await speak(page, url, language);
    await app.choose(page.getByRole('button', { name: /选择文件|Choose files/ }), files.map(({ name }) => join(folder, name)));
    for (const { name, [key]: words } of files) {
      const card = page.getByRole('alert').filter({ hasText: name });
      await card.getByRole('heading', { name: title }).waitFor();
      if (name !== 'empty.json') await card.getByText(nothing).waitFor();
      await card.getByText(words).first().waitFor();
    }
  }
  assert.deepEqual(await kept(page), before);
  // The whole file still goes in.
  await app.choose(page.getByRole('button', { name: 'Choose files' }), paths);
  await app.importCard(basename(paths[0])).getByRole('heading', { name: 'Imported' }).waitFor();
  assertQuiet(browser);
  await browser.close();
});

test('files that are no photos are refused, in both languages, and everything else is kept', async (t) => {
  const { folder, browser, app, page, url } = await begin(t);
  const [good] = await photoFiles();
  const bad = await badPhotoFiles(folder);
  const check = await app.startCheck();
  await app.answer(1, '不符合');
  await app.item(1).getByLabel('问题描述').fill('示例问题');
  await app.addPhotos(app.item(1), '相册', [good]);
  for (const [language, camera, kept, words] of [
    ['中文', '拍照', '其他照片和填写内容都已保留', { notImage: '这个文件不是照片', empty: '这个文件是空的（0 字节）', truncated: '照片处理失败，可能文件已损坏', half: '照片处理失败，可能文件已损坏' }],
    ['English', 'Camera', 'All other photos and entries were kept', { notImage: 'This file is not a photo', empty: 'This file is empty (0 bytes)', truncated: 'could not be processed', half: 'could not be processed' }],
  ]) {
    await speak(page, url, language);
    const item = page.getByRole('article').first();
    await item.waitFor();
    for (const [kind, text] of Object.entries(words)) {
      await app.choose(item.locator('label').filter({ has: page.getByLabel(new RegExp(`^${camera}`)) }), [bad[kind]]);
      const toast = page.getByRole('status').filter({ hasText: text });
      await toast.waitFor({ timeout: 60_000 });
      assert.ok((await toast.innerText()).includes(kept));
      await toast.getByRole('button').click();
      await toast.waitFor({ state: 'detached' });
    }
    assert.equal(await item.getByRole('button', { name: /^(照片|Photo) \d/ }).count(), 1);
    assert.equal(await item.getByRole('textbox').first().inputValue(), '示例问题');
  }
  const { a } = await readShelves(page);
  assert.equal(Object.keys(a.blobs).length, 1, 'nothing of the others is stored');
  await page.goto(url + check.replace('check', 'record'));
  await page.getByText('Photos that fit their digests: 1').waitFor();
  assertQuiet(browser);
  await browser.close();
});

test('a position that is not allowed is told; the photo is kept without it', async (t) => {
  const { browser, app, page, url } = await begin(t);
  const [photo] = await photoFiles();
  const session = await browser.context.newCDPSession(page);
  await session.send('Browser.setPermission', { permission: { name: 'geolocation' }, setting: 'denied', origin: url });
  await app.startCheck();
  for (const [language, camera, note] of [
    ['中文', '拍照', '未允许定位，照片不带现场位置'],
    ['English', 'Camera', 'Location is not allowed; photos carry no position'],
  ]) {
    await speak(page, url, language);
    const item = page.getByRole('article').first();
    const before = await item.getByRole('button', { name: /^(照片|Photo) \d/ }).count();
    // As if taken just now: of older ones the place is not asked for.
    await utimes(photo, new Date(), new Date());
    await app.choose(item.locator('label').filter({ has: page.getByLabel(new RegExp(`^${camera}`)) }), [photo]);
    await page.getByRole('status').filter({ hasText: note }).waitFor();
    await item.getByRole('button', { name: /^(照片|Photo) \d/ }).nth(before).waitFor({ timeout: 60_000 });
  }
  assertQuiet(browser);
  await browser.close();
});

test('storage that is full: what is typed stays on the screen, is told as not saved, and is saved once there is room', async (t) => {
  const profile = await newProfile(t);
  const server = await serve();
  t.after(server.stop);
  const [photo] = await photoFiles();
  const open = async (limit) => {
    const browser = await openBrowser(profile);
    // Set before the page opens its databases: the browser asks for its limit only now and then.
    const session = await browser.context.newCDPSession(browser.page);
    const quota = (quotaSize) => session.send('Storage.overrideQuotaForOrigin', { origin: server.url, quotaSize });
    const usage = async () => (await session.send('Storage.getUsageAndQuota', { origin: server.url })).usage;
    if (limit) await quota(limit);
    return { browser, app: new Screens(browser.page), quota, usage };
  };
  const first = await open();
  await first.app.page.goto(server.url);
  await first.app.page.getByText('可离线使用').first().waitFor();
  const check = server.url + (await first.app.startCheck());
  await first.app.answer(1, '不符合');
  await first.app.item(1).getByLabel('问题描述').fill('存储满之前');
  await first.app.item(1).getByLabel('问题描述').blur();
  await first.app.saved();
  const usage = await first.usage();
  await first.browser.close();

  // Not quite full: the room that is kept for the last save lets it through.
  const second = await open(usage);
  await second.app.page.goto(check);
  let field = second.app.item(1).getByLabel('问题描述');
  await field.fill('最后一次保存');
  await field.blur();
  await second.app.saved();
  await second.browser.close();

  let text = '最后一次保存';
  for (const { language, unsaved, full, saved, waits } of [
    {
      language: '中文',
      unsaved: /未保存 \d+ 处/,
      full: '手机存储已满，最近的修改还没有保存，但仍在屏幕上',
      saved: /^已保存/,
      waits: '照片没有保存成功，正在重试',
    },
    {
      language: 'English',
      unsaved: /\d+ not saved/,
      full: 'Storage is full. The latest changes are not saved but still on the screen',
      saved: /^Saved/,
      waits: 'The photo could not be saved; trying again',
    },
  ]) {
    const { browser, app, quota } = await open(1);
    const { page } = app;
    await page.goto(server.url);
    await speak(page, server.url, language);
    await page.goto(check);
    const item = page.getByRole('article').first();
    const tiles = item.getByRole('button', { name: /^(照片|Photo) \d/ });
    field = item.getByRole('textbox').first();
    await field.waitFor();
    assert.equal(await field.inputValue(), text);
    const before = await tiles.count();
    text = `${language}：存储满时填写`;
    await field.fill(text);
    await field.blur();
    await app.banner.getByRole('status').filter({ hasText: unsaved }).waitFor();
    await page.getByRole('alert').filter({ hasText: full }).waitFor();
    assert.equal(await field.inputValue(), text);
    // A photo that can't be kept is told too; it waits, and takes nothing along.
    await app.choose(item.locator('label').filter({ has: page.getByLabel(/^(相册|Gallery)/) }), [photo]);
    await page.getByRole('status').filter({ hasText: waits }).waitFor({ timeout: 60_000 });
    assert.equal(await tiles.count(), before);
    await quota(undefined);
    await tiles.nth(before).waitFor();
    await app.banner.getByRole('status').filter({ hasText: saved }).waitFor();
    await page.goto(check);
    await tiles.nth(before).waitFor();
    assert.equal(await field.inputValue(), text);
    assertQuiet(browser);
    await browser.close();
  }
});

test('a browser that refuses to store: the app says so in both languages', async (t) => {
  const refuse = () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('refused by the test', 'SecurityError');
    };
  };
  const { browser, app, page, url } = await begin(t);
  await app.startCheck();
  await page.close();
  for (const [language, title, what, kept] of [
    ['中文', '暂时打不开本机数据', '浏览器不允许保存数据', '以前保存的内容仍在手机存储中'],
    ['English', "The data can't be opened now", 'The browser refuses to keep data', 'What was kept before is still in the phone'],
  ]) {
    const refused = await browser.context.newPage();
    await refused.goto(url);
    await speak(refused, url, language);
    await refused.addInitScript(refuse);
    await refused.goto(url);
    await refused.getByRole('heading', { name: title }).waitFor();
    await refused.getByText(what).waitFor();
    await refused.getByText(kept).waitFor();
    await refused.close();
  }
  const after = await browser.context.newPage();
  await after.goto(url);
  await after.getByText('示例商场有限公司').first().waitFor();
  assertQuiet(browser);
  await browser.close();
});

test('a browser that blocks all storage of the site: no white page, no silent work', async (t) => {
  const profile = await newProfile(t, 'blocked');
  await mkdir(join(profile, 'Default'), { recursive: true });
  // The browser's own setting "block all cookies", which blocks every storage.
  const settings = { profile: { default_content_setting_values: { cookies: 2 } } };
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(settings));
  const server = await serve();
  t.after(server.stop);
  const browser = await openBrowser(profile);
  await browser.page.goto(server.url);
  await browser.page.getByText(/不允许保存数据|暂时打不开本机数据|程序没有启动/).first().waitFor();
  // A person can't begin a check that could not be kept.
  assert.equal(await browser.page.getByRole('link', { name: '开始检查' }).count(), 0);
  await browser.close();
});

test('a second tab can only look, says so, and takes over when the first is closed', async (t) => {
  const { browser, app, page, url } = await begin(t);
  const check = await app.startCheck();
  await app.answer(1, '符合');
  await app.saved();
  const second = new Screens(await browser.context.newPage());
  await second.page.goto(url);
  await second.page.goto(`${url}/records`);
  await second.page.getByText('示例商场有限公司').first().waitFor();
  await second.page.goto(`${url}/office`);
  await second.page.getByText('另一个标签页正在使用本应用，这里只能查看').waitFor();
  assert.ok(await second.page.getByRole('button', { name: '选择文件' }).isDisabled());
  await second.page.goto(url + check);
  await second.verdict(2, '符合').click();
  await second.toast('另一个标签页正在使用本应用，这里只能查看').waitFor();
  await second.verdict(2, '符合').and(second.page.getByRole('button', { pressed: false })).waitFor();
  // The first one goes on undisturbed.
  await app.answer(4, '符合');
  await app.saved();
  await page.close();
  await second.item(4).waitFor();
  await second.pressed(4, '符合');
  await second.answer(6, '符合');
  await second.saved();
  assertQuiet(browser);
  await browser.close();
});

test('an update waits while a record is open, is offered afterwards, and loses nothing', async (t) => {
  const dist = await copyOfBuild(t);
  const { browser, app, page, url } = await begin(t, {}, dist);
  const check = await app.startCheck();
  await app.answer(1, '不符合');
  const field = app.item(1).getByLabel('问题描述');
  await nextVersion(dist, 'next');
  await field.fill('更新之前填写');
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update();
    const worker = registration.installing ?? registration.waiting;
    while (worker.state === 'installing') await new Promise((resolve) => worker.addEventListener('statechange', resolve, { once: true }));
  });
  await app.saved();
  assert.equal(await page.getByText('新版本已就绪').count(), 0, 'not while a record is open');
  assert.equal(await field.inputValue(), '更新之前填写');
  await app.banner.getByRole('link', { name: '返回' }).click();
  await page.getByText('新版本已就绪').waitFor();
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: '现在更新' }).click()]);
  await page.getByRole('link', { name: '我的' }).click();
  await page.getByText('next', { exact: true }).waitFor();
  await page.goto(url + check);
  await app.item(1).waitFor();
  assert.equal(await field.inputValue(), '更新之前填写');
  assertQuiet(browser);
  await browser.close();
});

test('the language changes at run time, and what is filled in stays as it is', async (t) => {
  const { browser, app, page, url } = await begin(t);
  const check = await app.startCheck();
  await app.answer(1, '不符合');
  await app.item(1).getByLabel('问题描述').fill('示例问题');
  await app.saved();
  const { a: before } = await readShelves(page);
  await page.goto(`${url}/me`);
  await page.getByRole('button', { name: 'English' }).click();
  // Without loading anything anew.
  await page.getByRole('navigation', { name: 'Main menu' }).getByRole('link', { name: 'Records' }).waitFor();
  await page.getByRole('heading', { level: 1, name: 'Me' }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
  await page.goto(url + check);
  const first = page.getByRole('article', { name: 'Registered; certificate, use mark and equipment agree' });
  await first.getByRole('button', { name: 'Fail', pressed: true }).waitFor();
  assert.equal(await first.getByLabel('What is wrong').inputValue(), '示例问题');
  const left = await page.evaluate(() => document.body.innerText.match(/[\p{Script=Han}]+/gu));
  // Only what people typed is Chinese, and units, which the content has in one language.
  const typed = '示例商场有限公司 1号客梯 中庭 示例问题 天 次';
  assert.deepEqual((left ?? []).filter((words) => !typed.includes(words)), []);
  assert.deepEqual((await readShelves(page)).a.changes, before.changes);
  assertQuiet(browser);
  await browser.close();
});
