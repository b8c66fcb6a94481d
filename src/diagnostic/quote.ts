const longest = 48

/** The author's words in backticks: on one line, without control characters, at most 48 of them. */
export const quote = (words: string): string => {
  const plain = words
    .replace(/\s+/g, ' ')
    .replace(/[^\x20-\x7e\u00a1-\uffff]|[\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '\ufffd')
  return `\`${plain.length > longest ? `${plain.slice(0, longest - 1)}…` : plain}\``
}
