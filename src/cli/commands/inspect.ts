import { canonical } from '../../compiler/canonical.js'
import { rootOf } from '../../compiler/root.js'
import { grantsWithin, type GrantFound } from '../../evm/grantsWithin.js'
import { readArtifact } from '../artifact.js'
import { chainOptions, type ChainFlags } from '../chain/chainOptions.js'
import { accountOf, connect } from '../chain/connect.js'
import { fromBlockOption, rootArgument, sessionNamed, sessionsOf, type SessionFlags } from '../chain/sessions.js'
import { CliError } from '../CliError.js'
import { ExitCode } from '../ExitCode.js'
import { artifactLies } from '../inspect/artifactLies.js'
import { compareWithFile, type Comparison } from '../inspect/compareWithFile.js'
import { differenceText } from '../inspect/difference.js'
import { accepted, readInput } from '../inspect/readInput.js'
import type { Io } from '../Io.js'
import type { AddCommand } from '../run.js'

type Flags = Pick<ChainFlags, 'rpc' | 'account' | 'module' | 'json'> & SessionFlags & { equals?: string; root?: string }

const help = `
IN is the hex of a grant, or of calldata that carries one: grant(bytes), activate(bytes,bytes), installValidation, and
execute, executeBatch, executeUserOp, executeWithRuntimeValidation or handleOps around them, or of an operation that puts its
own session into force; or a file with such hex, an artifact of \`writ compile\`,
or the JSON of a transaction or a UserOperation; - reads standard input. With --account it is the root of a session, or its first
digits, and the grant is read from the chain.

The writ goes to standard output, what else there is to know to standard error. Only the grant's bytes count: where an artifact
says something else than its grant, where a call is for another module, account or entity than its grant, inspect warns.

--equals leaves header values aside that FILE does not say (account, key, chain, from, until); where FILE is an artifact,
module, entity and tag count too.

Exit codes: 0 answered (with --equals: equal), 1 it differs from FILE, or an artifact contradicts its own grant,
2 usage, 3 invalid input, 4 environment.

Examples:
  writ inspect grant.json
  writ inspect 0x5ec5f0c3…                      calldata that somebody asks you to sign
  writ inspect tx.json --equals my.writ         is it what I wrote?
  writ inspect 0x1ea7 --rpc https://mainnet.base.org --account 0x5A0b… --equals my.writ
  writ inspect - --json < calldata.hex | jq -r .canonical`

/** `writ inspect`: bytes become a writ again. */
export const inspectCommand: AddCommand = (program, io, done) => {
  const command = program
    .command('inspect')
    .summary('turns an artifact, calldata or a session back into a writ, and compares it with a file')
    .description('Turns IN back into the canonical writ that its grant means.')
    .argument('<in>', 'hex, a file, or - for standard input; with --account a session')
    .option('--equals <file>', 'say whether it means the same as this writ or artifact')
    .option(
      '--root <hex>',
      'where IN holds several grants, the one with this root (its first digits serve)',
      rootArgument,
    )
    .addHelpText('after', help)
  fromBlockOption(chainOptions(command, ['bundler', 'kind', 'entity', 'entryPoint', 'acting'])).action(
    async (given: string, flags: Flags) => {
      if (given === '-' && flags.equals === '-')
        throw new CliError(ExitCode.usage, 'only one of the two can be read from standard input')
      const { found, lies } =
        flags.account === undefined ? find(io, given, flags.root) : await findOnChain(io, given, flags)
      const compared =
        flags.equals === undefined ? undefined : compareWithFile(io, flags.equals, found, flags.json === true)
      if (flags.json) io.out(`${JSON.stringify(jsonOf(found, lies, flags.equals, compared))}\n`)
      else print(io, found, lies, flags.equals, compared)
      if (compared?.difference !== undefined || lies.length > 0) done(ExitCode.differs)
    },
  )
}

type Found = { readonly found: GrantFound; readonly lies: readonly string[] }

const findOnChain = async (io: Io, given: string, flags: Flags): Promise<Found> => {
  if (!/^0x[0-9a-fA-F]{1,64}$/.test(given))
    throw new CliError(ExitCode.usage, `\`${given}\` is not the root of a session`, '`writ status` lists them')
  const connection = await connect(io, flags, ['module'])
  const account = await accountOf(connection, flags.account)
  const { sessions, block } = await sessionsOf(io, connection, account, flags)
  const { grant, policy, binding, life } = sessionNamed(sessions, given.toLowerCase())
  const oddities = life === 'live' ? [] : [`the session is ${life.replace('-', ' ')} at block ${block.number}`]
  return { found: { grant, policy, binding, via: [], oddities }, lies: [] }
}

const find = (io: Io, given: string, root: string | undefined): Found => {
  if (/^0x[0-9a-fA-F]{64}$/.test(given))
    throw new CliError(
      ExitCode.usage,
      `\`${given}\` is the root of a session`,
      'say where it is found: --rpc and --account',
    )
  const input = readInput(io, given)
  if (input.kind === 'artifact') {
    const { policy, binding, grant } = readArtifact(input.text, given)
    const found = { grant, policy, binding, via: [], oddities: [] }
    return { found: pick([found], root), lies: artifactLies(input.text, policy, binding) }
  }
  const { grants, orders, faults, known } = grantsWithin(input.data, input)
  const [fault] = faults
  if (fault !== undefined) throw new CliError(ExitCode.invalid, `it holds no valid grant: ${fault}`, accepted)
  if (grants.length > 0) return { found: pick(grants, root), lies: [] }
  const start = input.data.slice(0, 10)
  const why = known
    ? orders.length > 0
      ? `; it ${orders.join(', and ')}`
      : ''
    : `: it begins with ${start}, which is neither a grant nor a call that is looked into`
  throw new CliError(ExitCode.invalid, `it holds no grant${why}`, accepted)
}

/** The one grant that is meant. */
const pick = (grants: readonly GrantFound[], root: string | undefined): GrantFound => {
  const roots = grants.map(({ grant }) => rootOf(grant))
  const wanted = grants.filter((_, index) => root === undefined || roots[index]?.startsWith(root))
  const [only] = wanted
  if (only !== undefined && wanted.length === 1) return only
  const listed = roots.join(', ')
  if (only === undefined)
    throw new CliError(ExitCode.invalid, `no grant in it has the root ${root}`, `there is ${listed}`)
  throw new CliError(ExitCode.usage, `it holds ${grants.length} grants`, `choose one by --root: ${listed}`)
}

const print = (
  io: Io,
  { grant, policy, binding, via, oddities }: GrantFound,
  lies: readonly string[],
  file: string | undefined,
  compared: Comparison | undefined,
): void => {
  const { module, entityId, tag } = binding
  const path = via.length === 0 ? '' : `, in ${via.join(' → ')}`
  io.err(`session ${rootOf(grant)}${path}\nmodule ${module}, entity ${entityId}, tag ${tag}\n`)
  for (const oddity of oddities) io.err(`warning: ${oddity}\n`)
  for (const field of lies) io.err(`warning: the artifact's \`${field}\` is not what its grant says\n`)
  if (file === undefined || compared === undefined) io.out(canonical(policy))
  else if (compared.difference) io.out(differenceText(compared.difference, file))
  else io.out(`equal to ${file}${openText(compared.open)}\n`)
}

const openText = (open: readonly string[]): string =>
  open.length === 0 ? '' : ` (which does not say its ${open.join(', ')})`

const jsonOf = (
  { grant, policy, binding, via, oddities }: GrantFound,
  lies: readonly string[],
  file: string | undefined,
  compared: Comparison | undefined,
) => ({
  root: rootOf(grant),
  grant,
  binding,
  chainId: policy.chainId,
  account: policy.account,
  key: policy.key,
  from: policy.from,
  until: policy.until,
  canonical: canonical(policy),
  via,
  warnings: [...oddities, ...lies.map((field) => `the artifact's \`${field}\` is not what its grant says`)],
  ...(compared ? { equals: { file, equal: compared.difference === undefined, ...compared } } : {}),
})
