import type { Collection, Countable } from '../../policy/Collection.js'
import type { Nested } from '../../policy/Nested.js'
import type { ByteRange, Bytes, Place } from '../../policy/Place.js'
import { typeText } from '../../policy/typeText.js'
import { headWordsOf, isDynamic } from '../abi.js'
import { LIMIT } from '../layout.js'
import { type Origins, typeAt } from '../reach.js'
import type { Report } from './Report.js'

/** A byte string is there to be read, and the range of its part can be written. */
export const bytesLaws = ({ place, slice }: Bytes, origins: Origins, report: Report): void => {
  const type = typeAt(place, origins)
  if (type?.kind !== 'bytes' && type?.kind !== 'string') report('a path leads to no bytes')
  if (slice !== undefined) rangeLaws(slice, report)
}

const rangeLaws = ({ start, end }: ByteRange, report: Report): void => {
  for (const position of [start, end ?? 0]) {
    if (!Number.isInteger(position) || Math.abs(position) > LIMIT.bytesLength)
      report(`a position of ${position} is not -${LIMIT.bytesLength} to ${LIMIT.bytesLength}`)
  }
  if (end === 0) report('a part that ends at 0 is none')
  if (start === 0 && end === undefined) report('a part that is the whole is written as the whole')
}

/** The elements are there to be read, and what is said of them can be written. */
export const collectionLaws = (collection: Collection, origins: Origins, report: Report): void => {
  if (collection.kind === 'packed') {
    const { bytes, size, gap } = collection
    bytesLaws(bytes, origins, report)
    if (!Number.isInteger(size) || size < 1 || size > LIMIT.packedSize)
      report(`elements of ${size} bytes are not 1 to ${LIMIT.packedSize}`)
    if (!Number.isInteger(gap) || gap < 0 || gap > LIMIT.packedGap)
      report(`gaps of ${gap} are not 0 to ${LIMIT.packedGap}`)
    return
  }
  if (typeAt(collection.place, origins)?.kind !== 'array') return report('a path leads to no array')
  if (isHidden(collection.place, origins)) report('an array of one is gone over where it stands alone in another one')
}

/** What has a length that is not known beforehand. */
export const lengthLaws = (countable: Countable, origins: Origins, report: Report): void => {
  switch (countable.kind) {
    case 'array': {
      collectionLaws(countable, origins, report)
      const type = typeAt(countable.place, origins)
      if (type?.kind === 'array' && type.length !== undefined) report('an array of fixed length has that length')
      return
    }
    case 'packed':
      collectionLaws(countable, origins, report)
      return
    case 'bytes':
    case 'multisend':
      bytesLaws(countable.bytes, origins, report)
      return
    default:
      countable satisfies never
  }
}

/** The list of nested calls is there to be read. */
export const listLaws = (block: Nested, origins: Origins, report: Report): void => {
  switch (block.form) {
    case 'calls':
      callsLaws(block.list, origins, report)
      return
    case 'multisend':
      bytesLaws(block.list, origins, report)
      return
    case 'commands':
      bytesLaws(block.list, origins, report)
      callsLaws(block.inputs, origins, report)
      return
    default:
      block satisfies never
  }
}

const callsLaws = (place: Place, origins: Origins, report: Report): void => {
  const type = typeAt(place, origins)
  if (type === undefined || typeText(type) !== 'bytes[]') report('a path leads to no `bytes[]`')
}

/**
 * Whether another array of as many elements of as many words begins at the same word: then that one is meant, since the bytes say no more
 * than word, count and words. It is so only for arrays of one element in arrays of one element.
 */
const isHidden = (place: Place, origins: Origins): boolean => {
  const array = typeAt(place, origins)
  if (array?.kind !== 'array' || array.length !== 1 || isDynamic(array)) return false
  for (let steps = place.path.length - 1; steps >= 0; steps -= 1) {
    const around = typeAt({ ...place, path: place.path.slice(0, steps) }, origins)
    if (around === undefined || isDynamic(around) || headWordsOf(around) !== headWordsOf(array)) return false
    if (around.kind === 'array') return true
  }
  return false
}
