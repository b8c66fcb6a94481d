/** A figure beside its target. */
export const target = (text: string, met: boolean): string => `${text} ${met ? 'met' : 'MISSED'}`
