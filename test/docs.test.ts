import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkWrit } from '../src/actions/checkWrit.js'
import { writ } from './cli/world.js'
import { ConsoleOnNode } from './ConsoleOnNode.js'
import { readBeside } from './dsl/check/read.js'
import { anvilProgram } from './e2e/harness/tools.js'

/** A fenced block of a page: its language, what follows on the fence's line, and where it begins. */
type Block = { readonly language: string; readonly note: string; readonly text: string; readonly line: number }

const blocksOf = (page: string): Block[] => {
  const blocks: Block[] = []
  let open: { language: string; note: string; line: number; text: string[]; fence: string } | undefined
  for (const [index, line] of readFileSync(page, 'utf8').split('\n').entries()) {
    const fence = /^(`{3,})(\w*)\s*(.*)$/.exec(line)
    if (open && fence?.[1] === open.fence && fence[2] === '') {
      blocks.push({ language: open.language, note: open.note, line: open.line, text: open.text.join('\n') })
      open = undefined
    } else if (open) open.text.push(line)
    else if (fence)
      open = { language: fence[2] ?? '', note: fence[3] ?? '', line: index + 1, text: [], fence: fence[1] ?? '' }
  }
  if (open) throw new Error(`${page}:${open.line}: the block is never closed`)
  return blocks
}

const pages = [
  'README.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
]

/** What stands for "some text" in shown output. */
const pattern = (expected: string): RegExp =>
  new RegExp(
    `^${expected
      .trimEnd()
      .split('…')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('[^]*?')}\\s*$`,
  )

/** The commands of a console block, each with the output that is shown below it. */
const commandsOf = (text: string): { command: string; output: string }[] =>
  text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = '', ...output] = part.split('\n')
      return { command: command.trim(), output: output.join('\n').trim() }
    })

/** `npm run X -- args` and `npx writ args` as the command line of writ; undefined for what the gate of the project runs itself. */
const argvOf = (command: string): string[] | undefined => {
  if (/^npm ci( && npm test)?$/.test(command)) return undefined
  const plain = command
    .replace(/^npm ci && /, '')
    .replace(/^npm run demo/, 'writ demo')
    .replace(/^npx /, '')
  const words = (plain.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"(.*)"$/, '$1'))
  if (words[0] !== 'writ') throw new Error(`the docs show a command that no test runs: ${command}`)
  return words.slice(1)
}

const isFile = ({ language, note }: Block): boolean => language === 'writ' && note.endsWith('.writ')

const isOnNode = ({ language, note }: Block): boolean => language === 'console' && note === 'node'

describe.each(pages)('%s', (page) => {
  const blocks = blocksOf(page)
  test('has only blocks of kinds that are run', () => {
    const unknown = blocks.filter((block) => !['writ', 'console', 'json', 'ts'].includes(block.language))
    expect(unknown.map((block) => `${page}:${block.line} ${block.language}`)).toEqual([])
  })

  for (const block of blocks) {
    const title = `the ${block.language} block at line ${block.line}`
    // A writ that is meant to be wrong says with which code: ```writ W012; one that commands speak of, its file: ```writ pay.writ
    const wrong = isFile(block) ? '' : block.note
    if (block.language === 'writ')
      test(`${title} ${wrong === '' ? 'is valid' : `is refused with ${wrong}`}`, () => {
        const { diagnostics } = checkWrit(block.text, { readFile: readBeside('policies') })
        const errors = diagnostics.filter((d) => wrong !== '' || d.severity === 'error').map((d) => d.code)
        if (wrong === '') expect(errors).toEqual([])
        else expect(errors).toContain(wrong)
      })
    if (block.language === 'json') test(`${title} is JSON`, () => void JSON.parse(block.text))
    // An example that speaks with a chain says so: ```ts node
    if (block.language === 'ts' && block.note === 'node')
      test.skipIf(anvilProgram() === undefined)(`${title} runs against a node`, async () => {
        const { runSnippetOnNode } = await import('./runSnippetOnNode.js')
        await runSnippetOnNode(block.text)
      })
    else if (block.language === 'ts')
      test(`${title} runs`, async () => {
        // A data URL cannot import by relative path: the block is written beside the tests' own sources.
        const { runSnippet } = await import('./runSnippet.js')
        await runSnippet(block.text)
      })
    if (block.language === 'console' && block.note !== 'node')
      for (const { command, output } of commandsOf(block.text)) {
        const argv = argvOf(command)
        if (argv === undefined) continue
        test(`${title}: ${command}`, async () => {
          const ran = await writ(argv)
          expect(ran.out + ran.err).toMatch(pattern(output))
        })
      }
  }

  // Commands that speak with a chain say so: ```console node. They are one story, in the order of the page.
  const commands = blocks.filter(isOnNode).flatMap(({ text }) => commandsOf(text))
  describe.skipIf(commands.length === 0 || anvilProgram() === undefined)('its commands on a node', () => {
    let node: ConsoleOnNode
    beforeAll(async () => {
      node = await ConsoleOnNode.start(new Map(blocks.filter(isFile).map(({ note, text }) => [note, text])))
    })
    afterAll(() => node.stop())
    for (const { command, output } of commands)
      test(command, async () => {
        const ran = await node.run(argvOf(command) ?? [])
        expect(ran.out + ran.err).toMatch(pattern(output))
      })
  })
})
