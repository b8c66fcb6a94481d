import { type Device, DEVICES, type Page } from '../../ledger/pages/Device.js'

/** The pages one below the other, and how many of them must be passed or may be skipped. */
export const drawnPages = (pages: readonly Page[], device: Device): string => {
  const hidden = pages.filter(({ kind }) => kind === 'details').length
  const behind = hidden === 0 ? '' : `, ${count(hidden)} behind "More", which may be skipped`
  return `${DEVICES[device]}: ${count(pages.length - hidden)} to pass${behind}\n${pages.map(box).join('')}`
}

const count = (pages: number): string => `${pages} page${pages === 1 ? '' : 's'}`

/** Wide enough for every line of a text that keeps the layout rules, on every device. */
const WIDTH = 28

const box = ({ kind, title, lines, more }: Page): string => {
  const head = `+- ${kind === 'details' ? 'More' : title} `
  const body = more ? [...lines, '(More)'] : lines
  return `\n${[head.padEnd(WIDTH, '-'), ...body.map((line) => `| ${line.trimEnd()}`), '+'.padEnd(WIDTH, '-')].join('\n')}\n`
}
