/** An access to an account's or contract's storage, or to a word that lives for the transaction alone: whose, which, how. */
export type StorageAccess = readonly [address: string, slot: string, how: 'SLOAD' | 'SSTORE' | 'TLOAD' | 'TSTORE']

/** A use of an address: an opcode that reads its code or calls it; `selector` and `value` where it calls, `next` is the opcode that follows. */
export type AddressUse = {
  readonly op: string
  readonly address: string
  readonly codeSize: number
  readonly precompile: boolean
  readonly value: string
  readonly selector: string
  /** The first argument behind the selector, 32 bytes, as far as there is one. */
  readonly argument: string
  next: string
}

/** One call frame of the transaction. The transaction's own call is frame 0, which no `parent` has. */
export type Frame = {
  readonly parent: number
  readonly type: string
  readonly from: string
  /** Whose code it is. */
  readonly to: string
  /** As whom the code runs: another than `to` where it was delegated to. */
  readonly self: string
  readonly selector: string
  error: string
  output: string
  readonly opcodes: Record<string, number>
  readonly storage: StorageAccess[]
  readonly uses: AddressUse[]
  /** GAS not followed at once by a call. */
  gasRead: boolean
}

/** What the collector saw until the EntryPoint began to execute. */
export type Trace = {
  readonly frames: readonly Frame[]
  /** Inputs of KECCAK256 of 64 bytes: the form of a mapping's slot. */
  readonly hashed: readonly string[]
  /** True once the EntryPoint called itself to execute. */
  readonly validated: boolean
  /** Faults of the collector itself: then the trace proves nothing. */
  readonly faults: readonly string[]
}

/**
 * A JavaScript tracer (geth's interface, which anvil's `debug_traceCall` runs) that only collects; what is forbidden is judged outside. It hears of the transaction's own call
 * in no `enter`, so frame 0 is made beforehand. An exception inside would end the execution like a revert, hence each function catches its own.
 */
export const collector = `{
  frames: [{ parent: -1, type: 'CALL', from: '', to: '', self: '', selector: '', error: '', output: '', opcodes: {}, storage: [], uses: [], gasRead: false }],
  open: [0],
  hashed: {},
  faults: [],
  validated: false,
  last: '',
  lastUse: null,
  hex: function (bytes) { return toHex(bytes) },
  address: function (word) { return toHex(toAddress(word.toString(16))) },
  memory: function (log, offset, length) {
    var size = log.memory.length()
    var end = offset + length
    var known = offset >= size ? '0x' : toHex(log.memory.slice(offset, end > size ? size : end))
    while (known.length < 2 + 2 * length) known += '00'
    return known
  },
  use: function (log, db, op) {
    var calls = op === 'CALL' || op === 'CALLCODE' || op === 'DELEGATECALL' || op === 'STATICCALL'
    var to = toAddress(log.stack.peek(calls ? 1 : 0).toString(16))
    var valued = op === 'CALL' || op === 'CALLCODE'
    var at = valued ? 3 : 2
    var size = calls ? Number(log.stack.peek(at + 1).toString(10)) : 0
    var input = size === 0 ? '0x' : this.memory(log, Number(log.stack.peek(at).toString(10)), size < 36 ? size : 36)
    return {
      op: op,
      address: toHex(to),
      codeSize: db.getCode(to).length,
      precompile: isPrecompiled(to),
      value: valued ? log.stack.peek(2).toString(16) : '0',
      selector: input.slice(0, 10),
      argument: '0x' + input.slice(10, 74),
      next: '',
    }
  },
  step: function (log, db) {
    if (this.validated) return
    try {
      var op = log.op.toString()
      if (log.getDepth() !== this.open.length) this.faults.push('depth ' + log.getDepth() + ' in frame ' + this.open.length)
      if (this.open.length === 1) { this.last = ''; this.lastUse = null; return }
      var frame = this.frames[this.open[this.open.length - 1]]
      if (this.last === 'GAS' && op !== 'CALL' && op !== 'CALLCODE' && op !== 'DELEGATECALL' && op !== 'STATICCALL') frame.gasRead = true
      if (this.lastUse !== null) { this.lastUse.next = op; this.lastUse = null }
      this.last = op
      frame.opcodes[op] = (frame.opcodes[op] || 0) + 1
      if (op === 'SLOAD' || op === 'SSTORE' || op === 'TLOAD' || op === 'TSTORE') {
        frame.storage.push([toHex(log.contract.getAddress()), log.stack.peek(0).toString(16), op])
      } else if (op === 'KECCAK256') {
        if (log.stack.peek(1).toString(10) === '64') this.hashed[this.memory(log, Number(log.stack.peek(0).toString(10)), 64)] = true
      } else if (op === 'CALL' || op === 'CALLCODE' || op === 'DELEGATECALL' || op === 'STATICCALL') {
        frame.uses.push(this.use(log, db, op))
      } else if (op === 'EXTCODESIZE' || op === 'EXTCODEHASH' || op === 'EXTCODECOPY') {
        this.lastUse = this.use(log, db, op)
        frame.uses.push(this.lastUse)
      }
    } catch (error) { this.faults.push('step: ' + error) }
  },
  fault: function () {},
  enter: function (call) {
    try {
      var from = toHex(call.getFrom())
      var to = toHex(call.getTo())
      if (this.open.length === 1 && from === to) this.validated = true
      var type = call.getType()
      var parent = this.open[this.open.length - 1]
      this.frames.push({
        parent: parent, type: type, from: from, to: to,
        self: type === 'DELEGATECALL' || type === 'CALLCODE' ? this.frames[parent].self : to,
        selector: toHex(call.getInput()).slice(0, 10),
        error: '', output: '', opcodes: {}, storage: [], uses: [], gasRead: false,
      })
      this.open.push(this.frames.length - 1)
      this.last = ''
    } catch (error) { this.faults.push('enter: ' + error) }
  },
  exit: function (result) {
    try {
      var frame = this.frames[this.open.pop()]
      var error = result.getError()
      frame.error = error === undefined || error === null ? '' : '' + error
      // Of the entities alone, for only a paymaster's answer is read.
      if (this.open.length === 1) frame.output = toHex(result.getOutput())
      this.last = ''
    } catch (error) { this.faults.push('exit: ' + error) }
  },
  result: function () {
    return { frames: this.frames, hashed: Object.keys(this.hashed), validated: this.validated, faults: this.faults }
  },
}`
