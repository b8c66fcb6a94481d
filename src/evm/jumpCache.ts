import type { EVM } from '@ethereumjs/evm'

type Analyse = (this: unknown, code: Uint8Array) => unknown

/**
 * The interpreter analyses the jump destinations of a contract anew in every call, which for a contract of 16 kB costs as much
 * as the call. This remembers the analysis by the code's array, in the interpreter's own class. It changes speed alone: where the class is
 * not as expected (@ethereumjs/evm 10.1.3), nothing is done.
 */
export async function rememberJumps(evm: EVM): Promise<void> {
  const prototype = await interpreterPrototype(evm)
  const analyse: unknown = prototype && Reflect.get(prototype, name)
  if (!prototype || typeof analyse !== 'function' || remembering.has(analyse)) return
  const analyses = new WeakMap<Uint8Array, unknown>()
  const remember: Analyse = function (code) {
    const known = analyses.get(code)
    if (known !== undefined) return known
    const analysis: unknown = Reflect.apply(analyse, this, [code])
    analyses.set(code, analysis)
    return analysis
  }
  remembering.add(remember)
  Reflect.set(prototype, name, remember)
}

const name = '_getValidJumpDestinations'
const remembering = new WeakSet<object>()

async function interpreterPrototype(evm: EVM): Promise<object | undefined> {
  const { runState } = await evm.runCode({ code: Uint8Array.of(0x00) })
  return runState && Object.getPrototypeOf(runState.interpreter)
}
