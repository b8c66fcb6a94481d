/** What a text may be at most: beyond 250 lines parts of it show blank on Flex and Stax, beyond 7,600 characters the device has no memory for it. */
export const MOST = { lines: 250, characters: 7600 } as const

/** Lines on a page behind "More", and columns of its bold face, on Flex and Stax. */
const PAGES = [
  { lines: 11, columns: 26 },
  { lines: 12, columns: 22 },
] as const

/** Whether Flex or Stax crashes over a text of so many lines (seen with the Ethereum app 1.22.0). */
export const crashes = (lines: number): boolean =>
  PAGES.some(({ lines: perPage, columns }) => {
    const before = Math.ceil(lines / perPage) - 1
    return before >= 1 && lines - before * perPage + Math.ceil((3 * before) / columns) > perPage
  })
