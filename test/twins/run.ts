/**
 * Both printers over generated policies: `npm run test:twins -- [count] [seed]` (10,000 and 1 when left out). The chain's text of each policy's grant must be the compiler's
 * byte for byte, or refused as too long where the compiler has none. Prints how far it is, and at the end how many were compared; exits 1 at the first that differ.
 */
import * as fc from 'fast-check'
import { deviceText, displayable } from '../../src/compiler/device/deviceText.js'
import { encode } from '../../src/compiler/encode.js'
import type { Policy } from '../../src/policy/Policy.js'
import { shownPolicies } from '../arbitraries/shown.js'
import { BINDING } from '../compiler/samples.js'
import { Chain } from '../contracts/harness/Chain.js'

/** Policies made at a time. */
const BATCH = 500

const count = Number(process.argv[2] ?? 10_000)
const seed = Number(process.argv[3] ?? 1)
const chain = await Chain.create()

const tally = { texts: 0, characters: 0, tooLong: 0 }

const compare = async (policy: Policy): Promise<boolean> => {
  const { value, error } = await chain.ask('textOf', [encode(policy, BINDING)])
  if (displayable(policy, BINDING).length > 0) {
    tally.tooLong++
    return error === 'TextTooLong'
  }
  const text = deviceText(policy, BINDING)
  tally.texts++
  tally.characters += text.length
  if (value === text) return true
  console.error(`the compiler prints\n${text}\n\nthe chain prints\n${error ?? String(value)}`)
  return false
}

let compared = 0
let differing = 0
for (let batch = 0; compared < count; batch++) {
  const numRuns = Math.min(BATCH, count - compared)
  for (const policy of fc.sample(shownPolicies(), { numRuns, seed: seed + batch }))
    if (!(await compare(policy))) differing++
  compared += numRuns
  console.log(`${compared.toLocaleString('en-US')} of ${count.toLocaleString('en-US')}, ${differing} differ`)
  if (differing > 0) break
}
const { texts, characters, tooLong } = tally
console.log(
  `${compared.toLocaleString('en-US')} policies from seed ${seed}: ${texts.toLocaleString('en-US')} texts of ${characters.toLocaleString('en-US')} characters, ${tooLong} too long for a device; ${differing} differ`,
)
process.exitCode = differing > 0 ? 1 : 0
