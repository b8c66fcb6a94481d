import type { Nested } from '../policy/Nested.js'
import type { Hex } from '../policy/Hex.js'
import type { Called } from './Called.js'
import type { Context } from './Context.js'
import type { Raw } from './Raw.js'
import { readBytes, readRecords } from './readList.js'
import { readPlace } from './readPlace.js'

/** The calls that an argument of `carrier` carries; undefined if the list of them cannot be read. */
export function nestedCalls(nested: Nested, carrier: Called, context: Context): readonly Called[] | undefined {
  const { to, value } = carrier
  switch (nested.form) {
    case 'calls': {
      const list = byteStrings(readPlace(nested.list, context))
      return list?.map((data) => ({ to, value, data, carried: nested.form }))
    }
    case 'multisend':
      return readRecords(nested.list, context)?.map((call) => ({ ...call, carried: nested.form }))
    case 'commands': {
      const list = readBytes(nested.list, context)
      const inputs = byteStrings(readPlace(nested.inputs, context))
      if (list === undefined || inputs === undefined || list.length !== 2 + 2 * inputs.length) return undefined
      return inputs.map((data, index) => {
        const command = Number(`0x${list.slice(2 + 2 * index, 4 + 2 * index)}`)
        return { to, value, data, carried: nested.form, command }
      })
    }
    default:
      return nested satisfies never
  }
}

function byteStrings(list: Raw | undefined): readonly Hex[] | undefined {
  return typeof list === 'string' ? undefined : list?.flatMap((item) => (typeof item === 'string' ? [item] : []))
}
