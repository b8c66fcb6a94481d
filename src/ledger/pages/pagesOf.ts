import type { Device, Page } from './Device.js'
import { nanoPages } from './nanoPages.js'
import { touchPages } from './touchPages.js'

/** What a device will show of a text to be signed that keeps the layout rules (docs/device-text.md), screen by screen, as recorded from the Ethereum app 1.22.0. */
export const pagesOf = (text: string, device: Device): readonly Page[] => {
  switch (device) {
    case 'nanosp':
    case 'nanox':
      return nanoPages(text)
    case 'stax':
    case 'flex':
      return touchPages(text, device)
    default:
      return device satisfies never
  }
}
