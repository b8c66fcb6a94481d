/** Bytes as text: `0x` and an even number of lower-case hex digits. */
export type Hex = `0x${string}`

/** An address of 20 bytes: `0x` and 40 lower-case hex digits (EIP-55 is a matter of printing). */
export type Address = Hex
