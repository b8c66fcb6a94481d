import { BaseError } from 'viem'
import type { ContractError } from '../evm/moduleErrors.js'
import type { Address, Hex } from '../policy/Hex.js'
import { ChainFault } from './ChainFault.js'
import { type Explained, readContractError } from './faults/contractFault.js'
import { entryPointFault, innerFault, reasonIn } from './faults/entryPointFault.js'
import { errorFacts, type ErrorFacts } from './faults/errorFacts.js'
import { nodeFault } from './faults/nodeFault.js'
import { type Peer, transportFault } from './faults/transportFault.js'

/** What the caller knows and the error may not say. */
export type FaultContext = {
  /** Whom the program spoke to, where neither URL nor method tell. */
  readonly peer?: Peer
  /** The bundler's URL: what fails there is the bundler's fault and not the node's. */
  readonly bundler?: string
  readonly module?: Address
}

/**
 * Turns any error of viem, a node, a bundler, the EntryPoint, an account or the module into its cause in the user's words and what to do. Never
 * throws; a ChainFault stays as it is, and what nothing is known of says what it said (`unknown`).
 */
export function explainFault(error: unknown, context: FaultContext = {}): ChainFault {
  if (error instanceof ChainFault) return error
  const facts = errorFacts(error)
  const [code, message, help] = explained(error, facts, context)
  return new ChainFault(code, message, help, error instanceof Error ? error : undefined)
}

function explained(error: unknown, facts: ErrorFacts, context: FaultContext): Explained {
  const peer = peerOf(facts, context)
  const outer = facts.reverts.map((data) => readContractError(data)).find((each) => each !== undefined)
  const reason = reasonOf(outer) ?? reasonIn(facts.texts)
  if (reason !== undefined) return entryPointFault(reason, insideOf(outer, facts.reverts))
  return (
    innerFault(facts.reverts) ??
    silentContract(facts, context) ??
    waitedInVain(facts) ??
    byCode(facts) ??
    nodeFault(facts, peer) ??
    transportFault(facts, peer) ??
    reverted(facts) ??
    refusedByServer(facts, peer) ?? [
      'unknown',
      wordsOf(error, facts),
      'look at the node and at what was asked of it, then try again',
    ]
  )
}

const ofBundlers = /^(eth_(send|estimate|get)UserOperation|eth_supportedEntryPoints|pimlico_)/
/** ERC-7677's; a bundler may answer them at its own URL. */
const ofPaymasters = /^pm_/

function peerOf({ urls, methods, names }: ErrorFacts, { peer, bundler }: FaultContext): Peer {
  if (methods.some((each) => ofPaymasters.test(each))) return 'paymaster'
  if (bundler !== undefined && urls.includes(bundler)) return 'bundler'
  if (methods.some((each) => ofBundlers.test(each)) || names.includes('UserOperationExecutionError')) return 'bundler'
  return peer ?? 'node'
}

/** `FailedOp(index, reason)` and `FailedOpWithRevert(index, reason, inner)`, where the EntryPoint itself was called. */
function reasonOf(error: ContractError | undefined): string | undefined {
  if (error?.name !== 'FailedOp' && error?.name !== 'FailedOpWithRevert') return undefined
  return String(error.args[1])
}

function insideOf(error: ContractError | undefined, reverts: readonly Hex[]): readonly Hex[] {
  const inner = error?.name === 'FailedOpWithRevert' ? String(error.args[2]) : undefined
  return inner !== undefined && inner.length >= 10 ? [inner as Hex] : reverts
}

/** A call to where nothing stands succeeds and returns nothing. */
function silentContract({ names, texts }: ErrorFacts, { module }: FaultContext): Explained | undefined {
  const silent = /ZeroDataError$/
  if (!names.some((each) => silent.test(each)) && !texts.some((each) => /returned no data/.test(each))) return undefined
  if (module === undefined)
    return [
      'unknown',
      'a contract that was asked does not answer: nothing stands at its address on this chain',
      'check addresses and chain',
    ]
  return ['module-missing', `no module answers at ${module} on this chain`, 'put it there: writ deploy']
}

function waitedInVain({ names }: ErrorFacts): Explained | undefined {
  if (names.some((each) => /^(WaitForUserOperationReceiptTimeout|UserOperation(Receipt)?NotFound)Error$/.test(each)))
    return [
      'operation-dropped',
      'the bundler took the operation, and it is not included',
      'ask for its receipt later; an operation whose time has passed can never be included, and may be sent anew with the next nonce',
    ]
  if (names.some((each) => /^(WaitForTransactionReceiptTimeout|TransactionReceiptNotFound)Error$/.test(each)))
    return [
      'operation-dropped',
      'the transaction was sent and is not included',
      'ask for its receipt later, or run the same again: what is done already is not done twice',
    ]
  return undefined
}

/** ERC-7769's codes, where the message does not bring the EntryPoint's own. */
function byCode({ numbers, texts }: ErrorFacts): Explained | undefined {
  const said = texts[0] === undefined ? '' : `: ${oneLine(texts[0])}`
  for (const number of numbers)
    switch (number) {
      case -32500:
        return ['validation-refused', `the EntryPoint would refuse the operation${said}`, 'decide and sign it again']
      case -32501:
        return ['validation-refused', `the paymaster refused the operation${said}`, 'ask who runs the paymaster']
      case -32502:
        return [
          'bundler-refused',
          `the bundler found a forbidden access in the validation${said}`,
          'check with `writ status --verify-install` which module validates',
        ]
      case -32503:
        return entryPointFault('AA22 expired or not due', [])
      case -32504:
      case -32505:
        return [
          'bundler-refused',
          `the bundler does not trust the account or its paymaster${said}`,
          'wait, or use another bundler',
        ]
      case -32507:
        return entryPointFault('AA24 signature error', [])
      case -32508:
        return entryPointFault('AA31 paymaster deposit too low', [])
      case -32521:
        return [
          'transaction-reverted',
          `the calls themselves would revert${said}`,
          'the writ allows them, but their contracts do not: check balances, approvals and arguments',
        ]
    }
  return undefined
}

function reverted({ texts, names, reverts }: ErrorFacts): Explained | undefined {
  const found = names.some((each) => /Revert/.test(each)) || texts.some((each) => /revert/i.test(each))
  if (!found) return undefined
  const [data] = reverts
  const why =
    data === undefined ? 'and does not say why' : `with an error that is not the module’s: ${data.slice(0, 10)}`
  return ['transaction-reverted', `the call reverts ${why}`, 'check who signs, and balances, approvals and arguments']
}

function refusedByServer({ texts, numbers }: ErrorFacts, peer: Peer): Explained | undefined {
  if (peer === 'node' || numbers.length === 0) return undefined
  if (peer === 'paymaster')
    return [
      'paymaster-refused',
      `the paymaster service refused: ${oneLine(texts[0] ?? 'it does not say why')}`,
      'ask who runs it, or give --paymaster another one',
    ]
  return [
    'bundler-refused',
    `the bundler refused: ${oneLine(texts[0] ?? 'it does not say why')}`,
    'change what it complains of, or use another bundler',
  ]
}

function wordsOf(error: unknown, { texts }: ErrorFacts): string {
  if (error instanceof BaseError) return oneLine(error.details || error.shortMessage)
  return oneLine(texts[0] ?? String(error))
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  const short = line.length > 200 ? `${line.slice(0, 200)}…` : line
  return /^[A-Z][a-z]/.test(short) ? `${short.charAt(0).toLowerCase()}${short.slice(1)}` : short
}
