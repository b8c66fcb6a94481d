/** `npm run bench:constructs`: what each construct of the language costs in validation; the table of docs/language.md. It measures; it is no test. */
import { measureConstructs, tableOf } from './constructs/measure.js'

console.log(tableOf(await measureConstructs()))
