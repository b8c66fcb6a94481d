/**
 * Compiles contracts/ with solc-js to contracts/artifacts/*.json, byte for byte the same on every machine.
 * `npm run contracts` writes them; `npm run contracts -- --check` compares and exits 1 where one differs.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, posix, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { getCreate2Address, zeroHash, type Hex } from 'viem'

/** What is known of one compiled contract; bytecodes are 0x-hex. */
export type Artifact = {
  readonly contractName: string
  readonly sourceName: string
  readonly abi: readonly unknown[]
  readonly bytecode: Hex
  readonly deployedBytecode: Hex
  /** solc's source map of the deployed bytecode, into `sources` by index. */
  readonly deployedSourceMap: string
  readonly sources: readonly string[]
  readonly compiler: string
}

type Solc = {
  compile(input: string, callbacks?: { import: (path: string) => { contents: string } | { error: string } }): string
  version(): string
}
type Output = {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[]
  readonly sources: Readonly<Record<string, { readonly id: number }>>
  readonly contracts: Readonly<Record<string, Readonly<Record<string, CompiledContract>>>>
}
type CompiledContract = {
  readonly abi: readonly unknown[]
  readonly evm: {
    readonly bytecode: { readonly object: string }
    readonly deployedBytecode: { readonly object: string; readonly sourceMap: string }
  }
}

const here = dirname(fileURLToPath(import.meta.url))
const root = resolve(here, '..')
// Reader and printer come first: the module's source holds their addresses.
const shipped = ['GrantReader', 'GrantPrinter', 'WritModule', 'TestAccount', 'TestToken', 'TestRouter'] as const
/** In whose source it says where a contract stands that the module asks. */
const asked: Readonly<Record<string, string>> = { GrantReader: 'Reader.sol', GrantPrinter: 'Printer.sol' }

/** How the contracts are compiled; cancun is what every target chain runs. With so many runs an operation is cheapest and both contracts still fit. */
export const settings = {
  evmVersion: 'cancun',
  viaIR: true,
  optimizer: { enabled: true, runs: 20_000 },
  metadata: { bytecodeHash: 'none', appendCBOR: false },
  outputSelection: {
    '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object', 'evm.deployedBytecode.sourceMap'] },
  },
} as const

/**
 * How the printer is compiled. Solc's own sequence of steps, but without the one (F) that makes a copy of a function for each constant it is called with: of a
 * printer that is most of its calls, and it would be larger than a chain accepts; so it would be with more runs.
 */
const small = {
  ...settings,
  optimizer: {
    enabled: true,
    runs: 120,
    details: {
      yul: true,
      yulDetails: {
        optimizerSteps:
          'dhfoDgvulfnTUtnIfxa[r]EscLMVcul[j]Tpeulxa[r]cLgvifMCTUca[r]LSsTOtfDnca[r]IulcscCTUtgvifMx[scCTUt]jmul[jul]VcTOculjmul',
      },
    },
  },
} as const

/**
 * Compiles Solidity sources by name (`contracts/X.sol`) to artifacts by contract name. Imports are found in the project and in
 * node_modules. Throws with solc's own words where a source is wrong.
 */
export function compileContracts(
  sources: Readonly<Record<string, string>> = readSources(),
  how: typeof settings | typeof small = settings,
): Record<string, Artifact> {
  const solc = createRequire(import.meta.url)('solc') as Solc
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(Object.entries(sources).map(([name, content]) => [name, { content }])),
    settings: how,
  }
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: find })) as Output
  const faults = (output.errors ?? []).filter(({ severity }) => severity === 'error')
  if (faults.length > 0) throw new Error(faults.map(({ formattedMessage }) => formattedMessage).join('\n'))
  const names = Object.entries(output.sources)
    .sort(([, a], [, b]) => a.id - b.id)
    .map(([name]) => name)
  const artifacts: Record<string, Artifact> = {}
  for (const [sourceName, contracts] of Object.entries(output.contracts))
    for (const [contractName, { abi, evm }] of Object.entries(contracts))
      artifacts[contractName] = {
        contractName,
        sourceName,
        abi,
        bytecode: `0x${evm.bytecode.object}`,
        deployedBytecode: `0x${evm.deployedBytecode.object}`,
        deployedSourceMap: evm.deployedBytecode.sourceMap,
        sources: names,
        compiler: `solc ${solc.version()}`,
      }
  return artifacts
}

/** Every .sol file under contracts/, by its name from the project's root, in order of names. */
export function readSources(): Record<string, string> {
  const files = readdirSync(here, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sol'))
  const named = files.map((file) => [posix.join('contracts', file.split('\\').join('/')), join(here, file)] as const)
  return Object.fromEntries(
    named.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, path]) => [name, readFileSync(path, 'utf8')]),
  )
}

/** Where contracts/libraries/Frame.sol and Scope.sol put their words. */
const FRAME = 0x200

/** Where the compiler lets free memory begin: code begins with PUSH of that number, PUSH1 0x40, MSTORE, perhaps with a DUP between. */
function ownMemory(code: string): number {
  const [, wide, narrow] = /^0x(?:61(.{4})|60(.{2}))(?:80)?604052/.exec(code) ?? []
  return Number.parseInt(wide ?? narrow ?? 'ffff', 16)
}

function find(path: string): { contents: string } | { error: string } {
  const places = [join(root, path), join(root, 'node_modules', path)]
  const place = places.find((candidate) => existsSync(candidate))
  return place === undefined ? { error: `there is no ${path}` } : { contents: readFileSync(place, 'utf8') }
}

/** The CREATE2 deployer that stands at this address on every chain; with salt 0 it decides where reader and printer stand. */
const deployer = '0x4e59b44847b379578588920cA78FbF26c0B4956C'

/** How the module's source says where one of them stands. */
const addressLine = /(address internal constant AT = )(0x[0-9a-fA-F]{40});/

/**
 * Holds the module's source to the code of a contract that it asks: writes the address into it, or (with `check`) only compares, and says what to do where they
 * differ. A reader or printer of other code stands at another address, and so the module itself does.
 */
function settle(contract: string, file: string, creation: Hex, check: boolean): string | undefined {
  const addressFile = join(here, 'libraries', file)
  const address = getCreate2Address({ from: deployer, salt: zeroHash, bytecode: creation })
  const source = readFileSync(addressFile, 'utf8')
  const said = addressLine.exec(source)?.[2]
  if (said === address) return undefined
  const name = relative(root, addressFile)
  if (said === undefined) throw new Error(`${name} no longer says where ${contract} stands, in the form ${addressLine}`)
  if (check)
    return `${name} says that ${contract} stands at ${said}, its code puts it at ${address}: run \`npm run contracts\`, which writes the address and compiles the module with it`
  writeFileSync(addressFile, source.replace(addressLine, `$1${address};`))
  console.log(`${contract} stands at ${address} now: written to ${name}`)
  return undefined
}

/**
 * Holds the ERC-7730 descriptor of the module's calldata to the module's code in the same way: it names the address at which the module stands on each chain.
 * Returns its name where it differs and is only compared.
 */
function settleDescriptor(creation: Hex, check: boolean): string | undefined {
  const file = join(root, 'erc7730', 'calldata-WritModule.json')
  const address = getCreate2Address({ from: deployer, salt: zeroHash, bytecode: creation })
  const text = readFileSync(file, 'utf8')
  const settled = text.replaceAll(/("address": )"0x[0-9a-fA-F]{40}"/g, `$1"${address}"`)
  if (!settled.includes(address)) throw new Error(`${relative(root, file)} no longer says where the module stands`)
  if (settled === text) return undefined
  if (check) return relative(root, file)
  writeFileSync(file, settled)
  console.log(`WritModule stands at ${address} now: written to ${relative(root, file)}`)
  return undefined
}

/** One contract by itself, so that its source map does not depend on the others. */
function compileAlone(name: string): Artifact {
  const own = Object.entries(readSources()).filter(([path]) => path.endsWith(`/${name}.sol`))
  const artifact = compileContracts(Object.fromEntries(own), name === 'GrantPrinter' ? small : settings)[name]
  if (artifact === undefined) throw new Error(`there is no contract ${name}`)
  return artifact
}

function main(check: boolean): void {
  const differing: string[] = []
  for (const name of shipped) {
    const artifact = compileAlone(name)
    const file = asked[name]
    if (file !== undefined) {
      const difference = settle(name, file, artifact.bytecode, check)
      if (difference !== undefined) {
        console.error(difference)
        process.exitCode = 1
      }
    }
    const path = join(here, 'artifacts', `${name}.json`)
    const text = `${JSON.stringify(artifact, null, 1)}\n`
    const size = (artifact.deployedBytecode.length - 2) / 2
    const own = ownMemory(artifact.deployedBytecode)
    if ((name === 'WritModule' || file !== undefined) && own > FRAME)
      throw new Error(`${name}: the compiler keeps memory up to ${own}, beyond the frame's place`)
    if (size > 24_576) throw new Error(`${name} has ${size} bytes, more than the 24,576 that a chain accepts`)
    if (check) {
      if (!existsSync(path) || readFileSync(path, 'utf8') !== text) differing.push(relative(root, path))
    } else {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
    }
    const descriptor = name === 'WritModule' ? settleDescriptor(artifact.bytecode, check) : undefined
    if (descriptor !== undefined) differing.push(descriptor)
    console.log(`${name}: ${size} bytes`)
  }
  if (differing.length > 0) {
    console.error(`${differing.join(', ')} differ from what the sources give: run \`npm run contracts\``)
    process.exitCode = 1
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  main(process.argv.includes('--check'))
