/** Every word of a device text that is not a name, a number or a sign, in lower case. No symbol of a token is one, and a parameter whose name is one is shown as `arg`. */
export const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'account agent all allow and any arg as asset at base before budget by bytes call calls chain command commands count day days dec deny ' +
    'does each end entity eth every false fees fri from gap grant gwei hour hours if in is item key keys last length lines max minute minutes ' +
    'module mon no not now number of on only op or packed per revoke rolling root rule rules sat second seconds selector send shared sold ' +
    'sponsored start starts sum sun tag thu token total true tue unchecked units unlimited until utc wed week wei with'
  ).split(' '),
)

/** Whether a name is a word of the text whatever its case, or is like `item2`. */
export const isKeyword = (name: string): boolean => {
  const word = name.toLowerCase()
  return KEYWORDS.has(word) || /^item[0-9]+$/.test(word)
}
