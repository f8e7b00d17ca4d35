// What a check is for, from the failed item to closure: a safety valve of a boiler, graded, ordered, on paper, put right,
// re-inspected by others on a second phone, and closed at the office. Once with the unit's signatures and once without them.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { answerAll, card, LISTS } from './lib/answers.mjs';
import { DESK, newProfile, openBrowser } from './lib/browser.mjs';
import { spotcheck } from './lib/cli.mjs';
import { Papers } from './lib/papers.mjs';
import { photoFiles } from './lib/photos.mjs';
import { assertQuiet, ATTENDANT, dayFromNow, OFFICERS, UNIT } from './lib/screens.mjs';
import { serve } from './lib/server.mjs';
import { steps } from './lib/steps.mjs';
import { csv, line } from './lib/tables.mjs';

const OTHERS = { ...OFFICERS, officer: ['赵示例', 'SL000003'], partner: ['钱示例', 'SL000004'] };
const WITNESS = '孙示例 示例社区居委会';
const BOILER = { 设备名称: '1号锅炉', 单位内编号: '', 设备代码: '11003110120150001', 设备种类: '锅炉', 设备品种: '承压蒸汽锅炉', 设备使用地点: '锅炉房' };
const LIST = LISTS.find(({ id }) => id === 'boiler');
const VALVE = LIST.items.find(({ id }) => id === 'boiler-008');
const [FINDING] = VALVE.phrases.map(({ zh }) => zh);
const ORDER = '立即停止使用锅炉，打开安全阀前的阀门，经检验合格后报请复查';
const WRIT = '特种设备安全监察指令书';
/** The server is gone; and a page may be left before its photos are drawn. */
const EXPECTED = [/ERR_CONNECTION_REFUSED/, /ERR_FILE_NOT_FOUND blob:/];
/** A day as papers write it. */
const day = (text) => text.replace(/^(\d+)-0?(\d+)-0?(\d+)$/, '$1年$2月$3日');

for (const signs of [true, false]) {
  test(`a failed safety valve goes from the check to closure${signs ? '' : ', the unit refusing to sign'}`, (t) => closure(t, signs));
}

async function closure(t, signs) {
  const folder = await mkdtemp(join(tmpdir(), 'spotcheck-hazard-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const photos = await photoFiles();
  let url;
  let browser;
  let app;
  let hazard;
  let file;
  const step = steps(t, () => browser);

  /** A device of its own, with the app kept on it and the server gone. */
  async function device(name, officers, options = {}) {
    const server = await serve();
    t.after(server.stop);
    browser = await openBrowser(await newProfile(t, name), { reducedMotion: 'reduce', ...options });
    app = new Papers(browser.page);
    ({ url } = server);
    await app.page.goto(url);
    await app.page.getByText('可离线使用').first().waitFor();
    await app.setOfficers(officers);
    await server.stop();
    return { browser, app, url };
  }

  /** What the unit is asked to sign. */
  const unitSigns = (who) => (signs ? app.signFor(who) : app.refuseFor(who, WITNESS));

  async function takeIn() {
    await app.page.goto(`${url}/office`);
    await app.import([file]);
    await app.importCard(basename(file)).getByRole('heading', { name: '已导入' }).waitFor({ timeout: 60_000 });
  }

  async function handOn() {
    await app.page.goto(url + hazard);
    await app.page.getByRole('link', { name: '导出，交给办公室或其他手机' }).click();
    [file] = await app.exportTo(folder);
    const { code, out, err } = await spotcheck('verify', file);
    assert.equal(code, 0, out + err);
  }

  await step('a check of a boiler with a failed safety valve is sealed', async () => {
    await device('phone', OFFICERS);
    const table = join(folder, 'boiler.csv');
    await writeFile(table, csv([line(0, BOILER)]));
    await app.importTable(table);
    await app.startFor(UNIT.name);
    await app.pickEquipment([BOILER.设备名称]);
    await app.onlyLists([LIST.title_zh]);
    await app.beginVisit('王示例 安全管理员');
    const check = new URL(app.page.url()).pathname;
    await answerAll(app, async (key) => {
      if (!key.startsWith(VALVE.id)) return false;
      const question = card(app.page, key);
      await question.getByRole('button', { name: '不符合', exact: true }).click();
      await question.getByRole('button', { name: FINDING, exact: true }).click();
      await app.addPhotos(question, '相册', [photos[0]]);
      return true;
    });
    await app.saved();
    await app.page.getByRole('link', { name: '去完成' }).click();
    await app.page.getByRole('radio', { name: '责令停止使用' }).check();
    for (const who of ['检查人员一', '检查人员二']) await app.signFor(who);
    if (signs) await app.signFor(ATTENDANT);
    else await app.refuseFor(ATTENDANT, WITNESS);
    await app.page.getByText('内容齐全，可以签封').waitFor();
    await app.page.getByRole('button', { name: '签封记录' }).click();
    await app.page.waitForURL(url + check.replace('check', 'record'));
  });

  await step('it becomes a hazard that is proposed as serious and as major, with the clauses', async () => {
    await app.page.getByRole('button', { name: '登记 1 项隐患' }).click();
    await app.toast('已登记 1 项隐患').waitFor();
    await app.page.getByRole('region', { name: '本次检查的隐患' }).getByRole('listitem').getByRole('link').click();
    await app.at('事故隐患');
    hazard = new URL(app.page.url()).pathname;
    const proposed = app.page.getByRole('region', { name: '系统建议的等级' });
    await proposed.getByText('第二十五条第（三）项', { exact: true }).waitFor();
    await proposed.getByText(/^5\.2\.[24]/).first().waitFor();
    // What the law may attach is only to look up.
    await app.page.getByText(/^可能涉及的法律后果/).click();
    await app.page.getByText(/第八十四条第（二）项/).first().waitFor();
    await app.page.getByRole('link', { name: '填写基本情况' }).first().click();
    assert.equal(await app.page.getByLabel(/^隐患情况/).inputValue(), FINDING);
    for (const grade of ['是否严重事故隐患', '是否重大事故隐患']) assert.ok(await app.group(grade).getByRole('radio', { name: '是' }).isChecked(), grade);
    assert.equal(await app.photos(app.group('整改前照片')).count(), 1);
    assert.deepEqual(await app.lacking(), []);
    await app.page.getByRole('link', { name: '完成' }).click();
    await app.stands('已发现，待处理');
    for (const flag of ['严重', '重大']) await app.page.getByText(flag, { exact: true }).first().waitFor();
  });

  await step('its use is stopped, and both grades are reported up', async () => {
    await app.beginStep('下达指令');
    await app.tick('处理措施', ['限期改正', '停止使用']);
    await app.write('指令内容', ORDER);
    await app.page.getByRole('button', { name: '7 天后' }).click();
    await app.page.getByLabel(/^单位签收人 · 姓名/).fill('王示例');
    for (const who of ['检查人员一签名', '检查人员二签名']) await app.signFor(who);
    await unitSigns('单位签收');
    await app.finish('下达指令');
    await app.stands('整改中');
    await app.page.getByText('还有 7 天').first().waitFor();
    for (const report of ['向上一级报告', '重大隐患上报']) await app.doStep(report);
  });

  await step('the writ is issued, and its print says all that it must', async () => {
    await app.make(WRIT);
    await app.issueByOwnNumber('示市');
    const number = await app.page.getByText(/^示市监特令〔\d{4}〕[0-9A-Z]{4,13}-1号$/).first().textContent();
    const pages = await app.printed();
    app.numbered(pages);
    assert.ok(pages.length >= 2 && pages.length <= 4, `${pages.length} pages`);
    app.says(pages, OFFICERS.bureau, WRIT, number, UNIT.name, UNIT.uscc, BOILER.设备代码, FINDING, ORDER);
    app.says(pages, '《中华人民共和国特种设备安全法》第六十二条', '《特种设备安全监督检查办法》第二十三条', '《特种设备重大事故隐患判定准则》5.2.2、5.2.4', '立即停止使用存在隐患的特种设备');
    app.says(pages, `应当于${day(dayFromNow(7))}前改正完毕`, ...[OFFICERS.officer, OFFICERS.partner].flat());
    if (signs) app.says(pages, '当事人签名：王示例');
    else app.says(pages, '拒绝签名。理由：', `见证人：${WITNESS}`);
    // Strokes are no text.
    const drawn = await app.page.getByRole('article').getByRole('img').evaluateAll((all) => all.filter((one) => one.classList.contains('ink')).length);
    assert.equal(drawn, signs ? 3 : 2);
    assertQuiet(browser, EXPECTED);
  });

  await step('the office takes it in, and the report of the unit arrives there', async () => {
    await handOn();
    await device('office', { ...OFFICERS, officer: ['孙示例', 'SL000005'] }, { size: DESK });
    await takeIn();
    await app.page.goto(url + hazard);
    await app.stands('整改中');
    await app.beginStep('收到整改报告');
    await app.page.getByRole('button', { name: '今天' }).click();
    await app.photo('整改报告照片', [photos[1]]);
    await app.finish('收到整改报告');
    await app.stands('已报告整改，待复查');
    await handOn();
  });
  const office = { browser, app, url };

  await step('other inspectors take it over on a second phone and re-inspect', async () => {
    await device('second', OTHERS);
    await takeIn();
    await app.page.goto(`${url}/cases/hazard`);
    await app.page.getByRole('link', { name: FINDING }).click();
    await app.stands('已报告整改，待复查');
    await app.beginStep('复查合格，销号');
    await app.page.getByRole('button', { name: '今天' }).click();
    await app.yes('复查方式', '现场检查');
    await app.write('复查情况', '阀门已打开并铅封，安全阀经校验合格');
    await app.photo('整改后照片', [photos[2]]);
    await app.yes('严重、重大隐患是否已上报', '已按规定上报');
    await app.page.getByLabel(/^单位签收人 · 姓名/).fill('王示例');
    for (const who of ['复查人员一签名', '复查人员二签名']) await app.signFor(who);
    await unitSigns('单位签收');
    await app.finish('复查合格，销号');
    await app.stands('已销号');
    const both = app.page.getByRole('region', { name: '整改前后对照' });
    assert.equal(await app.photos(both).count(), 2);
    await app.page.getByRole('link', { name: '记录与核验' }).click();
    await app.verified();
    await handOn();
    assertQuiet(browser, EXPECTED);
  });

  await step('it is closed at the office', async () => {
    ({ browser, app, url } = office);
    await takeIn();
    await app.page.goto(`${url}/cases/hazard`);
    await app.page.getByRole('heading', { name: '没有符合条件的记录' }).waitFor();
    await app.page.getByRole('button', { name: '已办结' }).click();
    await app.page.getByRole('listitem').filter({ hasText: '已销号' }).getByRole('link').click();
    await app.stands('已销号');
    // Order, two reports, the unit's report, the re-inspection.
    const done = app.page.getByRole('region', { name: '办理经过' }).getByRole('listitem');
    assert.equal(await done.filter({ has: app.page.locator('details') }).count(), 5);
    assertQuiet(browser, EXPECTED);
  });
}
