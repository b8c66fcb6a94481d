/** What a witness or its signature is made to claim; each must be refused on the chain, whatever the operation. */
export type Trick =
  /** The leaf of another rule, with its own proof. */
  | { readonly kind: 'leaf of another rule'; readonly rule: number }
  /** The leaf's last byte dropped, or a byte added; the leaf without its deny clauses. */
  | { readonly kind: 'leaf cut' | 'leaf extended' | 'denies stripped' }
  /** One bit of the leaf, of the header, of a sibling flipped; `at` counts bits and is taken modulo the size. */
  | { readonly kind: 'leaf bit' | 'header bit' | 'proof bit'; readonly at: number }
  | { readonly kind: 'proof cut' | 'proof extended' }
  /** Calls name each other's leaves, or one that is not there. */
  | { readonly kind: 'leaf indexes swapped' | 'leaf index out of range' }
  | { readonly kind: 'witness cut' | 'witness extended' | 'no witness' }
  /** Runtime path: another sender than the key, value sent along, a time claimed, another caller than the account, a signature after it. */
  | { readonly kind: 'other sender' | 'value sent' | 'time claimed' | 'other caller' }
