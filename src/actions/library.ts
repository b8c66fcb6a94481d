import { readLibrary, type Library } from '../dsl/library.js'
import { movers } from './movers.js'
import { verbs } from './verbs.js'

let read: Library | undefined

/** The standard library, read once, when it is first asked for. */
export function library(): Library {
  return (read ??= readLibrary(verbs, movers))
}
