/** A paper that goes along with an act in many cases, and what is sent of it. */

export interface Paper {
  file: File | null
  number: string
  from: string | null
  until: string | null
}

export const noPaper = (): Paper => ({ file: null, number: '', from: null, until: null })

/** Without a file, what was typed of it means nothing. */
export const paperSaid = ({ file, number, from, until }: Paper) =>
  file ? { number, valid_from: from ?? '', valid_until: until ?? '' } : { number: '', valid_from: '', valid_until: '' }
