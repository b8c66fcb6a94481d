import { hexToBytes } from 'viem'
import { checkWrit } from '../../src/actions/checkWrit.js'
import { executeCalldata } from '../../src/evm/accountCalldata.js'
import { createModuleEngine } from '../../src/evm/moduleEngine.js'
import { moduleAddress } from '../../src/evm/moduleAddress.js'
import { witness } from '../../src/evaluator/index.js'
import { type Construct, constructs, header } from './constructs.js'

/** What a construct adds to a validation, gas. */
export type Cost = { readonly name: string; readonly gas: bigint }

/** The cost of each construct: execution of `validateUserOp`, called as the account would, and the witness as calldata. */
export async function measureConstructs(): Promise<readonly Cost[]> {
  const costs: Cost[] = []
  for (const construct of constructs)
    costs.push({
      name: construct.name,
      gas: (await validation(construct, construct.with)) - (await validation(construct, construct.without)),
    })
  return costs
}

/** The table of docs/language.md. */
export const tableOf = (costs: readonly Cost[]): string =>
  [
    '| construct | gas |',
    '| --- | ---: |',
    ...costs.map(({ name, gas }) => `| ${name} | ${gas.toLocaleString('en-US')} |`),
  ].join('\n')

async function validation({ name, call }: Construct, rule: string): Promise<bigint> {
  const { policy, diagnostics } = checkWrit(header + rule)
  if (policy === undefined) throw new Error(`${name}: ${JSON.stringify(diagnostics)}`)
  const binding = { module: moduleAddress(), entityId: 1, tag: '0x000000000000' } as const
  const engine = await createModuleEngine(policy, binding, { direct: true })
  const proof = witness(engine.session, { time: policy.from + 60, rules: [0] })
  const verdict = await engine.validate({ callData: executeCalldata([call]) }, proof, 'key', policy.from + 60)
  if (verdict.outcome === 'deny') throw new Error(`${name}: ${rule}: denied, ${verdict.error?.name ?? verdict.reason}`)
  const calldata = hexToBytes(proof).reduce((sum, byte) => sum + (byte === 0 ? 4n : 16n), 0n)
  return verdict.gasUsed + calldata
}
