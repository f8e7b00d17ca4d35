// An order becomes a paper: made from the step, filled in, issued with a number, printed, read back, corrected, accounted for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newProfile, openBrowser } from './lib/browser.mjs';
import { Papers } from './lib/papers.mjs';
import { photoFiles } from './lib/photos.mjs';
import { assertQuiet, OFFICERS } from './lib/screens.mjs';
import { serve } from './lib/server.mjs';
import { steps } from './lib/steps.mjs';

const UNIT = '示例商场有限公司';
const FINDING = '三号客梯轿门门锁失效，仍在使用';
const ORDER = '立即停止使用，更换门锁并经检验合格';
const WRIT = '特种设备安全监察指令书';

test('an order is made, issued, printed, corrected and accounted for', async (t) => {
  const server = await serve();
  t.after(server.stop);
  const { url } = server;
  const browser = await openBrowser(await newProfile(t), { reducedMotion: 'reduce' });
  const app = new Papers(browser.page);
  const step = steps(t, () => browser);
  const photos = await photoFiles();
  let first;
  let number;

  await step('a hazard is registered and ordered to be corrected', async () => {
    await app.page.goto(url);
    await app.page.getByText('可离线使用').first().waitFor();
    await app.setOfficers(OFFICERS);
    await server.stop();
    await app.page.goto(`${url}/cases/hazard/new`);
    await app.at('登记事故隐患');
    await app.page.getByLabel('单位名称').fill(UNIT);
    await app.page.getByRole('button', { name: '开始', exact: true }).click();
    await app.at('填写基本情况');
    await app.write('隐患情况', FINDING);
    await app.write('违反的规定', '《特种设备安全法》第三十九条');
    await app.page.getByRole('button', { name: '现在' }).first().click();
    await app.photo('整改前照片', [photos[0]]);
    await app.yes('是否严重事故隐患', '否');
    await app.yes('是否重大事故隐患', '否');
    await app.saved();
    await app.page.getByRole('link', { name: '完成' }).click();
    await app.at('事故隐患');
    await app.beginStep('下达指令');
    await app.tick('处理措施', ['限期改正']);
    await app.write('指令内容', ORDER);
    await app.page.getByRole('button', { name: '7 天后' }).click();
    await app.page.getByLabel(/^单位签收人 · 姓名/).fill('王示例');
    for (const who of ['检查人员一签名', '检查人员二签名', '单位签收']) await app.signFor(who);
    await app.finish('下达指令');
  });

  await step('the writ is made from the order and takes over what was said', async () => {
    await app.make(WRIT);
    assert.equal(await app.page.getByLabel(/^使用单位/).inputValue(), UNIT);
    assert.equal(await app.page.getByLabel(/^指令内容/).inputValue(), ORDER);
    await app.write('住所（经营场所）', '示例县示例路1号');
    await app.write('违反的规定', '《特种设备使用管理规则》第2.7条');
    await app.page.getByRole('button', { name: '预览' }).click();
    await app.page.getByText('草稿，未签发').waitFor();
    await app.page.getByRole('button', { name: '填写' }).click();
    for (const who of ['安全监察人员一', '安全监察人员二', '当事人签名']) await app.signAgain(who);
    await app.saved();
  });

  await step('issued with a number of this device, and nothing more can be typed', async () => {
    await app.issueByOwnNumber('示市');
    first = new URL(app.page.url()).pathname;
    number = await app.page.getByText(/^示市监特令〔\d{4}〕[0-9A-Z]{4,13}-1号$/).first().textContent();
    assert.equal(await app.page.getByLabel(/^指令内容/).count(), 0);
  });

  await step('the print says everything, on numbered pages', async () => {
    const pages = await app.printed();
    app.says(pages, OFFICERS.bureau, WRIT, number, UNIT, FINDING, ORDER, '第六十二条', '前改正完毕', OFFICERS.officer[0], OFFICERS.partner[0]);
    app.numbered(pages);
    assert.ok(pages.length <= 4, `${pages.length} pages`);
    assert.ok(!pages.join('').includes('草稿'));
  });

  await step('served, and the proof of service is printed', async () => {
    await app.page.getByRole('button', { name: '登记送达' }).click();
    const sheet = app.page.getByRole('dialog', { name: '登记送达' });
    await sheet.getByRole('radio', { name: '直接送达' }).check();
    await sheet.getByRole('button', { name: '今天' }).click();
    await sheet.getByLabel(/^收件人/).first().fill('王示例');
    await sheet.getByRole('button', { name: '保存' }).click();
    await app.toast('已登记送达').waitFor();
    await app.page.getByRole('button', { name: '送达回证', exact: true }).click();
    const pages = await app.printed();
    app.says(pages, '送达回证', number, UNIT, '直接送达', '王示例');
    assert.equal(await app.page.getByText('签发后记录被改动').count(), 0);
  });

  await step('a correction is a new document that names the old one', async () => {
    await app.page.getByRole('button', { name: '更正', exact: true }).click();
    const sheet = app.page.getByRole('dialog', { name: '更正' });
    await sheet.getByLabel('理由').fill('地址写错');
    await sheet.getByRole('button', { name: '更正', exact: true }).click();
    await app.page.waitForURL((now) => now.pathname.startsWith('/doc/') && now.pathname !== first);
    await app.write('住所（经营场所）', '示例县示例路11号');
    // The short name of the bureau is known by now.
    await app.issueByOwnNumber();
    const pages = await app.printed();
    app.says(pages, number.replace('-1号', '-2号'), '地址写错', number);
    await app.page.goto(url + first);
    await app.page.getByText('已更正', { exact: true }).waitFor();
    app.says(await app.printed(), `已由${number.replace('-1号', '-2号')}更正`, number);
  });

  await step('the register accounts for both', async () => {
    await app.page.goto(`${url}/documents`);
    const series = app.page.getByRole('region', { name: new RegExp(WRIT) });
    await series.getByText('已用 2').waitFor();
    await series.getByText(number).waitFor();
    await series.getByText(number.replace('-1号', '-2号')).waitFor();
    assert.equal(await series.getByText(/^(缺号|重号) \d/).count(), 0);
    assertQuiet(browser, [/ERR_CONNECTION_REFUSED/]);
  });
});
