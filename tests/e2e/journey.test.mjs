// The main job, end to end: a check on a phone without any signal becomes a verified record at the office.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { DESK, newProfile, openBrowser } from './lib/browser.mjs';
import { spotcheck } from './lib/cli.mjs';
import { PHOTOS, photoFiles } from './lib/photos.mjs';
import { assertQuiet, ATTENDANT, dayFromNow, ITEMS, keyOf, OFFICERS, SCRIBBLES, Screens, UNIT } from './lib/screens.mjs';
import { isClosed, serve } from './lib/server.mjs';
import { steps } from './lib/steps.mjs';
import { readChanges, readShelves } from './lib/stores.mjs';

const HERE = { latitude: 30.00125, longitude: 110.00425, accuracy: 8 };
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Loads the app once from the real server, waits until it says that it works offline, and ends the server. */
async function installOffline(t, profile, options) {
  const server = await serve();
  t.after(server.stop);
  const browser = await openBrowser(profile, options);
  await browser.page.goto(server.url);
  await browser.page.getByText('可离线使用').first().waitFor();
  await server.stop();
  assert.ok(await isClosed(server.port), 'the server is really gone');
  return { browser, url: server.url };
}

test('a check of an elevator without signal becomes a verified record at the office', async (t) => {
  const photos = await photoFiles();
  const folder = await mkdtemp(join(tmpdir(), 'spotcheck-journey-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const profile = await newProfile(t);
  const phone = { permissions: ['geolocation'], geolocation: HERE };
  let browser;
  let url;
  let app;
  let checkPath;
  let file;
  let recordId;
  let phoneRecord;
  let phoneChanges;
  const step = steps(t, () => browser);

  await step('the app is loaded once; then the server is stopped', async () => {
    ({ browser, url } = await installOffline(t, profile, phone));
    app = new Screens(browser.page);
  });

  await step('the officers, the unit with its credit code, and the elevator', async () => {
    await app.setOfficers(OFFICERS);
    await app.go('首页');
    await app.page.getByRole('link', { name: '开始检查' }).click();

    await app.at('选择单位');
    await app.page.getByRole('button', { name: '新增单位' }).click();
    await app.fill('统一社会信用代码', '91130227MA0TE5T081');
    await app.page.getByRole('status').filter({ hasText: '校验不符，按前 17 位末位应为“8”' }).waitFor();
    await app.fill('统一社会信用代码', '91130227MA0TE5T0O8');
    await app.page.getByRole('status').filter({ hasText: '第 17 位不会是“O”' }).waitFor();
    await app.fill('统一社会信用代码', UNIT.uscc);
    await app.page.getByRole('status').filter({ hasText: /不会是|校验不符/ }).waitFor({ state: 'detached' });
    await app.page.getByRole('button', { name: '保存' }).click();
    await app.page.getByText('请填写单位名称').waitFor();
    await app.page.getByRole('button', { name: '取消' }).click();

    await app.addUnit(UNIT);
    // No code and no type: then every item is asked.
    await app.addElevator({ name: '1号客梯', place: '中庭', maintainer: '示例电梯维保有限公司' });
    assert.equal(await app.page.getByLabel('检查人员一 · 姓名').inputValue(), OFFICERS.officer[0]);
    assert.equal(await app.page.getByLabel('检查人员二 · 执法证号').inputValue(), OFFICERS.partner[1]);
    await app.begin('王示例 安全管理员');
    checkPath = new URL(app.page.url()).pathname;
    recordId = checkPath.split('/').pop();
    assert.equal(await app.page.getByRole('article').count(), ITEMS.length);
    assert.equal(await app.page.getByText('按设备情况不适用').count(), 0);
  });

  await step('the first half: failures with phrases, grade and deadline, a rest set to pass and undone, photos', async () => {
    await app.answer(1, '不符合');
    const first = await app.phrase(1, 0);
    assert.equal(await app.item(1).getByLabel('问题描述').inputValue(), first);
    await app.fillBlanks(1);
    await app.item(1).getByRole('group', { name: '隐患等级' }).getByRole('button', { name: '严重' }).click();
    await app.item(1).getByRole('group', { name: '整改期限' }).getByRole('button', { name: '15 天' }).click();
    assert.equal(await app.item(1).getByLabel('整改期限').last().inputValue(), dayFromNow(15));
    await app.answer(2, '符合');
    await app.date(3, dayFromNow(200));
    await app.pressed(3, '符合');
    await app.answer(4, '符合');
    await app.answer(5, '不适用');
    await app.number(7, '18');
    await app.pressed(7, '不符合');
    await app.phrase(7, 0);
    await app.fillBlanks(7);
    await app.item(7).getByRole('group', { name: '整改期限' }).getByRole('button', { name: '7 天' }).click();

    // One tap for what is left of a section, and one to take it back.
    const section = app.page.getByRole('button', { name: '其余全部符合' }).first();
    await section.click();
    for (const number of [6, 8, 9, 10]) await app.pressed(number, '符合');
    await app.toast('已将 4 项设为符合').getByRole('button', { name: '撤销' }).click();
    for (const number of [6, 8, 9, 10]) await app.item(number).getByRole('button', { name: '符合', exact: true, pressed: false }).waitFor();
    await section.click();
    for (const number of [6, 8, 9, 10]) await app.pressed(number, '符合');
    await app.pressed(1, '不符合');

    await app.answer(11, '符合');
    await app.answer(12, '不符合');
    await app.phrase(12, 0);
    await app.fillBlanks(12);

    // One that the camera makes now; and an old picture behind the camera button, as some browsers allow.
    await utimes(photos[0], new Date(), new Date());
    await app.addPhotos(app.item(1), '拍照', [photos[0]]);
    const before = new Date(Date.now() - 3_600_000);
    await utimes(photos[1], before, before);
    await app.addPhotos(app.item(1), '拍照', [photos[1]]);
    await app.addPhotos(app.item(12), '相册', photos.slice(2, 5));
    await app.addPhotos(app.recordPhotos, '相册', [photos[5]]);
  });

  await step('a caption and a circle on one photo; one photo deleted and brought back', async () => {
    await app.photos(app.item(12)).first().click();
    await app.viewer.getByLabel('说明').fill('关门受阻时层门没有重新开启');
    await app.viewer.getByRole('button', { name: '圈画' }).click();
    const picture = app.viewer.getByRole('img', { name: '查看照片' });
    await picture.waitFor();
    await app.stroke(picture, [[0.3, 0.3], [0.35, 0.35], [0.5, 0.5], [0.6, 0.55]]);
    await app.viewer.getByRole('button', { name: '画好了' }).click();
    await app.viewer.getByRole('button', { name: '关闭' }).click();
    await app.viewer.waitFor({ state: 'hidden' });
    await app.saved();
    await app.item(12).getByRole('button', { name: /^照片 \d+ 关门受阻时层门没有重新开启/ }).waitFor();

    await app.photos(app.item(1)).last().click();
    await app.viewer.getByRole('button', { name: '删除' }).click();
    await app.photos(app.item(1)).nth(1).waitFor({ state: 'detached' });
    await app.toast('已删除照片').getByRole('button', { name: '撤销' }).click();
    await app.photos(app.item(1)).nth(1).waitFor();
    await app.saved();
    assert.equal(await app.photos(app.page).count(), 6);
  });

  await step('killed half-way: everything is back at the same item, still without a server', async () => {
    await app.item(12).getByLabel('整改要求').focus();
    await app.item(12).getByLabel('整改要求').fill('立即停用，维修后报请复查');
    await app.saved();
    const before = await app.answers();
    assertQuiet(browser);
    await browser.killHard();

    browser = await openBrowser(profile, phone);
    app = new Screens(browser.page);
    await app.page.goto(url);
    await app.page.waitForURL(`${url}${checkPath}?item=${keyOf(ITEMS[11])}`);
    await app.item(12).waitFor();
    await app.page.waitForFunction((id) => {
      const box = document.getElementById(id).getBoundingClientRect();
      return box.top < innerHeight && box.bottom > 0 && document.getElementById(id).contains(document.activeElement);
    }, keyOf(ITEMS[11]));
    await app.saved();
    await app.photos(app.page).nth(5).waitFor();
    assert.deepEqual(await app.answers(), before);
  });

  await step('the second half', async () => {
    await app.page.getByRole('button', { name: /^下一未答/ }).click();
    await app.answer(13, '符合');
    await app.number(14, '5');
    await app.answer(14, '符合');
    await app.answer(15, '符合');
    await app.answer(16, '不适用');
    await app.date(17, dayFromNow(90));
    await app.pressed(17, '符合');
    await app.answer(18, '符合');
    await app.answer(19, '不适用');
    await app.item(20).getByRole('radio', { name: '≥400mm' }).check();
    await app.pressed(20, '符合');
    await app.answer(21, '不适用');
    await app.number(22, '3');
    await app.pressed(22, '符合');
    await app.number(23, '0');
    await app.answer(23, '符合');

    // What is missing is listed, one tap away.
    await app.page.getByRole('link', { name: '去完成' }).click();
    await app.at('完成检查');
    await app.page.getByRole('link', { name: '第 24 项未作答' }).click();
    for (let number = 24; number <= ITEMS.length; number += 1) await app.answer(number, '符合');
    await app.page.getByText(`${ITEMS.length}/${ITEMS.length} 项`).first().waitFor();
    await app.page.getByText('不符合 3').first().waitFor();
    await app.saved();
    await app.page.getByRole('link', { name: '去完成' }).click();
  });

  await step('conclusion and three signatures, the phone turned while signing', async () => {
    await app.at('完成检查');
    assert.ok(await app.page.getByRole('button', { name: '签封记录' }).isDisabled());
    await app.page.getByRole('radio', { name: '责令限期改正' }).check();
    await app.page.getByText('有严重或重大隐患，一般应责令停止使用').waitFor();
    await app.page.getByRole('radio', { name: '责令停止使用' }).check();
    await app.page.getByRole('button', { name: '无异议' }).click();
    await app.saved();

    await app.sign('检查人员一', async (pad) => {
      await app.stroke(pad, SCRIBBLES[0]);
      await app.stroke(pad, SCRIBBLES[1]);
      // Strokes are drawings and have no role.
      assert.equal(await pad.locator('path').count(), 2);
      const upright = await pad.locator('path').first().getAttribute('d');
      await app.page.setViewportSize({ width: 740, height: 360 });
      await pad.waitFor();
      assert.equal(await pad.locator('path').count(), 2, 'strokes survive the turn');
      assert.equal(await pad.locator('path').first().getAttribute('d'), upright);
      await app.stroke(pad, SCRIBBLES[2]);
      assert.equal(await pad.locator('path').count(), 3);
      await app.page.setViewportSize({ width: 360, height: 740 });
      assert.equal(await pad.locator('path').count(), 3);
    });
    for (const who of ['检查人员二', ATTENDANT]) {
      await app.sign(who, async (pad) => {
        for (const points of SCRIBBLES) await app.stroke(pad, points);
      });
    }
    await app.page.getByText('内容齐全，可以签封').waitFor();
    assert.equal(await app.page.getByText('已签', { exact: true }).count(), 3);
  });

  await step('sealed; then only an amendment with a reason', async () => {
    await app.page.getByRole('button', { name: '签封记录' }).click();
    await app.page.waitForURL(`${url}/record/${recordId}`);
    await app.verified();
    // What is sealed is not opened for writing any more.
    await app.page.goto(`${url}${checkPath}`);
    await app.page.waitForURL(`${url}/record/${recordId}`);

    await app.page.getByRole('button', { name: '更正', exact: true }).click();
    const sheet = app.page.getByRole('dialog', { name: '更正' });
    await sheet.getByLabel('更正哪一项').selectOption({ index: 1 });
    await sheet.getByRole('group', { name: '更正哪个内容' }).getByRole('button', { name: '整改期限' }).click();
    await sheet.getByLabel('整改期限', { exact: true }).fill(dayFromNow(10));
    await sheet.getByRole('button', { name: '保存更正' }).click();
    await sheet.getByText('请写明更正原因').waitFor();
    await sheet.getByLabel(/更正原因/).fill('经复核，整改期限应为10日');
    await sheet.getByRole('button', { name: '保存更正' }).click();
    await sheet.waitFor({ state: 'hidden' });
    await app.page.getByText('签封后有更正').first().waitFor();
    await app.verified();
    await app.page.getByText('2 个签封有效').waitFor();
    await app.page.getByText('6 张照片与摘要一致').waitFor();
    phoneRecord = await app.recordText();
    assert.match(phoneRecord['历史'], /原因：经复核，整改期限应为10日/);
    phoneChanges = await readChanges(app.page);
  });

  await step('printed', () => checkPrint(app, `${url}/record/${recordId}/print`));

  await step('exported; the program finds nothing wrong and takes the photos out', async () => {
    await app.page.goto(`${url}/export`);
    await app.page.getByText('已选 1 份').waitFor();
    [file] = await app.exportTo(folder);
    await app.page.getByText('导出 · 提交').waitFor();

    const verified = await spotcheck('verify', file);
    assert.equal(verified.code, 0, verified.out + verified.err);
    const out = join(folder, 'extracted');
    const extracted = await spotcheck('extract', file, out);
    assert.equal(extracted.code, 0, extracted.err);

    const bundle = JSON.parse(await readFile(file, 'utf8'));
    assert.equal(bundle.photos.length, 6);
    const taken = (await readdir(out)).filter((name) => name.endsWith('.jpg'));
    const digests = await Promise.all(taken.map(async (name) => sha256(await readFile(join(out, name)))));
    const { a, b } = await readShelves(app.page);
    assert.deepEqual(digests.sort(), Object.keys(a.blobs).sort(), 'byte for byte what the phone keeps');
    for (const shelf of [a, b]) assert.deepEqual(Object.values(shelf.blobs), Object.keys(shelf.blobs));
    await checkPhotos(bundle, photos);
    assertQuiet(browser);
    await browser.close();
  });

  await step('the office imports it: answers, photos, signatures and history are equal', async () => {
    ({ browser, url } = await installOffline(t, await newProfile(t, 'office'), { size: DESK, touch: false }));
    app = new Screens(browser.page);
    await app.go('办公室');
    await app.import([file]);
    const card = app.importCard(basename(file));
    await card.getByRole('heading', { name: '已导入' }).waitFor({ timeout: 60_000 });
    await card.getByText('新收 6 张，已有 0 张').waitFor();
    await card.getByRole('link', { name: new RegExp(`${UNIT.name}.*现场检查.*新收`) }).click();
    await app.page.waitForURL(`${url}/record/${recordId}`);
    await app.verified();
    await app.page.getByText('2 个签封有效').waitFor();
    await app.page.getByText('6 张照片与摘要一致').waitFor();
    const { 内容: content, 历史: history, 签封: seals } = await app.recordText();
    assert.deepEqual({ 内容: content, 历史: history, 签封: seals }, phoneRecord);

    const officeChanges = await readChanges(app.page);
    // The unit and the lift were entered on the phone: they came along.
    assert.deepEqual(officeChanges, phoneChanges);
    const { a, b } = await readShelves(app.page);
    const named = JSON.parse(await readFile(file, 'utf8')).photos.map((photo) => photo.sha256).sort();
    for (const shelf of [a, b]) {
      assert.deepEqual(Object.keys(shelf.blobs).sort(), named);
      assert.deepEqual(Object.values(shelf.blobs), Object.keys(shelf.blobs));
    }
  });

  await step('imported again, nothing changes', async () => {
    const before = await readShelves(app.page);
    await app.go('办公室');
    await app.import([file]);
    await app.importCard(basename(file)).getByRole('heading', { name: '全部已有，没有重复入库' }).waitFor({ timeout: 60_000 });
    const after = await readShelves(app.page);
    for (const table of ['changes', 'blobs', 'records', 'thumbs']) {
      assert.deepEqual(after.a[table], before.a[table], table);
      assert.deepEqual(after.b[table], before.b[table], table);
    }
  });

  await step('one byte changed at 200 places: each file is refused with the place, and nothing is stored', async () => {
    await refuseFlips(app, file, join(folder, 'flips'));
    assertQuiet(browser);
    await browser.close();
  });
});

/** What the record says of each photo against the file that the camera made. */
async function checkPhotos(bundle, paths) {
  const { state } = bundle.records.find((record) => record.kind === 'inspection');
  const metas = Object.entries(state).filter(([path]) => /^photos\/[^/]+$/.test(path)).map(([, meta]) => meta);
  const names = new Map(metas.map((meta) => [meta.original.name, meta]));
  for (const [index, photo] of PHOTOS.entries()) {
    const meta = names.get(photo.name);
    const bytes = await readFile(paths[index]);
    assert.equal(meta.original.sha256, sha256(bytes));
    assert.deepEqual([meta.original.width, meta.original.height, meta.original.size_bytes], [4000, 3000, bytes.length]);
    assert.equal(meta.taken_at, `${photo.taken.slice(0, 10).replaceAll(':', '-')}T${photo.taken.slice(11)}+08:00`);
    // The file's own account of the place stands beside the device's, or alone.
    const told = meta.exif_position ?? meta.position;
    assert.equal(told.from, 'exif');
    assert.ok(Math.abs(told.lat - photo.lat) < 1e-5 && Math.abs(told.lon - photo.lon) < 1e-5);
    const sideways = [6, 8].includes(photo.orientation);
    assert.equal(meta.height > meta.width, sideways, `${photo.name} stands upright`);
    assert.equal(meta.source, ['camera', 'unknown'][index] ?? 'gallery');
  }
  // Only of what was taken now it is known where the phone was.
  const { position } = names.get(PHOTOS[0].name);
  assert.deepEqual([position.lat, position.lon, position.accuracy_m, position.from], [HERE.latitude, HERE.longitude, HERE.accuracy, 'device']);
}

/** The paper: what must stand on it, and how many pages it is. */
async function checkPrint(app, address) {
  await app.page.goto(address);
  await app.page.getByRole('status').filter({ hasText: '可以打印' }).waitFor({ timeout: 60_000 });
  const paper = app.page.getByRole('article');
  const text = await paper.innerText();
  const wanted = ['特种设备安全监督检查记录', OFFICERS.bureau, UNIT.name, UNIT.uscc, '张示例', '李示例', '王示例', '责令停止使用', '无异议', '签封后的更正'];
  for (const words of [...wanted, ...ITEMS.map((item) => item.text_zh)]) assert.ok(text.includes(words), words);
  assert.equal(await paper.getByRole('figure').count(), 6);
  const pdf = (await app.page.pdf({ format: 'A4', preferCSSPageSize: true, printBackground: true })).toString('latin1');
  const pages = pdf.match(/\/Type\s*\/Page\b/g).length;
  assert.ok(pages >= 3 && pages <= 12, `${pages} pages`);
  assert.match(pdf, /\/MediaBox\s*\[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]/);
}

/** 200 places over the whole file: every kind of line is hit. */
async function refuseFlips(app, file, folder) {
  const bytes = await readFile(file);
  const lines = lineStarts(bytes);
  const places = new Set();
  // A few in each line, then evenly over all.
  for (const [from, to] of lines) for (const part of [0.02, 0.5, 0.98]) places.add(Math.floor(from + (to - from - 1) * part));
  for (let index = 0; places.size < 200; index += 1) places.add(Math.floor((bytes.length * ((index * 0.618034) % 1))));
  const before = await readShelves(app.page);
  const found = [];
  await mkdir(folder);
  const all = [...places].slice(0, 200).sort((one, other) => one - other);
  // In batches, so that not all copies lie on the disk at a time.
  for (let start = 0; start < all.length; start += 20) {
    const batch = all.slice(start, start + 20).map((place) => ({ place, path: join(folder, `flip-${place}.json`) }));
    for (const { place, path } of batch) {
      const copy = Buffer.from(bytes);
      copy[place] ^= 1 << (place % 7);
      await writeFile(path, copy);
    }
    await app.import(batch.map(({ path }) => path));
    for (const { place, path } of batch) {
      const card = app.page.getByRole('alert').filter({ hasText: basename(path) });
      await card.getByRole('heading', { name: '文件被拒收' }).waitFor({ timeout: 120_000 });
      const words = await card.innerText();
      assert.match(words, /没有保存该文件的任何内容/);
      found.push({ place, at: /位置\s+(.+)/.exec(words)?.[1], code: /代码\s+(\w+)/.exec(words)?.[1] });
    }
    for (const { place, path } of batch) {
      const { code, out, err } = await spotcheck('verify', path);
      assert.equal(code, 1, `the program refuses byte ${place}`);
      assert.ok((out + err).includes(found.find((one) => one.place === place).at), `the program names the place of byte ${place}: ${out}${err}`);
      await rm(path);
    }
  }
  assert.equal(found.length, 200);
  assert.deepEqual(await readShelves(app.page), before, 'nothing is stored');
  for (const { place, at, code } of found) {
    assert.ok(at && code, `byte ${place} has a place and a code`);
    const line = lines.findIndex(([from, to]) => place >= from && place < to);
    const section = sectionOf(bytes, lines[line]);
    if (section && !/^byte/.test(at)) assert.ok(at.startsWith(section) || at.startsWith('seal'), `byte ${place} of ${section} is told as ${at}`);
  }
}

/** First byte and end of each line. */
function lineStarts(bytes) {
  const lines = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(10, from) + 1 || bytes.length;
    lines.push([from, end]);
    from = end;
  }
  return lines;
}

/** What a line holds: `records`, `photos` or neither. */
function sectionOf(bytes, [from]) {
  const photosAt = bytes.indexOf('],"photos":[');
  const first = bytes.indexOf(10) + 1;
  if (from >= first && from < photosAt) return 'records';
  return from > photosAt && bytes[from] === 123 ? 'photos' : undefined;
}

test('the attendant refuses to sign: reason and witness stand in the record', async (t) => {
  const { browser, url } = await installOffline(t, await newProfile(t));
  const app = new Screens(browser.page);
  const check = await app.startCheck();
  await app.page.goto(`${url}${check}/finish`);
  await app.page.getByRole('button', { name: `${ATTENDANT}签名` }).waitFor();
  await app.page.getByRole('button', { name: '对方拒绝签名' }).click();
  const sheet = app.page.getByRole('dialog', { name: '对方拒绝签名' });
  await sheet.getByRole('button', { name: '保存' }).click();
  await sheet.getByText('请写明原因，并填写见证人或勾选').waitFor();
  await sheet.getByRole('group', { name: '拒签原因和情形' }).getByRole('button').first().click();
  const field = sheet.getByRole('textbox', { name: '拒签原因和情形' });
  const words = (await field.inputValue()).replaceAll(/_{2,}/g, '3');
  assert.ok(words.length > 3);
  await field.fill(words);
  await sheet.getByRole('button', { name: '保存' }).click();
  await sheet.getByText('请写明原因，并填写见证人或勾选').waitFor();
  await sheet.getByLabel('见证人', { exact: false }).first().fill('赵示例 示例社区居委会');
  await sheet.getByRole('button', { name: '保存' }).click();
  await sheet.waitFor({ state: 'hidden' });
  await app.saved();
  await app.page.getByText('拒绝签名', { exact: true }).waitFor();
  // The others still have to sign; the attendant does not.
  await app.page.getByRole('button', { name: '检查人员一签名' }).waitFor();
  assert.equal(await app.page.getByRole('button', { name: `${ATTENDANT}签名` }).count(), 0);
  const changes = await readChanges(app.page);
  const refusal = changes.find((change) => change.path === 'signatures/attendant');
  assert.equal(refusal.value.refused, true);
  assert.equal(refusal.value.reason, words);
  assert.equal(refusal.value.witness, '赵示例 示例社区居委会');
  assertQuiet(browser);
  await browser.close();
});
