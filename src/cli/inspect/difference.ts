/** The first difference between two canonical texts: in which part, and the line of each there; undefined where one has no such line. */
export type Difference = { readonly part: string; readonly found?: string; readonly file?: string }

/** Compares the canonical text of what was found with that of a file; undefined where they are equal. */
export const differenceOf = (found: string, file: string): Difference | undefined => {
  if (found === file) return undefined
  const here = linesOf(found)
  const there = linesOf(file)
  const at = here.findIndex((line, index) => line.text !== there[index]?.text)
  const [one, other] = at < 0 ? [undefined, there[here.length]] : [here[at], there[at]]
  const rest = (lines: readonly Line[]) => lines.slice(Math.max(at, 0) + 1).map(({ text }) => text)
  // A line that the other has further below is no other line: the one in between was added.
  if (one && other && rest(there).includes(one.text)) return differing(other.part, undefined, other)
  if (one && other && rest(here).includes(other.text)) return differing(one.part, one, undefined)
  if (one && other && one.part !== other.part && one.rank !== other.rank)
    return one.rank < other.rank ? differing(one.part, one, undefined) : differing(other.part, undefined, other)
  return differing((one ?? other)?.part ?? 'the end', one, other)
}

/** The difference in words, each line on a line of its own; ends with a newline. */
export const differenceText = ({ part, found, file }: Difference, name: string): string =>
  [`differs from ${name} in ${part}`, `  found  ${found ?? '(nothing)'}`, `  file   ${file ?? '(nothing)'}`, ''].join(
    '\n',
  )

type Line = { readonly text: string; readonly part: string; readonly rank: number }

const differing = (part: string, found: Line | undefined, file: Line | undefined): Difference => ({
  part,
  ...(found ? { found: found.text.trim() } : {}),
  ...(file ? { file: file.text.trim() } : {}),
})

/** The lines that say something, each with the part it belongs to; `rank` orders the parts as a canonical text does. */
const linesOf = (text: string): readonly Line[] => {
  let rules = 0
  let rule = ''
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Line => {
      const [word = '', name = ''] = line.trim().split(' ')
      if (!line.startsWith(' ') && (word === 'allow' || word === 'deny')) {
        rules += 1
        rule = `rule ${rules}, \`${line}\``
        return { text: line, part: `rule ${rules}`, rank: 3 + rules }
      }
      if (rules > 0) return { text: line, part: `${clauses[word] ?? 'a clause'} of ${rule}`, rank: 3 + rules }
      if (word === 'token') return { text: line, part: `the token ${name}`, rank: 1 }
      if (word === 'budget' || word === 'limit') return { text: line, part: `the shared ${word} ${name}`, rank: 2 }
      return { text: line, part: headers[word] ?? `the line \`${word}\``, rank: 0 }
    })
}

const clauses: Readonly<Record<string, string>> = {
  where: 'a condition',
  and: 'a condition',
  budget: 'a budget',
  limit: 'a limit',
  hours: 'the hours',
  from: 'the begin',
  until: 'the end',
  ttl: 'the end',
  each: 'the calls inside',
}

const headers: Readonly<Record<string, string>> = {
  account: 'the account',
  chain: 'the chain',
  key: 'the key',
  from: 'the begin',
  until: 'the end',
  ttl: 'the end',
  fees: 'the fees',
}
