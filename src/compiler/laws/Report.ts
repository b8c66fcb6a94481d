/** Takes one problem: a lower-case clause. */
export type Report = (message: string) => void
