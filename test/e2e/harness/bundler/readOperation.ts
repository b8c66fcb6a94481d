import type { UserOperation } from 'viem/account-abstraction'
import type { Address, Hex } from '../../../../src/policy/Hex.js'
import { RpcError } from '../JsonRpcServer.js'

/** An operation in the shape of ERC-7769, which EntryPoint 0.7 and 0.8 share. */
export type Operation = UserOperation<'0.7'>

const required = ['sender', 'nonce', 'callData', 'signature']
const gas = ['callGasLimit', 'verificationGasLimit', 'preVerificationGas', 'maxFeePerGas', 'maxPriorityFeePerGas']
const paymaster = ['paymaster', 'paymasterData', 'paymasterVerificationGasLimit', 'paymasterPostOpGasLimit']

/** Reads an operation as ERC-7769 writes it; for an estimate, gas and fees may be missing and count as zero. Throws -32602. */
export function readOperation(raw: unknown, purpose: 'send' | 'estimate'): Operation {
  if (typeof raw !== 'object' || raw === null) throw invalid('the operation is no object')
  const fields = raw as Readonly<Record<string, unknown>>
  for (const name of [...required, ...(purpose === 'send' ? gas : [])])
    if (fields[name] === undefined) throw invalid(`the operation has no ${name}`)
  for (const name of ['initCode', 'paymasterAndData', 'eip7702Auth'])
    if (fields[name] !== undefined)
      throw invalid(`${name} is not supported: the operation must have the form of EntryPoint 0.7`)
  togetherOrNot(fields, ['factory', 'factoryData'])
  // An estimate finds out the paymaster's gas limits.
  togetherOrNot(fields, purpose === 'send' ? paymaster : paymaster.slice(0, 2))
  const number = (name: string): bigint => (fields[name] === undefined ? 0n : BigInt(hex(fields, name)))
  return {
    sender: address(fields, 'sender'),
    nonce: number('nonce'),
    callData: bytes(fields, 'callData'),
    callGasLimit: number('callGasLimit'),
    verificationGasLimit: number('verificationGasLimit'),
    preVerificationGas: number('preVerificationGas'),
    maxFeePerGas: number('maxFeePerGas'),
    maxPriorityFeePerGas: number('maxPriorityFeePerGas'),
    signature: bytes(fields, 'signature'),
    ...(fields.factory === undefined
      ? {}
      : { factory: address(fields, 'factory'), factoryData: bytes(fields, 'factoryData') }),
    ...(fields.paymaster === undefined
      ? {}
      : {
          paymaster: address(fields, 'paymaster'),
          paymasterData: bytes(fields, 'paymasterData'),
          paymasterVerificationGasLimit: number('paymasterVerificationGasLimit'),
          paymasterPostOpGasLimit: number('paymasterPostOpGasLimit'),
        }),
  }
}

function togetherOrNot(fields: Readonly<Record<string, unknown>>, names: readonly string[]): void {
  const present = names.filter((name) => fields[name] !== undefined)
  if (present.length !== 0 && present.length !== names.length)
    throw invalid(`an operation has all of ${names.join(', ')} or none; it has ${present.join(', ')}`)
}

function hex(fields: Readonly<Record<string, unknown>>, name: string): Hex {
  const value = fields[name]
  if (typeof value !== 'string' || !/^0x[0-9a-f]+$/i.test(value)) throw invalid(`${name} is no hexadecimal number`)
  return value as Hex
}

function bytes(fields: Readonly<Record<string, unknown>>, name: string): Hex {
  const value = fields[name]
  if (typeof value !== 'string' || !/^0x([0-9a-f]{2})*$/i.test(value))
    throw invalid(`${name} is no bytes in hexadecimal`)
  return value as Hex
}

function address(fields: Readonly<Record<string, unknown>>, name: string): Address {
  const value = bytes(fields, name)
  if (value.length !== 42) throw invalid(`${name} is no address`)
  return `0x${value.slice(2).toLowerCase()}`
}

function invalid(message: string): RpcError {
  return new RpcError(-32602, message)
}
