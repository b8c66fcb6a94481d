/** What a command's exit code means; the same for every command. */
export const ExitCode = {
  /** The question was answered (a denial is an answer). */
  answered: 0,
  /** Two readings differ, or a file is not as it should be. */
  differs: 1,
  /** The command line is wrong. */
  usage: 2,
  /** The writ, artifact or operations file is not valid. */
  invalid: 3,
  /** The machine is at fault: a file that cannot be read or written, a node or a bundler that does not answer. Another time it may go well. */
  environment: 4,
  /** The chain, the policy or the person who was asked said no. What was asked for has not happened. */
  refused: 5,
} as const

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]
