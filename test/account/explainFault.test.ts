import { encodeAbiParameters, encodeErrorResult, type Hex, HttpRequestError, RpcRequestError, TimeoutError } from 'viem'
import { getUserOperationError, WaitForUserOperationReceiptTimeoutError } from 'viem/account-abstraction'
import { describe, expect, test } from 'vitest'
import { ChainFault } from '../../src/account/ChainFault.js'
import { explainFault } from '../../src/account/explainFault.js'
import { contractArtifact } from '../../src/evm/artifacts.js'

const url = 'https://bundler.example/v2/8453/rpc?apikey=SECRET'
const operation = {
  sender: `0x${'11'.repeat(20)}`,
  nonce: 1n,
  callData: `0xb61d27f6${'00'.repeat(64)}`,
  signature: '0xff',
}

/** As viem throws it where a bundler answers with this error. */
function answered(error: { code: number; message: string; data?: unknown }): Error {
  const body = { method: 'eth_sendUserOperation', params: [operation] }
  return getUserOperationError(new RpcRequestError({ body, error, url }) as never, operation as never) as never
}

const moduleError = (errorName: string, args: readonly unknown[]): Hex =>
  encodeErrorResult({ abi: contractArtifact('WritModule').abi, errorName, args: [...args] })

const exceeded = moduleError('MeterExceeded', [2n, 40n, 30n])
const inactive = moduleError('SessionNotActive', [`0x${'ab'.repeat(32)}`])
/** As an account of ERC-6900's reference implementation wraps what its module reverts with. */
const wrapped: Hex = `0x12345678${encodeAbiParameters([{ type: 'bytes24' }, { type: 'bytes' }], [`0x${'22'.repeat(24)}`, exceeded]).slice(2)}`

describe('what went wrong on a chain is told in the user’s words', () => {
  test.each([
    // ERC-7769's plain form, with the revert beside it.
    [
      answered({ code: -32500, message: 'AA23 reverted', data: exceeded }),
      'validation-refused',
      /budget or a limit.*MeterExceeded/,
    ],
    // As Pimlico's alto says it: the bytes stand in the message.
    [
      answered({
        code: -32500,
        message: `UserOperation reverted during simulation with reason: AA23 reverted ${inactive}`,
      }),
      'session-ended',
      /session is not active/,
    ],
    // As Alchemy's rundler says it: the bytes stand deeper.
    [
      answered({
        code: -32500,
        message: 'validation reverted: AA23 reverted',
        data: { reason: 'AA23 reverted', revertData: wrapped },
      }),
      'validation-refused',
      /MeterExceeded/,
    ],
    [answered({ code: -32500, message: 'AA23 reverted' }), 'validation-refused', /did not say why/],
    [
      answered({ code: -32500, message: 'AA23 reverted', data: '0xdeadbeef' }),
      'validation-refused',
      /not the module’s: 0xdeadbeef/,
    ],
    [
      answered({ code: -32507, message: 'Invalid UserOperation signature or paymaster signature' }),
      'signature-refused',
      /not the session key’s/,
    ],
    [
      answered({ code: -32503, message: 'expires too soon', data: { validUntil: '0x1' } }),
      'expired-or-not-due',
      /block’s time/,
    ],
    [
      answered({ code: -32500, message: "AA21 didn't pay prefund" }),
      'insufficient-funds',
      /account has too little ether/,
    ],
    [
      answered({ code: -32500, message: 'AA25 invalid account nonce' }),
      'nonce-taken',
      /another operation took this nonce/,
    ],
    [
      answered({ code: -32508, message: 'AA31 paymaster deposit too low' }),
      'insufficient-funds',
      /paymaster’s deposit/,
    ],
    [
      answered({ code: -32504, message: 'sender is throttled' }),
      'bundler-refused',
      /does not trust.*sender is throttled/,
    ],
    [
      answered({ code: -32602, message: 'maxFeePerGas must be at least 7' }),
      'bundler-refused',
      /below the block’s base fee/,
    ],
    [answered({ code: -32602, message: 'callGasLimit is too high' }), 'bundler-refused', /callGasLimit is too high/],
    [
      answered({ code: -32521, message: 'execution reverted', data: '0xe450d38c' }),
      'transaction-reverted',
      /calls themselves/,
    ],
    [answered({ code: -32601, message: 'Method not found' }), 'bundler-unreachable', /does not know the method/],
    [answered({ code: -32999, message: 'computer says no' }), 'bundler-refused', /computer says no/],
  ] as const)('what a bundler answers: %#', (error, code, message) => {
    const fault = explainFault(error)
    expect(fault).toBeInstanceOf(ChainFault)
    expect([fault.code, fault.shortMessage]).toEqual([code, expect.stringMatching(message)])
    expect(fault.help).not.toBe('')
    expect(fault.shortMessage + fault.help).not.toMatch(/SECRET/)
  })

  test('a wait that ends without a receipt says that the operation may still be included', () => {
    const fault = explainFault(new WaitForUserOperationReceiptTimeoutError({ hash: '0x1234' }))
    expect([fault.code, fault.shortMessage]).toEqual(['operation-dropped', expect.stringMatching(/is not included/)])
  })

  test('a node or bundler that cannot be reached is named by its host alone, and a slow one as slow', () => {
    const body = { method: 'eth_call' }
    const cause = Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED', message: 'connect' } })
    const down = explainFault(new HttpRequestError({ body, url, cause }))
    expect(down.code).toBe('rpc-unreachable')
    expect(down.shortMessage).toBe('the node at bundler.example cannot be reached (ECONNREFUSED)')
    expect(explainFault(new HttpRequestError({ body, url, cause }), { bundler: url }).code).toBe('bundler-unreachable')
    const slow = explainFault(new TimeoutError({ body, url }))
    expect([slow.code, slow.shortMessage]).toEqual(['rpc-timeout', expect.stringMatching(/did not answer in time/)])
    const locked = explainFault(new HttpRequestError({ body, url, status: 401, details: 'unauthorized' }))
    expect([locked.code, locked.help]).toEqual(['rpc-unreachable', expect.stringMatching(/key in the URL/)])
    const page = explainFault(new HttpRequestError({ body, url, status: 503, details: '<html>' }))
    expect(page.shortMessage).toMatch(/HTTP 503/)
  })

  test('the request itself is never taken for what was answered', () => {
    const body = { method: 'eth_call', params: [{ data: exceeded }] }
    const error = new RpcRequestError({ body, url, error: { code: 1, message: 'out of memory' } })
    const fault = explainFault(error)
    expect([fault.code, fault.shortMessage]).toEqual(['unknown', 'out of memory'])
  })

  test('every error of the module has words of its own', () => {
    const abi = contractArtifact('WritModule').abi.filter((item) => item.type === 'error')
    expect(abi.length).toBeGreaterThan(30)
    for (const item of abi) {
      if (item.type !== 'error') continue
      const values = item.inputs.map(({ type }) => {
        if (type.startsWith('uint')) return type === 'uint256' ? 7n : 7
        return type === 'address' ? `0x${'33'.repeat(20)}` : `0x${'44'.repeat(Number(type.slice(5)))}`
      })
      const fault = explainFault({ code: 3, message: 'execution reverted', data: moduleError(item.name, values) })
      expect.soft(fault.shortMessage, item.name).not.toMatch(/not the module’s|does not say/)
      expect.soft(fault.code, item.name).not.toBe('unknown')
    }
  })

  test.each([
    ['insufficient funds for gas * price + value', 'insufficient-funds'],
    ['Insufficient funds for gas * price + value', 'insufficient-funds'],
    ['nonce too low: next nonce 5, tx nonce 4', 'nonce-taken'],
    ['replacement transaction underpriced', 'nonce-taken'],
    ['already known', 'nonce-taken'],
    ['invalid chain id for signer: have 1 want 8453', 'wrong-chain'],
    ['max fee per gas less than block base fee', 'unknown'],
    ['execution reverted', 'transaction-reverted'],
  ])('a node’s “%s” is %s', (message, code) => {
    expect(explainFault({ code: -32000, message }).code).toBe(code)
  })

  test('a fault stays as it is, and anything else that was thrown becomes one', () => {
    const fault = new ChainFault('wrong-chain', 'one', 'two')
    expect(explainFault(fault)).toBe(fault)
    expect(explainFault('Some words').shortMessage).toBe('some words')
    expect(explainFault(undefined).code).toBe('unknown')
    const loop: { cause?: unknown } = {}
    loop.cause = loop
    expect(explainFault(loop).code).toBe('unknown')
  })
})
