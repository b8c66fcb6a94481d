import { LedgerError } from './LedgerError.js'

/** The first address of Ethereum on every Ledger (BIP-44). */
export const FIRST_PATH = "m/44'/60'/0'/0/0"

/** The path in the one form used here, `m/44'/60'/…`. Throws a LedgerError where it is no path of Ethereum's (BIP-44, coin 60), of at most ten steps. */
export const ledgerPath = (text: string): `m/44'/60'/${string}` => {
  const steps = text.replace(/^m\//, '').split('/')
  const isStep = (step: string): boolean => /^(0|[1-9]\d{0,9})'?$/.test(step) && Number.parseInt(step, 10) < 2 ** 31
  const [purpose, coin, ...rest] = steps
  if (purpose !== "44'" || coin !== "60'" || rest.length < 1 || steps.length > 10 || !rest.every(isStep)) {
    throw new LedgerError('bad-path', JSON.stringify(text))
  }
  return `m/44'/60'/${rest.join('/')}`
}
