// Ledgers as a bureau keeps them, all made up: what goes into an import.

const UNITS = [
  { name: '示例商场有限公司', uscc: '91130227MA0TE5T088', address: '示例县中心大街1号' },
  { name: '样本县人民医院', uscc: '12130227MB0DEM033H', address: '示例县健康路8号' },
  { name: '演示物业服务部', uscc: '92130227MA0DEM0135', address: '示例县安居小区' },
];

/** The headers of the table. */
export const HEAD = [
  '序号', '设备代码', '使用登记证编号', '设备种类', '设备品种', '设备名称', '单位内编号', '使用单位名称', '统一社会信用代码', '使用单位地址',
  '设备使用地点', '投入使用日期', '安装监督检验日期', '检验日期', '检验结论', '下次检验日期', '使用状态', '维保单位', '责任监管人员',
];

/** Line `index` of a made-up equipment ledger; `over` replaces cells by header. */
export function line(index, over = {}) {
  const unit = UNITS[index % UNITS.length];
  const year = 2012 + (index % 12);
  const cells = {
    序号: String(index + 1),
    设备代码: `3110${String(10 + (index % 80)).padStart(2, '0')}${String(100 + (index % 800))}${year}${String(index).padStart(5, '0')}`,
    使用登记证编号: `梯11冀B${String(index).padStart(5, '0')}(${String(year).slice(2)})`,
    设备种类: '电梯',
    设备品种: '曳引驱动乘客电梯',
    设备名称: `${index + 1}号客梯`,
    单位内编号: `${index + 1}#`,
    使用单位名称: unit.name,
    统一社会信用代码: unit.uscc,
    使用单位地址: unit.address,
    设备使用地点: `${'东西南北'[index % 4]}门`,
    投入使用日期: `${year}-06-15`,
    安装监督检验日期: `${year}-05`,
    检验日期: '2025-05-20',
    检验结论: '合格',
    下次检验日期: '2027-05',
    使用状态: '在用',
    维保单位: '示例电梯维保有限公司',
    责任监管人员: '张示例',
    ...over,
  };
  return HEAD.map((name) => cells[name]);
}

const quote = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A table as text with commas, as spreadsheet programs save it. */
export function csv(lines) {
  return `\ufeff${[HEAD, ...lines].map((cells) => cells.map(quote).join(',')).join('\r\n')}\r\n`;
}
