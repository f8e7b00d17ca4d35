// A hazard that is not put right in time climbs the ladder of supervision, rung by rung as each deadline passes, to its end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newProfile, openBrowser } from './lib/browser.mjs';
import { Papers } from './lib/papers.mjs';
import { photoFiles } from './lib/photos.mjs';
import { assertQuiet, dayFromNow, OFFICERS } from './lib/screens.mjs';
import { serve } from './lib/server.mjs';
import { steps } from './lib/steps.mjs';

const UNIT = '示例商场有限公司';
const FINDING = '三号客梯轿门门锁失效，仍在使用';
const RUNGS = [
  ['交办', '已交办'],
  ['提醒', '已提醒'],
  ['督办', '督办中'],
  ['挂牌督办', '挂牌督办中'],
  ['报安委办、两办', '已报安委办、两办'],
];
/** Days that each rung leaves for an answer, and days after which nothing has come. */
const [GIVEN, PASSED] = [5, 7];

/** Lets the page believe that it is so many days later. */
const later = (days) => ({
  content: `globalThis.Date = class extends Date {
    constructor(...given) { given.length === 0 ? super(Date.now()) : super(...given); }
    static now() { return super.now() + ${days} * 86_400_000; }
  };`,
});

test('an overdue hazard climbs the ladder of supervision', async (t) => {
  const server = await serve();
  t.after(server.stop);
  const { url } = server;
  const photos = await photoFiles();
  const profile = await newProfile(t);
  let browser;
  let app;
  let days = 0;
  let [hazard, directive] = [];
  const step = steps(t, () => browser);
  const open = async () => {
    browser = await openBrowser(profile, { reducedMotion: 'reduce', init: [later(days)] });
    app = new Papers(browser.page);
  };
  /** The same phone, days later. */
  const wait = async (more) => {
    assertQuiet(browser, [/ERR_CONNECTION_REFUSED/]);
    await browser.close();
    days += more;
    await open();
  };

  await step('a hazard is ordered to be put right within a week', async () => {
    await open();
    await app.page.goto(url);
    await app.page.getByText('可离线使用').first().waitFor();
    await app.setOfficers(OFFICERS);
    await server.stop();
    await app.register(url, 'hazard', UNIT, { 隐患情况: FINDING, 是否严重事故隐患: '否', 是否重大事故隐患: '否' }, photos);
    hazard = new URL(app.page.url()).pathname;
    await app.doStep('下达指令', { 改正期限: dayFromNow(7) });
    await app.page.getByText('还有 7 天').first().waitFor();
  });

  await step('ten days later it is among those overdue, and supervision is asked for', async () => {
    await wait(10);
    await app.page.goto(`${url}/cases/hazard`);
    await app.page.getByRole('button', { name: '已超期' }).click();
    await app.page.getByRole('listitem').filter({ hasText: '超期 3 天' }).getByRole('link', { name: FINDING }).click();
    await app.page.waitForURL(url + hazard);
    await app.doStep('提请督办', { 理由: '逾期三日未改，仍在使用', 督办层级: /^督办$/ });
    await app.page.goto(`${url}/cases/directive/new`);
    await app.page.getByLabel('单位名称').fill(UNIT);
    await app.page.getByRole('button', { name: '开始', exact: true }).click();
    await app.at('填写基本情况');
    const known = app.page.getByLabel(/^关联的隐患/);
    await known.selectOption({ label: await known.getByRole('option', { name: FINDING }).innerText() });
    await app.fillForm({ 事项: FINDING, 情况: '超过改正期限三日，仍在使用', 来源: '事故隐患', 是否涉及重大事故隐患: '否' }, photos);
    await app.page.getByRole('link', { name: '完成' }).click();
    await app.stands('待交办');
    directive = new URL(app.page.url()).pathname;
  });

  for (const [at, [rung, state]] of RUNGS.entries()) {
    await step(`${rung}: as the rung before brought no answer`, async () => {
      if (at > 0) {
        await wait(PASSED);
        await app.page.goto(url + directive);
        await app.page.getByText(`超期 ${PASSED - GIVEN} 天`).first().waitFor();
      }
      await app.doStep(rung, { 反馈期限: dayFromNow(days + GIVEN) }, photos);
      await app.stands(state);
      await app.page.getByText(`还有 ${GIVEN} 天`).first().waitFor();
    });
  }

  await step('the notice of the last rung says to whom, what and until when', async () => {
    await app.make('督办单');
    await app.fillForm();
    await app.issueByOwnNumber('示市');
    const number = await app.page.getByText(/^示市督〔\d{4}〕[0-9A-Z]{4,13}-1号$/).first().textContent();
    const pages = await app.printed();
    app.numbered(pages);
    assert.equal(pages.length, 2, 'the notice, and the receipt on a page of its own');
    const [year, month, day] = dayFromNow(days + GIVEN).split('-').map(Number);
    app.says(pages, OFFICERS.bureau, '督办单', number, UNIT, FINDING, `请于${year}年${month}月${day}日前`, '签收回执', '签发人签名');
  });

  await step('answered, verified, and closed; so is the hazard', async () => {
    await app.page.goto(url + directive);
    await app.doStep('收到反馈', { 办理结果: '已办结' }, photos);
    await app.doStep('核实，销号', {}, photos);
    await app.stands('已销号');
    // Five rungs, the answer, the closing, and how it began.
    await app.page.getByRole('region', { name: '办理经过' }).getByRole('listitem').nth(7).waitFor();
    await app.page.goto(url + hazard);
    await app.doStep('收到整改报告', {}, photos);
    // Not by the same people alone as those who found it.
    await app.doStep('复查合格，销号', { '复查人员 2 · 姓名': '赵示例', '复查人员 2 · 执法证号': 'SL000003' }, photos);
    await app.stands('已销号');
    assertQuiet(browser, [/ERR_CONNECTION_REFUSED/]);
  });
});
