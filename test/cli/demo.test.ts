import { beforeAll, describe, expect, it } from 'vitest'
import { runDemo } from '../../src/cli/demo.js'

describe('writ demo', () => {
  const told: Record<string, unknown>[] = []
  let code: number | undefined
  const step = (name: string) => told.filter(({ step }) => step === name)

  beforeAll(async () => {
    const lines: string[] = []
    code = await runDemo({ print: (text) => lines.push(text), json: true })
    told.push(...lines.map((line): Record<string, unknown> => JSON.parse(line)))
  })

  it('ends well, because all went as told', () => {
    expect(told.at(-1)).toEqual({ step: 'end', ok: true, failures: [] })
    expect(code).toBe(0)
  })

  it('shows the owner a writ, compiles, verifies, installs and grants it', () => {
    expect(told.map(({ step }) => step)).toEqual([
      ...['writ', 'compile', 'compile', 'verify', 'install', 'install', 'install', 'install', 'install'],
      ...['use', 'use', 'misuse', 'misuse', 'misuse', 'revoke', 'revoke', 'revoke', 'revoke', 'end'],
    ])
    expect(step('writ')[0]?.['text']).toMatch(/^writ 1\n/)
    expect(step('verify')[0]?.['value']).toMatch(/^\d+ operations .* agree$/)
  })

  it('has the owner sign on the device what the chain prints, and somebody else carry it', () => {
    expect(step('install').map(({ name, text }) => name ?? text)).toEqual([
      'install',
      expect.stringMatching(/^GRANT AGENT KEY;\n[^]*\n…\nEND 3 rules\.$/),
      'sign',
      'printed',
      'activate',
    ])
    expect(step('install')[4]?.['value']).toMatch(/^carried by somebody else, [\d,]+ gas$/)
    expect(step('revoke').slice(0, 3)).toMatchObject([
      { text: expect.stringMatching(/^REVOKE ALL KEYS of\n/) as string },
      { name: 'sign' },
      { name: 'revoke' },
    ])
  })

  it('has two operations included that the evaluator allowed', () => {
    for (const operation of step('use'))
      expect(operation).toMatchObject({ outcome: 'allow', chain: 'included and run' })
  })

  it('has three operations refused on the chain for the reason that the evaluator gave before', () => {
    expect(step('misuse').map(({ evaluator, chain }) => [evaluator, chain])).toEqual([
      ['deny, meter-exceeded', expect.stringContaining('MeterExceeded')],
      ['deny, condition-failed', expect.stringContaining('ConditionFailed')],
      ['deny, no-rule', expect.stringContaining('NoRule')],
    ])
  })

  it('has everything refused after the owner revoked', () => {
    expect(step('revoke').at(-1)).toMatchObject({
      outcome: 'deny',
      evaluator: 'deny, session-not-active',
      chain: expect.stringContaining('SessionNotActive'),
    })
  })
})

it('writ demo tells people the same in short lines', async () => {
  let text = ''
  expect(await runDemo({ print: (part) => (text += part), json: false })).toBe(0)
  expect(text).toContain('All went as told.')
  // Before that the writ is quoted, as long as its author's lines are.
  const story = text.slice(text.indexOf('2. '))
  for (const line of story.split('\n')) expect(line.length).toBeLessThanOrEqual(110)
})
