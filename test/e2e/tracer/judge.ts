import { hexToBigInt, keccak256 } from 'viem'
import type { Address, Hex } from '../../../src/policy/Hex.js'
import type { AddressUse, Frame, StorageAccess, Trace } from './collector.js'
import type { Entity, Rule, Violation } from './Violation.js'

/** What is known of an operation besides its trace. */
export type Parties = {
  readonly entryPoint: Address
  readonly sender: Address
  /** Undefined where the account exists already. */
  readonly factory?: Address
  readonly paymaster?: Address
  /** Those of them that have stake and delay enough. */
  readonly staked: readonly Address[]
}

/** Opcodes that tell of the block, the transaction or the machine [OP-011]; the blob's two came with a later state of the text. */
const BANNED = [
  ...['ORIGIN', 'GASPRICE', 'BLOCKHASH', 'COINBASE', 'TIMESTAMP', 'NUMBER', 'PREVRANDAO', 'DIFFICULTY', 'GASLIMIT'],
  ...['BASEFEE', 'BLOBHASH', 'BLOBBASEFEE', 'CREATE', 'INVALID', 'SELFDESTRUCT'],
]

const VALIDATE_USER_OP = '0x19822f7c'
const VALIDATE_PAYMASTER = '0x52b7512c'
const DEPOSIT_TO = '0xb760faf9'
const INCREMENT_NONCE = '0x0bd28e3b'
/** In every state of the text [OP-062]; later ones allow some more. */
const LAST_PRECOMPILE = 9n

/** Names every breach of ERC-7562's opcode and storage rules in a trace; throws where the trace is none of a validation. */
export function judge(trace: Trace, parties: Parties): Violation[] {
  if (trace.faults.length > 0) throw new Error(`the collector failed: ${trace.faults.join('; ')}`)
  const found: Violation[] = []
  let validated = false
  for (const [index, frame] of trace.frames.entries()) {
    const entity = entityOf(trace, index, parties)
    if (entity === undefined) continue
    if (entity === 'account') validated = true
    const report = (rule: Rule, what: string): void => {
      const violation = { rule, entity, code: frame.to as Address, what }
      if (!found.some((known) => JSON.stringify(known) === JSON.stringify(violation))) found.push(violation)
    }
    opcodes(frame, entity, parties, report)
    for (const use of frame.uses) address(use, frame, entity, parties, report)
    for (const access of frame.storage) storage(access, trace, entity, parties, report)
    if (entity === 'paymaster' && frame.selector === VALIDATE_PAYMASTER && trace.frames[frame.parent]?.parent === -1)
      context(frame, parties, report)
  }
  created(trace, parties, (rule, entity, code, what) => found.push({ rule, entity, code, what }))
  if (!validated) throw new Error('the trace has no call of validateUserOp')
  return found
}

type Report = (rule: Rule, what: string) => void

/** Whose part of the validation a frame belongs to; undefined where it is the EntryPoint's own, or no validation at all. */
function entityOf(
  trace: Trace,
  index: number,
  { entryPoint, sender, factory, paymaster }: Parties,
): Entity | undefined {
  const path: Frame[] = []
  for (let at = index; at > 0; at = trace.frames[at]?.parent ?? -1) {
    const frame = trace.frames[at]
    if (frame) path.unshift(frame)
  }
  const [first] = path
  // What the EntryPoint does when it is called is its own affair; whether it may be called is judged where the call is made.
  if (!first || path.some(({ to }) => to === entryPoint)) return undefined
  if (first.to === sender && first.selector === VALIDATE_USER_OP) return 'account'
  if (first.to === paymaster && first.selector === VALIDATE_PAYMASTER) return 'paymaster'
  return path.some(({ to }) => to === factory) ? 'factory' : undefined
}

function isStaked(entity: Entity, { sender, factory, paymaster, staked }: Parties): boolean {
  const address = { account: sender, factory, paymaster }[entity]
  return address !== undefined && staked.includes(address)
}

function opcodes(frame: Frame, entity: Entity, parties: Parties, report: Report): void {
  for (const name of Object.keys(frame.opcodes)) {
    // The account's own constructor or validation may create where there is a factory [OP-032]; a staked factory too [EREP-060].
    const mayCreate = parties.factory !== undefined && (frame.self === parties.sender || isStaked('factory', parties))
    if (BANNED.includes(name) && !(name === 'CREATE' && mayCreate)) report('OP-011', name)
    if (name.includes('not defined')) report('OP-013', name)
    if ((name === 'BALANCE' || name === 'SELFBALANCE') && !isStaked(entity, parties)) report('OP-080', name)
  }
  if (frame.gasRead) report('OP-012', 'GAS')
  if (/out of gas/i.test(frame.error)) report('OP-020', frame.error)
}

function address(use: AddressUse, frame: Frame, entity: Entity, parties: Parties, report: Report): void {
  const { entryPoint, sender } = parties
  const value = BigInt(`0x${use.value}`)
  const what = `${use.op} ${use.address}`
  if (use.address === entryPoint) {
    if (!mayUseEntryPoint(use, frame, parties)) report('OP-054', `${what} ${use.selector}`)
    return
  }
  if (value !== 0n) report('OP-061', `${what} with ${value} wei`)
  if (use.precompile) {
    if (BigInt(use.address) > LAST_PRECOMPILE) report('OP-062', what)
  } else if (use.codeSize === 0 && !(entity === 'factory' && use.address === sender)) report('OP-041', what)
}

/** [OP-051] to [OP-055]. */
function mayUseEntryPoint(use: AddressUse, frame: Frame, { sender, factory }: Parties): boolean {
  if (use.op === 'EXTCODESIZE') return use.next === 'ISZERO'
  if (use.op !== 'CALL') return false
  const own = frame.self === sender
  const deposits = use.selector === DEPOSIT_TO && BigInt(use.argument) === BigInt(sender)
  if (deposits && (own || frame.self === factory)) return true
  return own && (use.selector === '0x' || (use.selector === INCREMENT_NONCE && use.value === '0'))
}

function storage([at, word, how]: StorageAccess, trace: Trace, entity: Entity, parties: Parties, report: Report): void {
  const { sender, factory, paymaster } = parties
  if (at === sender) return
  const slot = BigInt(`0x${word}`)
  const staked = isStaked(entity, parties)
  const own = { account: sender, factory, paymaster }[entity]
  const what = `${how} ${at} slot 0x${slot.toString(16)}`
  const transient = how === 'TLOAD' || how === 'TSTORE'
  const breach = (rule: Rule): void => report(transient ? 'OP-070' : rule, transient ? `${what} [${rule}]` : what)
  if (at === factory || at === paymaster) {
    // The words of an entity are no external contract's, even where they belong to the account.
    if (at !== own || !staked) breach('STO-031')
  } else if (isAssociated(slot, sender, trace)) {
    if (factory !== undefined && !isStaked('factory', parties)) breach('STO-022')
  } else if (own !== undefined && own !== sender && isAssociated(slot, own, trace)) {
    if (!staked) breach('STO-032')
  } else if (how === 'SSTORE' || how === 'TSTORE' || entity === 'account') breach('STO-021')
  else if (!staked) breach('STO-033')
}

/** The slot is the address itself, or `keccak256(address ‖ x) + n` with n up to 128, for some x that was hashed. */
export function isAssociated(slot: bigint, address: Address, trace: Pick<Trace, 'hashed'>): boolean {
  if (slot === BigInt(address)) return true
  return trace.hashed.some((input) => {
    if (hexToBigInt(input.slice(0, 66) as Hex) !== BigInt(address)) return false
    const offset = BigInt.asUintN(256, slot - BigInt(keccak256(input as Hex)))
    return offset <= 128n
  })
}

/** CREATE2 once, by the deployment, of the sender [OP-031]; a staked factory may more [EREP-060]. */
function created(
  trace: Trace,
  parties: Parties,
  report: (rule: Rule, entity: Entity, code: Address, what: string) => void,
): void {
  if (isStaked('factory', parties)) return
  let deployed = false
  for (const [index, { type, parent, to }] of trace.frames.entries()) {
    const entity = type === 'CREATE2' ? entityOf(trace, parent, parties) : undefined
    if (entity === undefined || index === 0) continue
    const code = trace.frames[parent]?.to as Address
    if (entity !== 'factory' || to !== parties.sender || deployed) report('OP-031', entity, code, `CREATE2 ${to}`)
    deployed = true
  }
}

/** An unstaked paymaster returns no context [EREP-050]. */
function context({ output, error }: Frame, { paymaster, staked }: Parties, report: Report): void {
  if (error !== '' || output.length < 2 + 64 * 3 || (paymaster !== undefined && staked.includes(paymaster))) return
  const offset = Number(BigInt(output.slice(0, 66)))
  const length = BigInt(`0x${output.slice(2 + 2 * offset, 2 + 2 * offset + 64)}`)
  if (length !== 0n) report('EREP-050', `a context of ${length} bytes`)
}
