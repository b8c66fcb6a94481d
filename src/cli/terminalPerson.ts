import { CliError } from './CliError.js'
import { ExitCode } from './ExitCode.js'
import type { Person } from './Io.js'

/** The person at this process's terminal, asked on standard error, because standard output belongs to the answer. */
export const terminalPerson: Person = {
  confirm: async (message) => {
    const { default: confirm } = await import('@inquirer/confirm')
    return asked(confirm({ message, default: false }, { output: process.stderr }))
  },
  password: async (message) => {
    const { default: password } = await import('@inquirer/password')
    return asked(password({ message, mask: false }, { output: process.stderr }))
  },
}

/** Ctrl-C and a closed terminal are a no, not a fault of the program. */
const asked = async <T>(answer: Promise<T>): Promise<T> => {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Error && /^(ExitPrompt|AbortPrompt|CancelPrompt)Error$/.test(error.name))
      throw new CliError(ExitCode.refused, 'the question was broken off, nothing was done')
    throw error
  }
}
