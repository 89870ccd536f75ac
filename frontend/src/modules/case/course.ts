/** Where each step of a procedure stands beside the others: what is parallel stands side by side. */

interface Linked {
  code: string
  next: string[]
}

/** The steps by how many steps come before them at most; those of one rank can be open at the same time. */
export function ranks<Step extends Linked>(steps: Step[]): Step[][] {
  const depth = new Map(steps.map((step) => [step.code, 0]))
  // A procedure has no way back, so that after as many rounds as steps nothing moves any more.
  for (let round = 0; round < steps.length; round++) {
    for (const step of steps) {
      for (const code of step.next) {
        if (depth.has(code)) depth.set(code, Math.max(depth.get(code)!, depth.get(step.code)! + 1))
      }
    }
  }
  const found: Step[][] = []
  for (const step of steps) (found[depth.get(step.code)!] ??= []).push(step)
  return found.filter(Boolean)
}

export interface Box<Step> {
  step: Step
  x: number
  y: number
}
export interface Arrow {
  from: string
  to: string
  path: string
}

export const BOX = { width: 148, height: 56, across: 48, down: 20 }

/** Boxes from left to right, those of one rank below one another, and the arrows between them. */
export function drawn<Step extends Linked>(steps: Step[]) {
  const columns = ranks(steps)
  const tallest = Math.max(1, ...columns.map((column) => column.length))
  const height = tallest * (BOX.height + BOX.down) - BOX.down
  const boxes: Box<Step>[] = columns.flatMap((column, place) => {
    const top = (height - (column.length * (BOX.height + BOX.down) - BOX.down)) / 2
    return column.map((step, row) => ({
      step,
      x: place * (BOX.width + BOX.across),
      y: top + row * (BOX.height + BOX.down),
    }))
  })
  const at = new Map(boxes.map((box) => [box.step.code, box]))
  const arrows: Arrow[] = boxes.flatMap((box) =>
    box.step.next.flatMap((code) => {
      const other = at.get(code)
      return other ? [{ from: box.step.code, to: code, path: curve(box, other) }] : []
    }),
  )
  const width = Math.max(1, columns.length) * (BOX.width + BOX.across) - BOX.across
  return { boxes, arrows, width, height }
}

function curve<Step>(from: Box<Step>, to: Box<Step>): string {
  const [x1, y1] = [from.x + BOX.width, from.y + BOX.height / 2]
  const [x2, y2] = [to.x - 6, to.y + BOX.height / 2]
  const middle = (x1 + x2) / 2
  return `M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`
}
