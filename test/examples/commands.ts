import { concat, encodeAbiParameters, parseAbiParameters, type Hex } from 'viem'
import type { Address } from '../../src/policy/Hex.js'
import { USDC, WETH, account, call, ether, mallory, path, usdc, type Steps } from './step.js'

const router: Address = '0x6ff5693b99212da76ad316178a184ab56d299b43'
const execute = 'function execute(bytes calldata commands, bytes[] calldata inputs, uint256 deadline) external payable'
const deadline = BigInt(Date.parse('2026-11-22T14:20:00Z') / 1000)

// What Dispatcher.sol of the Universal Router decodes for each command.
const v3Swap = parseAbiParameters(
  'address recipient, uint256 amountIn, uint256 amountOutMin, bytes path, bool payerIsUser',
)
const v2Swap = parseAbiParameters(
  'address recipient, uint256 amountIn, uint256 amountOutMin, address[] path, bool payerIsUser',
)
const moveParameters = parseAbiParameters('address token, address recipient, uint256 value')

type Command = readonly [byte: Hex, input: Hex]
const v3 = (amount: string, least: string, recipient = account, along = path(USDC, WETH), user = true): Command => [
  '0x00',
  encodeAbiParameters(v3Swap, [recipient, usdc(amount), ether(least), along, user]),
]
const v2 = (amount: string, least: string, along: readonly Address[]): Command => [
  '0x08',
  encodeAbiParameters(v2Swap, [account, usdc(amount), ether(least), along, true]),
]
const move = (byte: Hex): Command => [byte, encodeAbiParameters(moveParameters, [WETH, mallory, 0n])]
const run = (commands: readonly Command[], until = deadline) =>
  call(router, execute, [concat(commands.map(([byte]) => byte)), commands.map(([, input]) => input), until])

/** The example that allows commands of a router. */
export const commands: Steps = {
  'router-commands': [
    { does: 'swap in v3 and in v2 at once', calls: [run([v3('900', '0.297'), v2('600', '0.2', [USDC, WETH])])] },
    {
      does: 'sweep the router to a stranger behind a swap',
      calls: [run([v3('30', '0.01'), move('0x04')])],
      because: 'nested-call-denied',
    },
    { does: 'transfer tokens of the router', calls: [run([move('0x05')])], because: 'nested-call-denied' },
    { does: 'swap for a stranger', calls: [run([v3('30', '0.01', mallory)])], because: 'nested-call-denied' },
    {
      does: 'swap with what lies in the router',
      calls: [run([v3('30', '0.01', account, path(USDC, WETH), false)])],
      because: 'nested-call-denied',
    },
    {
      does: 'swap through a token that nobody knows',
      calls: [run([v2('30', '0.01', [USDC, mallory, WETH])])],
      because: 'nested-call-denied',
    },
    {
      does: 'let a swap fail unseen, by the flag for that',
      calls: [run([['0x80', v3('30', '0.01')[1]]])],
      because: 'nested-call-denied',
    },
    {
      does: 'name a command without an input',
      calls: [call(router, execute, ['0x0000', [v3('30', '0.01')[1]], deadline])],
      because: 'nested-call-denied',
    },
    {
      does: 'swap 3000 USDC by several commands, after 1500',
      calls: [run([v3('900', '0.3'), v3('601', '0.21')])],
      because: 'meter-exceeded',
    },
    {
      does: 'let the swaps wait for an hour',
      calls: [run([v3('30', '0.01')], deadline + 3600n)],
      because: 'condition-failed',
    },
  ],
}
