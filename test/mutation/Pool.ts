import { type ChildProcess, fork } from 'node:child_process'
import type { Answer, Job } from './worker.js'

/** Processes that take jobs one after the other. */
export class Pool {
  readonly #workers: readonly ChildProcess[]

  constructor(size: number) {
    const file = new URL('./worker.ts', import.meta.url)
    this.#workers = Array.from({ length: size }, () => fork(file, { execArgv: process.execArgv }))
  }

  /** Gives every worker the same job. */
  async all(job: Job): Promise<void> {
    await Promise.all(this.#workers.map((worker) => ask(worker, job)))
  }

  /** Does all jobs, each by whoever is free, and tells of each answer. */
  async each<T>(items: readonly T[], jobOf: (item: T) => Job, tell: (item: T, answer: Answer) => void): Promise<void> {
    const queue = [...items]
    const work = async (worker: ChildProcess): Promise<void> => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift())
        tell(item, await ask(worker, jobOf(item)))
    }
    await Promise.all(this.#workers.map(work))
  }

  close(): void {
    for (const worker of this.#workers) worker.kill()
  }
}

const ask = (worker: ChildProcess, job: Job): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`a worker ended with ${code ?? 'a signal'}`))
    worker.once('exit', onExit)
    worker.once('message', (answer: Answer) => {
      worker.off('exit', onExit)
      if (answer.failed === undefined) resolve(answer)
      else reject(new Error(answer.failed))
    })
    worker.send(job)
  })
