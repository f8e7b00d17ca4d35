// Matters besides hazards, from beginning to end: a sample that fails, an unlicensed filling point.
import { test } from 'node:test';
import { newProfile, openBrowser } from './lib/browser.mjs';
import { Cases } from './lib/cases.mjs';
import { photoFiles } from './lib/photos.mjs';
import { assertQuiet, dayFromNow, OFFICERS } from './lib/screens.mjs';
import { serve } from './lib/server.mjs';
import { steps } from './lib/steps.mjs';

test('sampling and unlicensed operation', async (t) => {
  const server = await serve();
  t.after(server.stop);
  const { url } = server;
  const browser = await openBrowser(await newProfile(t), { reducedMotion: 'reduce' });
  const app = new Cases(browser.page);
  const step = steps(t, () => browser);
  const photos = await photoFiles();
  await app.page.goto(url);
  await app.page.getByText('可离线使用').first().waitFor();
  await app.setOfficers(OFFICERS);
  await server.stop();

  await step('a toy is sampled, fails, and is put right', async () => {
    await app.register(url, 'sampling', '示例玩具店', { 产品名称: '示例积木', 抽查任务: '儿童用品监督抽查' }, photos);
    await app.at('产品质量监督抽查');
    await app.doStep('抽样', {}, photos);
    await app.doStep('送检');
    await app.doStep('录入检验结果', { 检验结论: '不合格' }, photos);
    await app.doStep('告知结果', {}, photos);
    // The days for an objection run from the day on which the result was received.
    const clocks = app.page.locator('section').filter({ has: app.page.getByRole('heading', { name: '期限' }) });
    await clocks.getByText(/还有 \d+ 天/).first().waitFor();
    await app.doStep('异议期满，确认不合格', { 依据: /放弃|书面/ }, photos);
    await app.doStep('责令改正', { 改正期限: dayFromNow(15) }, photos);
    await app.doStep('收到整改报告', {}, photos);
    await app.doStep('复查合格，办结', {}, photos);
    await app.stands('已办结');
  });

  await step('an unlicensed filling point is transferred and the receipt comes back', async () => {
    await app.register(url, 'unlicensed', '示例充装点', {
      经营活动: '充装液化石油气瓶', 现场查明的事实: '现场正在充装，不能出示许可证', 存在安全隐患: '是',
    }, photos);
    await app.doStep('移送', {}, photos);
    await app.doStep('收到移送回执', {}, photos);
    await app.stands('已终结');
  });

  assertQuiet(browser);
});
