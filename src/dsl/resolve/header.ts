import { quote } from '../../diagnostic/quote.js'
import type { Span } from '../../diagnostic/Diagnostic.js'
import type { Address } from '../../policy/Hex.js'
import { nearest } from '../nearest.js'
import type { ChainLine, HeaderLine, Place } from '../ast.js'
import { chainId, chains } from '../units/chains.js'
import { readAddress } from '../units/address.js'
import { dateText, durationText } from '../units/time.js'
import type { Context, Facts, HeaderField } from './Context.js'
import { resolvePlace } from './place.js'
import type { Report } from './Report.js'

/** Header values from outside the text: flags, or the file of operations. They must agree with the text. */
export type HeaderOptions = {
  readonly account?: string
  readonly key?: string
  /** A name of the language, or an EIP-155 id. */
  readonly chain?: string | number
  /** Unix seconds, inclusive. */
  readonly from?: number
  /** Unix seconds, exclusive. */
  readonly until?: number
  readonly ttlSeconds?: number
}

/** What stands where a header value is open, so that the rest can be checked. */
export const standIns: Facts = {
  chainId: 1,
  account: `0x${'aa'.repeat(20)}`,
  key: `0x${'bb'.repeat(20)}`,
  from: 1_600_000_000,
  until: undefined,
  open: [],
}

const single: ReadonlySet<string> = new Set(['version', 'account', 'key', 'chain', 'from', 'until', 'ttl', 'fees'])
type LineOf<K extends HeaderLine['kind']> = Extract<HeaderLine, { kind: K }>

/** The header's values from the text and the options; what is wrong or said differently is reported. */
export function resolveHeader(context: Context, header: readonly HeaderLine[], options: HeaderOptions): Facts {
  const { report } = context
  const lines = firstLines(header, report)
  const line = <K extends HeaderLine['kind']>(kind: K) => lines.get(kind) as LineOf<K> | undefined
  checkVersion(line('version'), report)

  const given = <T>(
    field: string,
    written: T | undefined,
    span: Span | undefined,
    option: T | undefined,
    show: (value: T) => string,
  ) => {
    if (written !== undefined && option !== undefined && show(written) !== show(option))
      report({
        code: 'W034',
        severity: 'error',
        ...(span && { span }),
        message: `the writ says ${[field, quote(show(written))].join(' ').trim()}, but it was given ${quote(show(option))} from outside`,
        help: 'let both say the same, or leave one of them out',
      })
    return written ?? option
  }
  const placeOf = (node: { readonly address: Place } | undefined) =>
    node && resolvePlace(context, node.address)?.address
  const account = given(
    'account',
    placeOf(line('account')),
    line('account')?.span,
    optionAddress('account', options.account, report),
    String,
  )
  const key = given('key', placeOf(line('key')), line('key')?.span, optionAddress('key', options.key, report), String)
  const chain = given(
    'chain',
    chainOf(line('chain'), report),
    line('chain')?.span,
    optionChain(options.chain, report),
    String,
  )
  const from = given('from', line('from')?.date.seconds, line('from')?.span, options.from, dateText)
  const present: Record<HeaderField, boolean> = {
    account: account !== undefined || line('account') !== undefined,
    key: key !== undefined || line('key') !== undefined,
    chain: chain !== undefined || line('chain') !== undefined,
    from: from !== undefined,
  }
  const open = (['account', 'key', 'chain', 'from'] as const).filter((field) => !present[field])
  const start = from ?? standIns.from

  const [untilLine, ttlLine] = [line('until'), line('ttl')]
  if (untilLine && ttlLine)
    report({
      code: 'W033',
      severity: 'error',
      span: ttlLine.span,
      message: 'the writ says both `until` and `ttl`',
      help: 'keep one of them',
    })
  const written = untilLine?.date.seconds ?? (ttlLine && start + ttlLine.duration.seconds)
  const showEnd = (end: number) =>
    ttlLine && !untilLine ? `ttl ${durationText(end - start)}` : `until ${dateText(end)}`
  const span = (untilLine ?? ttlLine)?.span
  const untilGiven = given('', written, span, options.until, showEnd)
  const until = given(
    '',
    untilGiven,
    span,
    options.ttlSeconds === undefined ? undefined : start + options.ttlSeconds,
    showEnd,
  )
  checkTimes(start, until, line('from')?.span, span, report)

  return {
    chainId: chain ?? standIns.chainId,
    account: account ?? standIns.account,
    key: key ?? standIns.key,
    from: start,
    until,
    open,
  }
}

/** Each kind of line that may stand once, by its first line. */
function firstLines(header: readonly HeaderLine[], report: Report): ReadonlyMap<string, HeaderLine> {
  const lines = new Map<string, HeaderLine>()
  for (const line of header) {
    if (!single.has(line.kind)) continue
    if (lines.has(line.kind)) {
      const word = line.kind === 'version' ? 'writ' : line.kind
      report({
        code: 'W033',
        severity: 'error',
        span: line.span,
        message: `\`${word}\` is said twice`,
        help: 'keep one of the two lines',
      })
    } else lines.set(line.kind, line)
  }
  return lines
}

/** A version that is not known here is reported. */
export function checkVersion(line: LineOf<'version'> | undefined, report: Report): void {
  if (line === undefined || line.version.text === '1') return
  report({
    code: 'W043',
    severity: 'error',
    span: line.version.span,
    message: `version ${quote(line.version.text)} of the language is not known here`,
    help: 'write `writ 1`',
  })
}

function chainOf(line: ChainLine | undefined, report: Report): number | undefined {
  if (line === undefined) return undefined
  const { chain } = line
  const id = chain.kind === 'number' ? wholeId(chain.value) : chainId(chain.text)
  if (id === undefined)
    report({
      code: 'W035',
      severity: 'error',
      span: chain.span,
      message: `${quote(chain.text)} is not a chain`,
      help: chainHelp(chain.text),
    })
  return id
}

function wholeId(value: { readonly digits: bigint; readonly decimals: number }): number | undefined {
  return value.decimals === 0 && value.digits >= 1n && value.digits < 1n << 53n ? Number(value.digits) : undefined
}

function chainHelp(text: string): string {
  const near = nearest(
    text,
    chains.map((chain) => chain.name),
  )
  return near
    ? `did you mean \`${near}\`?`
    : `write its number, or one of ${chains.map((chain) => `\`${chain.name}\``).join(', ')}`
}

function optionChain(chain: string | number | undefined, report: Report): number | undefined {
  if (chain === undefined) return undefined
  const text = String(chain)
  const id = /^[0-9]{1,16}$/.test(text) ? wholeId({ digits: BigInt(text), decimals: 0 }) : chainId(text)
  if (id === undefined)
    report({
      code: 'W035',
      severity: 'error',
      message: `${quote(text)}, given from outside, is not a chain`,
      help: chainHelp(text),
    })
  return id
}

function optionAddress(field: string, text: string | undefined, report: Report): Address | undefined {
  if (text === undefined) return undefined
  const read = /^0x[0-9a-fA-F]{40}$/.test(text) ? readAddress(text) : undefined
  if (read?.ok) return read.address
  report({
    code: 'W036',
    severity: 'error',
    message: `the ${field} ${quote(text)}, given from outside, ${read ? 'has a wrong checksum' : 'is no address'}`,
    help: read ? `if every digit is right, it is written \`${read.expected}\`` : 'an address is `0x` and 40 hex digits',
  })
  return undefined
}

function checkTimes(
  from: number,
  until: number | undefined,
  fromSpan: Span | undefined,
  untilSpan: Span | undefined,
  report: Report,
): void {
  const refuse = (span: Span | undefined, message: string, help: string) =>
    report({ code: 'W039', severity: 'error', ...(span && { span }), message, help })
  if (from < standIns.from)
    refuse(
      fromSpan,
      `the writ begins at ${quote(dateText(from))}, which is too early`,
      `it may begin at ${dateText(standIns.from)} or later`,
    )
  else if (until !== undefined && until <= from)
    refuse(
      untilSpan,
      `the writ ends at ${quote(dateText(until))}, which is not after its beginning ${quote(dateText(from))}`,
      'write a later `until` or a longer `ttl`',
    )
  else if (until !== undefined && until >= 2 ** 38)
    refuse(untilSpan, 'the writ ends more than 8,000 years from now', 'write an earlier `until` or a shorter `ttl`')
}
