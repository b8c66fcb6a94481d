import type { Page } from './Device.js'

/** Lines of the first page, if there is a rest behind "More", and of the pages behind it. */
const LINES = { flex: { first: 6, behind: 11 }, stax: { first: 7, behind: 12 } } as const

/** The longest text that is shown whole on the first page: that of a revocation. From 10 to 15 lines nothing was tried. */
const WHOLE = 9

/**
 * The pages of a text on Flex or Stax. The text is one that keeps the layout rules (docs/device-text.md), so that its lines are the device's. What stands behind
 * "More", all of the text once again, may be skipped by whoever signs.
 */
export const touchPages = (text: string, device: 'flex' | 'stax'): readonly Page[] => {
  const lines = text.split('\n')
  const { first, behind } = LINES[device]
  if (lines.length <= WHOLE) return [{ kind: 'review', title: 'Message', lines, more: false }]
  const pages: Page[] = [{ kind: 'review', title: 'Message', lines: lines.slice(0, first), more: true }]
  for (let start = 0; start < lines.length; start += behind)
    pages.push({ kind: 'details', title: 'Message', lines: lines.slice(start, start + behind), more: false })
  return pages
}
