import { allowed } from './cases/allowed.js'
import { batch } from './cases/batch.js'
import { boundary } from './cases/boundary.js'
import { content } from './cases/content.js'
import { deny } from './cases/deny.js'
import { dirtyBits } from './cases/dirtyBits.js'
import { expiry } from './cases/expiry.js'
import { fees } from './cases/fees.js'
import { fill } from './cases/fill.js'
import { firstOperation } from './cases/firstOperation.js'
import { forbidden } from './cases/forbidden.js'
import { interval } from './cases/interval.js'
import type { Kind } from './cases/Kind.js'
import { length } from './cases/length.js'
import { listLength } from './cases/listLength.js'
import { nested } from './cases/nested.js'
import { offset } from './cases/offset.js'
import { otherWord } from './cases/otherWord.js'
import { outerCalldata } from './cases/outerCalldata.js'
import { padding } from './cases/padding.js'
import { paymaster } from './cases/paymaster.js'
import { prefix } from './cases/prefix.js'
import { replay } from './cases/replay.js'
import { runtime } from './cases/runtime.js'
import { signature } from './cases/signature.js'
import { status } from './cases/status.js'
import { targetAndSelector } from './cases/targetAndSelector.js'
import { timeEdge } from './cases/timeEdge.js'
import { truncation } from './cases/truncation.js'
import { value } from './cases/value.js'
import { wild } from './cases/wild.js'
import { windowEdge } from './cases/windowEdge.js'
import { witness } from './cases/witness.js'

/** Every way of making cases, in the order in which they are run: plain ones first, so that a broken engine shows on a plain case. */
export const kinds: readonly Kind[] = [
  allowed,
  batch,
  replay,
  firstOperation,
  boundary,
  deny,
  fill,
  value,
  otherWord,
  listLength,
  nested,
  targetAndSelector,
  forbidden,
  timeEdge,
  interval,
  windowEdge,
  expiry,
  fees,
  paymaster,
  dirtyBits,
  truncation,
  offset,
  length,
  padding,
  content,
  prefix,
  outerCalldata,
  witness,
  signature,
  runtime,
  status,
  wild,
]
