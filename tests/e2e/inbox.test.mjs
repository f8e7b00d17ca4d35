// Complaints and reports at the office: two that look alike, one mediated in time, one refused with its ground, a named report
// answered; persons hidden until somebody asks, which stands in the history.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESK, newProfile, openBrowser } from './lib/browser.mjs';
import { Cases } from './lib/cases.mjs';
import { photoFiles } from './lib/photos.mjs';
import { assertQuiet, dayFromNow, OFFICERS } from './lib/screens.mjs';
import { serve } from './lib/server.mjs';
import { steps } from './lib/steps.mjs';

const PERSON = { name: '周示例甲', phone: '13900001234', id: '110101199001010012' };
const SECRETS = Object.values(PERSON);

test('complaints and reports from the inbox to their ends', async (t) => {
  const server = await serve();
  t.after(server.stop);
  const { url } = server;
  const browser = await openBrowser(await newProfile(t), { reducedMotion: 'reduce', size: DESK, touch: false });
  const app = new Cases(browser.page);
  const { page } = app;
  const step = steps(t, () => browser);
  const photos = await photoFiles();
  const matters = {};
  await page.goto(url);
  await page.getByText('可离线使用').first().waitFor();
  await app.setOfficers(OFFICERS);
  await server.stop();

  const complaint = (subject, answers = {}) =>
    app.register(url, 'complaint', '示例玩具店', {
      投诉事项: subject,
      收到投诉日期: dayFromNow(-1),
      来源渠道: '来访、窗口',
      投诉人姓名: PERSON.name,
      投诉人电话: PERSON.phone,
      投诉人证件号码: PERSON.id,
      投诉人通讯地址: '示例县示例镇示例路9号',
      被投诉人名称: '示例玩具店',
      被投诉人地址: '示例县示例镇示例街1号',
      消费者权益争议事实: '买到的玩具车掉零件',
      投诉请求: '退货',
      ...answers,
    }, photos);

  /** No text of the page tells who it was. */
  async function tellsNobody() {
    const text = await page.locator('body').innerText();
    for (const secret of SECRETS) assert.ok(!text.includes(secret), `${page.url()} tells ${secret}`);
    assert.ok(!SECRETS.some((secret) => page.url().includes(secret)));
  }

  const keep = (name) => { matters[name] = new URL(page.url()).pathname; };

  await step('two complaints of one person and a report are registered', async () => {
    await complaint('玩具车掉零件，孩子划伤', { 有人受伤或者死亡: '是', 涉及儿童: '是' });
    await app.at('投诉');
    keep('hurt');
    await complaint('玩具车掉零件，要求退货');
    await app.at('投诉');
    keep('again');
    await app.register(url, 'report', '示例充装点', {
      举报事项: '无证充装气瓶',
      收到材料日期: dayFromNow(-1),
      是否实名举报: '是',
      举报人姓名: PERSON.name,
      举报人电话: PERSON.phone,
      具体线索和事实依据: '每天夜里在院内充装',
    }, photos);
    await app.at('举报');
    keep('report');
  });

  await step('the inbox shows the injury first, what looks alike, and no person', async () => {
    await page.goto(`${url}/inbox`);
    const rows = page.getByRole('listitem').filter({ has: page.getByText(/收到$/) });
    await rows.first().getByText('玩具车掉零件，孩子划伤').waitFor();
    await rows.first().getByText('有人受伤', { exact: true }).waitFor();
    await rows.first().getByText(/^可能重复 \d+$/).waitFor();
    await rows.first().getByText(/^依据：/).waitFor();
    await tellsNobody();
    await page.getByRole('searchbox').fill(PERSON.phone);
    await page.getByRole('heading', { name: '没有符合条件的' }).waitFor();
    await page.getByRole('searchbox').fill('充装');
    await page.getByRole('link', { name: /无证充装气瓶/ }).waitFor();
  });

  await step('persons are shown on demand, and that stands in the history', async () => {
    await page.goto(url + matters.hurt);
    await page.getByText('周**', { exact: true }).first().waitFor();
    await page.getByText('139****1234', { exact: true }).first().waitFor();
    await tellsNobody();
    await page.getByRole('button', { name: '显示个人信息' }).click();
    await page.getByText(PERSON.phone, { exact: true }).first().waitFor();
    await page.getByText('查看了个人信息').waitFor();
    await page.goto(`${url}/inbox`);
    await page.goto(url + matters.hurt);
    await page.getByText('周**', { exact: true }).first().waitFor();
    await page.getByText('查看了个人信息').waitFor();
    await tellsNobody();
  });

  await step('the first is accepted, mediated and closed in time', async () => {
    await app.doStep('登记、分流', { 缓急: '当日处置', 处理权限: '本机关处理' }, photos);
    await app.doStep('提出检查建议、派检', {}, photos);
    await app.doStep('受理', { 受理决定日期: dayFromNow(0), 告知投诉人日期: dayFromNow(0) }, photos);
    await app.doStep('通知调解', { 调解方式: /^电话/ }, photos);
    await app.doStep('调解记录', { 本次结果: /^达成一致/ }, photos);
    await app.doStep('达成调解协议', { 调解书: '双方同意不制作' }, photos);
    await app.doStep('协议已履行，办结', {}, photos);
    await app.stands('已办结，协议已履行');
    const periods = page.locator('section').filter({ has: page.getByRole('heading', { name: '期限' }) });
    await periods.getByText(new RegExp(`${dayFromNow(0)} 完成$`)).first().waitFor();
    assert.equal(await periods.getByText(/已超期/).count(), 0);
  });

  await step('the second is found to be a duplicate and refused with its ground', async () => {
    await page.goto(url + matters.again);
    const near = page.getByRole('region', { name: '可能相同的投诉举报' });
    await near.getByText(/同一电话或者证件/).first().waitFor();
    await near.getByRole('button', { name: '是重复' }).first().click();
    await near.getByText('已认定重复').waitFor();
    await app.doStep('登记、分流', { 缓急: '一般', 处理权限: '本机关处理' }, photos);
    await app.doStep('不予受理', { 不予受理情形: /已经受理、处理过同一争议/, 已告知的其他解决途径: '向人民法院提起诉讼' }, photos);
    await app.stands('不予受理');
    await tellsNobody();
  });

  await step('the named report is checked, decided on and answered', async () => {
    await page.goto(url + matters.report);
    await app.at('举报');
    await app.doStep('登记、分流', { 缓急: '一般', 处理权限: '本机关处理' }, photos);
    await app.doStep('核查记录', { 核查方式: '现场检查' }, photos);
    await app.doStep('立案', {}, photos);
    await app.doStep('告知实名举报人', {}, photos);
    await app.stands('已告知，待办结');
    await tellsNobody();
  });

  await step('the record and the export page tell nobody either, and others get an extract', async () => {
    await page.goto(url + matters.hurt.replace('/case/', '/record/'));
    await page.getByRole('tab', { name: '历史' }).click();
    await page.getByRole('button', { name: /^再显示/ }).click();
    await page.getByText('查看个人信息').first().waitFor();
    await tellsNobody();
    await page.goto(`${url}/export?ids=${matters.hurt.split('/').pop()}`);
    await page.getByRole('button', { name: /^给其他单位/ }).click();
    await page.getByText(/^spotcheck-extract-/).waitFor();
    await tellsNobody();
  });

  assertQuiet(browser);
});
