import type { Artifact } from '../artifact.js'

/** What programs are told of a session. */
export const factsOf = ({ root, chainId, account, key, from, until, canonical, grant }: Artifact) => ({
  root,
  chainId,
  account,
  key,
  from,
  until,
  canonical,
  grant,
})
