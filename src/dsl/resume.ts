import type { IToken } from 'chevrotain'
import { EOF } from './chevrotain.js'
import { endsValue, followsKeyword, isAtMargin, isBeginning, isFirstOnLine, isWord } from './lines.js'
import { CloseBrace, OpenBrace } from './tokens.js'

/**
 * The index, at `from` or later, of a token that begins a clause, a rule or a header line or closes a block. A keyword counts if it
 * is first on its line or stands behind a complete value, and what follows it could not follow an argument of that name; a word that
 * is not indented counts too: it is a keyword or was meant to be one.
 */
export const resume = (text: string, tokens: readonly IToken[], from: number): number => {
  let depth = 0
  for (let i = from; i < tokens.length; i++) {
    const token = tokens[i]
    if (!token || token.tokenType === EOF) return i
    if (token.tokenType === OpenBrace) depth++
    else if (token.tokenType === CloseBrace) {
      if (depth === 0) return i
      depth--
    } else if (depth === 0 && isWord(token) && isAtMargin(text, token)) {
      return i
    } else if (depth === 0 && isBeginning(token)) {
      const [before, after] = [tokens[i - 1], tokens[i + 1]]
      const apart = isFirstOnLine(text, token) || (before && endsValue(before))
      if (apart && after && (followsKeyword(after) || after.tokenType === EOF)) return i
    }
  }
  return tokens.length - 1
}
