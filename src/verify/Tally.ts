import type { GrantTally } from './changedGrants.js'

/** Counts of what was tried; once frozen (while a counterexample is shrunk) nothing more is counted. */
export class Tally {
  readonly kinds = new Map<string, number>()
  cases = 0
  allowed = 0
  denied = 0
  /** Denied, and one mutation away from an operation that is allowed. */
  single = 0
  /** Calls of the module. */
  asked = 0
  /** Changed grants that compiler and module read alike. */
  grants: GrantTally = { refused: 0, accepted: 0, lenient: 0 }
  /** Answers about who may install, grant and revoke. */
  authority = 0
  /** Calls of the module that no ABI coder writes. */
  malformed = 0
  frozen = false

  /** Counts one operation that all readings agreed on. */
  note(kind: string, allowed: boolean, single: boolean): void {
    if (this.frozen) return
    this.cases += 1
    this.kinds.set(kind, this.of(kind) + 1)
    if (allowed) this.allowed += 1
    else {
      this.denied += 1
      if (single) this.single += 1
    }
  }

  /** Operations of one kind so far. */
  of(kind: string): number {
    return this.kinds.get(kind) ?? 0
  }
}
