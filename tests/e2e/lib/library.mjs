// Writing checklists in the app's editor.

/** Begins a checklist for units and opens its editor; its address. */
export async function newList(app, title, domain = '流通商品') {
  await app.page.getByRole('button', { name: '新建检查表' }).click();
  const form = app.page.getByRole('dialog', { name: '新建检查表' });
  await form.getByLabel(/^名称/).fill(title);
  await form.getByLabel('领域').selectOption({ label: domain });
  await form.getByRole('group', { name: '检查对象' }).getByRole('button', { name: '单位' }).click();
  await form.getByRole('button', { name: '创建' }).click();
  await app.at(title);
  return new URL(app.page.url()).pathname;
}

/** The sheet of an item, by its number from 1. */
export const itemSheet = (app, number) => app.page.getByRole('dialog', { name: `第 ${number} 项` });

/** Adds an item and leaves its sheet open. */
export async function addItem(app, number, text) {
  await app.page.getByRole('button', { name: '新增检查项' }).click();
  const sheet = itemSheet(app, number);
  await sheet.waitFor();
  await sheet.getByLabel('要求（应当是什么样）').fill(text);
  return sheet;
}

export async function closeItem(app, number) {
  await itemSheet(app, number).getByRole('button', { name: '完成' }).click();
  await itemSheet(app, number).waitFor({ state: 'hidden' });
  await app.saved();
}

/** Publishes what is open in the editor, and waits for the version that is expected. */
export async function publish(app, version) {
  await app.page.getByRole('navigation', { name: '编辑检查表' }).getByRole('button', { name: '发布新版本' }).click();
  const sheet = app.page.getByRole('dialog', { name: '发布新版本' });
  await sheet.getByText(`版本 ${version}`, { exact: true }).waitFor();
  await sheet.getByRole('button', { name: '发布新版本' }).click();
  await app.toast(`已发布版本 ${version}`).waitFor();
}
