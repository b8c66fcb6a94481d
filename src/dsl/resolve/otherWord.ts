/** What other languages call the things of this one, with the form to write. */
type Forms = readonly (readonly [words: readonly string[], help: string])[]

const quantifiers: Forms = [
  [
    ['every', 'all', 'each', 'forall', 'foreach'],
    'write `every x in list ( … )`: inside, `x` is each element of the list',
  ],
  [
    ['any', 'some', 'exists', 'contains', 'includes'],
    'write `any x in list ( … )`: inside, `x` is each element of the list',
  ],
]
const functions: Forms = [
  ...quantifiers,
  [['length', 'size', 'count'], 'write `len(x)`: how many elements or bytes `x` has'],
  [['total', 'add'], 'write `sum(x)`: the sum of the elements of `x`'],
  [['startsWith', 'startswith', 'prefix'], 'write `x starts with "…"`'],
]

const find = (forms: Forms, word: string): string | undefined => forms.find(([words]) => words.includes(word))?.[1]

/** Help for the name of a function that there is not; undefined if it means nothing elsewhere either. */
export const otherFunction = (word: string): string | undefined => find(functions, word)

/** Help for a word before the name of an element. */
export const otherQuantifier = (word: string): string | undefined => find(quantifiers, word)
