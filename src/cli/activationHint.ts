import { deviceText } from '../compiler/device/deviceText.js'
import { type Device, DEVICES } from '../ledger/pages/Device.js'
import { pagesOf } from '../ledger/pages/pagesOf.js'
import type { Binding } from '../policy/Binding.js'
import type { Policy } from '../policy/Policy.js'
import { type ActivationRoute, activationRoute } from '../verify/activationRoute.js'

/** How a policy can come into force, told beforehand: sentences, and the same for programs. */
export type ActivationHint = {
  readonly text: string
  readonly json: {
    readonly route: ActivationRoute['route']
    readonly reasons: readonly string[]
    readonly activationGas: number
    readonly verificationGas: number
    readonly operationBytes: number
    /** Symbols of the tokens whose decimals must be pinned before the first operation. */
    readonly pinFirst: readonly string[]
    /** How many screens of each device the owner passes, and how many stand behind "More". */
    readonly pages: Readonly<Partial<Record<Device, { readonly review: number; readonly details: number }>>>
  }
}

/** Which way a policy takes into force, and how many pages each device shows. Takes about a second: the module's own code is run. */
export const activationHint = async (policy: Policy, binding: Binding): Promise<ActivationHint> => {
  const { toPin, activationGas, verificationGas, ...route } = await activationRoute(policy, binding)
  const pages = route.route === 'account' ? {} : pagesOfAll(deviceText(policy, binding))
  const json = {
    ...route,
    activationGas: Number(activationGas),
    verificationGas: Number(verificationGas),
    pinFirst: toPin.map(({ symbol }) => symbol),
    pages,
  }
  return { json, text: `${sentences(json).join('\n')}\n` }
}

const sentences = (json: ActivationHint['json']): readonly string[] => {
  const { route, reasons, activationGas, verificationGas, operationBytes, pinFirst, pages } = json
  if (route === 'account') return [`into force: by the account's own call only (${reasons.join('; ')})`]
  const anyone = `\`activate\`, by anyone (about ${count(activationGas)} gas and the transaction's own)`
  const pinned = pinFirst.length === 0 ? '' : `, once the decimals of ${pinFirst.join(', ')} are pinned`
  const way =
    route === 'first operation'
      ? `the agent's first operation (up to ${count(verificationGas)} verification gas, ${count(operationBytes)} bytes${pinned}); or ${anyone}`
      : `${anyone}; not with the agent's first operation: ${reasons.join('; ')}`
  const shown = Object.entries(pages).map(
    ([device, { review, details }]) =>
      `${DEVICES[device as Device]} ${review}${details === 0 ? '' : ` and ${details} behind "More"`}`,
  )
  return [`into force: ${way}`, `pages on the device: ${shown.join(', ')}`]
}

const pagesOfAll = (text: string): ActivationHint['json']['pages'] =>
  Object.fromEntries(
    (Object.keys(DEVICES) as Device[]).map((device) => {
      const pages = pagesOf(text, device)
      const details = pages.filter(({ kind }) => kind === 'details').length
      return [device, { review: pages.length - details, details }]
    }),
  )

const count = (number: number): string => number.toLocaleString('en-US')
