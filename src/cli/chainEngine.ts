import { DevelopmentNode } from '../evm/DevelopmentNode.js'
import { ModuleEngine, moduleDecide } from '../evm/moduleEngine.js'
import type { Binding } from '../policy/Binding.js'
import type { Hex } from '../policy/Hex.js'
import type { Policy } from '../policy/Policy.js'
import { asked } from './chain/asked.js'
import { urlOf } from './chain/connect.js'
import { CliError } from './CliError.js'
import type { Engine } from './engines.js'
import { ExitCode } from './ExitCode.js'
import type { Io } from './Io.js'

/**
 * The module on a development node: code is placed at the policy's addresses, installed and granted, and each operation is validated as the
 * EntryPoint would, at its own time. Ends the command where the node is none that may be played with, or is not at the beginning.
 */
export const openChainEngine = async (
  io: Io,
  flag: string | undefined,
  policy: Policy,
  binding: Binding,
  firstStep: number | undefined,
): Promise<Engine> => {
  // A minute before anything happens.
  const begin = Math.min(policy.from, firstStep ?? policy.from)
  const start = `start one of its own with: anvil --chain-id ${policy.chainId} --timestamp ${Math.max(begin - 60, 1)}`
  const rpc = urlOf(io, flag, 'rpc', 'WRIT_RPC')
  if (rpc === undefined)
    throw new CliError(ExitCode.usage, 'no node is named', `add --rpc URL, or set WRIT_RPC; ${start}`)
  if (!(await asked(DevelopmentNode.isOne(rpc))))
    throw new CliError(
      ExitCode.usage,
      'the node is no development node: it does not answer anvil_nodeInfo',
      `--engine chain moves time, places code and acts for others, which only anvil lets it do; ${start}`,
    )
  const node = await asked(DevelopmentNode.open(rpc))
  const refuse = async (message: string): Promise<never> => {
    await asked(node.close())
    throw new CliError(ExitCode.usage, message, start)
  }
  const { chainId, time } = node.facts
  if (chainId !== policy.chainId) return refuse(`the node is of chain ${chainId}, the writ of chain ${policy.chainId}`)
  if (time > begin) return refuse(`the node's time is ${time} already, the operations begin at ${begin} (unix seconds)`)
  let engine: ModuleEngine<Hex>
  try {
    engine = await ModuleEngine.on(node, policy, binding)
  } catch (error) {
    // What an earlier use of the node left in the module's storage.
    if (error instanceof Error && error.message.startsWith('the module refused'))
      return refuse(`on the node ${error.message}`)
    await node.close().catch(() => undefined)
    return asked(Promise.reject(error))
  }
  return {
    decide: async (operation, now) => {
      const { outcome, denials } = await asked(moduleDecide(engine, operation, now))
      return { engine: 'chain', outcome, denials }
    },
    close: () => asked(node.close()),
  }
}
