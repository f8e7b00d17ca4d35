// From a failed item to closure: hazards of a check, graded, ordered, reported, re-inspected by others on a second phone.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { newProfile, openBrowser } from './lib/browser.mjs';
import { Cases } from './lib/cases.mjs';
import { photoFiles } from './lib/photos.mjs';
import { assertQuiet, dayFromNow, ITEMS, OFFICERS } from './lib/screens.mjs';
import { serve } from './lib/server.mjs';
import { steps } from './lib/steps.mjs';

const OTHERS = { ...OFFICERS, officer: ['赵示例', 'SL000003'], partner: ['钱示例', 'SL000004'] };

test('a hazard goes from the failed item to closure on two phones', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'spotcheck-hazard-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const server = await serve();
  t.after(server.stop);
  const { url } = server;
  const browser = await openBrowser(await newProfile(t), { reducedMotion: 'reduce' });
  let app = new Cases(browser.page);
  const step = steps(t, () => others ?? browser);
  const photos = await photoFiles();
  let check;
  let hazard;
  let file;
  let others;

  await step('a check with one failure is sealed', async () => {
    await app.page.goto(url);
    await app.page.getByText('可离线使用').first().waitFor();
    await app.setOfficers(OFFICERS);
    await server.stop();
    await app.page.getByRole('navigation').getByRole('link', { name: '首页' }).click();
    check = await app.startCheck();
    await app.date(3, dayFromNow(200));
    await app.number(7, '10');
    await app.number(14, '5');
    await app.date(17, dayFromNow(200));
    await app.number(23, '0');
    const rest = app.page.getByRole('button', { name: '其余全部符合' });
    while ((await rest.count()) > 0) await rest.first().click();
    for (const number of [14, 23]) await app.answer(number, '符合');
    await app.answer(12, '不符合');
    await app.phrase(12, 0);
    await app.fillBlanks(12);
    await app.addPhotos(app.item(12), '相册', [photos[0]]);
    await app.page.getByText(`${ITEMS.length}/${ITEMS.length} 项`).first().waitFor();
    await app.saved();
    await app.page.getByRole('link', { name: '去完成' }).click();
    await app.page.getByRole('radio', { name: '责令限期改正' }).check();
    for (const who of ['检查人员一', '检查人员二', '被检查单位有关负责人或其委托人']) await app.signFor(who);
    await app.page.getByText('内容齐全，可以签封').waitFor();
    await app.page.getByRole('button', { name: '签封记录' }).click();
    await app.page.waitForURL(url + check.replace('check', 'record'));
  });

  await step('the failure becomes a hazard with its facts and photo', async () => {
    await app.page.getByRole('button', { name: '登记 1 项隐患' }).click();
    await app.toast('已登记 1 项隐患').waitFor();
    const hazards = app.page.getByRole('region', { name: '本次检查的隐患' });
    await hazards.getByRole('listitem').getByRole('link').click();
    await app.at('事故隐患');
    hazard = new URL(app.page.url()).pathname;
    await app.stands('已发现，待处理');
    await app.page.getByRole('link', { name: '填写基本情况' }).first().click();
    await app.at('填写基本情况');
    assert.ok((await app.page.getByLabel(/^隐患情况/).inputValue()).length > 0);
    assert.equal(await app.photos(app.group('整改前照片')).count(), 1);
    await app.yes('是否严重事故隐患', '是');
    await app.group('严重事故隐患情形').getByRole('checkbox').first().check();
    await app.yes('是否重大事故隐患', '否');
    await app.write('定级理由', '安全部件失灵，影响使用安全');
    await app.saved();
    await app.page.getByRole('link', { name: '完成' }).click();
    await app.at('事故隐患');
  });
  await step('ordered, signed for by the unit', async () => {
    await app.beginStep('下达指令');
    await app.tick('处理措施', ['限期改正', '停止使用']);
    await app.write('指令内容', '立即停止使用，七日内更换');
    await app.page.getByRole('button', { name: '7 天后' }).click();
    await app.page.getByLabel(/^单位签收人 · 姓名/).fill('王示例');
    for (const who of ['检查人员一签名', '检查人员二签名', '单位签收']) await app.signFor(who);
    await app.finish('下达指令');
    await app.stands('整改中');
    await app.page.getByText('还有 7 天').first().waitFor();
    await app.page.getByRole('link', { name: '导出，交给办公室或其他手机' }).click();
    [file] = await app.exportTo(folder);
    assertQuiet(browser, [/ERR_CONNECTION_REFUSED/]);
  });

  await step('other inspectors take it over on their phone, and the report comes in', async () => {
    const second = await serve();
    t.after(second.stop);
    others = await openBrowser(await newProfile(t, 'second'), { reducedMotion: 'reduce' });
    app = new Cases(others.page);
    await app.page.goto(second.url);
    await app.page.getByText('可离线使用').first().waitFor();
    await app.setOfficers(OTHERS);
    await app.page.goto(`${second.url}/office`);
    await app.import([file]);
    await app.importCard(basename(file)).getByRole('heading', { name: '已导入' }).waitFor();
    await app.page.goto(`${second.url}/cases/hazard`);
    await app.page.getByRole('link', { name: /关门|门/ }).first().click();
    await app.at('事故隐患');
    await app.stands('整改中');
    await app.beginStep('收到整改报告');
    await app.page.getByRole('button', { name: '今天' }).click();
    await app.photo('整改报告照片', [photos[1]]);
    await app.finish('收到整改报告');
    await app.stands('已报告整改，待复查');
  });

  await step('re-inspected, signed and closed; photos before and after stand side by side', async () => {
    await app.beginStep('复查合格，销号');
    await app.page.getByRole('button', { name: '今天' }).click();
    await app.yes('复查方式', '现场检查');
    await app.write('复查情况', '已更换门锁，动作正常');
    await app.photo('整改后照片', [photos[2]]);
    await app.yes('严重、重大隐患是否已上报', '已按规定上报');
    await app.page.getByLabel(/^单位签收人 · 姓名/).fill('王示例');
    for (const who of ['复查人员一签名', '复查人员二签名', '单位签收']) await app.signFor(who);
    await app.finish('复查合格，销号');
    await app.stands('已销号');
    const both = app.page.getByRole('region', { name: '整改前后对照' });
    assert.equal(await app.photos(both).count(), 2);
    const steps = app.page.getByRole('region', { name: '办理经过' }).getByRole('listitem');
    assert.equal(await steps.filter({ has: app.page.locator('details') }).count(), 3);
    await app.page.getByRole('link', { name: '记录与核验' }).click();
    await app.verified();
    await app.page.goBack();
    await app.at('事故隐患');
    await app.page.getByRole('link', { name: '导出，交给办公室或其他手机' }).click();
    [file] = await app.exportTo(folder);
    assertQuiet(others);
  });

  await step('the office takes the closed one in', async () => {
    app = new Cases(browser.page);
    await app.page.goto(`${url}/office`);
    await app.import([file]);
    await app.importCard(basename(file)).getByRole('heading', { name: '已导入' }).waitFor();
    await app.page.goto(url + hazard);
    await app.stands('已销号');
    await app.page.goto(`${url}/cases/hazard`);
    await app.page.getByRole('heading', { name: '没有符合条件的记录' }).waitFor();
    await app.page.getByRole('button', { name: '已办结' }).click();
    await app.page.getByRole('listitem').getByText('已销号').waitFor();
  });
});
