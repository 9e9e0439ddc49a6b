/** Asks are gathered for so long: a table's rows appear together. */
const GATHER_MS = 10;

/**
 * Many small asks as few large ones: `load` gets the ids that were asked for within a moment, at most `most` at
 * a time, and answers by id.
 */
export function batched<Answer>(
  load: (ids: string[]) => Promise<ReadonlyMap<string, Answer>>,
  most: number,
): (id: string) => Promise<Answer | undefined> {
  let waiting = new Map<string, Promise<Answer | undefined>>();
  let asked: { id: string; settle: (work: Promise<ReadonlyMap<string, Answer>>) => void }[] = [];

  function send() {
    const all = asked;
    asked = [];
    waiting = new Map();
    for (let start = 0; start < all.length; start += most) {
      const part = all.slice(start, start + most);
      const work = load(part.map(({ id }) => id));
      for (const { settle } of part) settle(work);
    }
  }

  return (id) => {
    const known = waiting.get(id);
    if (known !== undefined) return known;
    if (asked.length === 0) setTimeout(send, GATHER_MS);
    const answer = new Promise<ReadonlyMap<string, Answer>>((resolve) => {
      asked.push({ id, settle: resolve });
    }).then((found) => found.get(id));
    waiting.set(id, answer);
    return answer;
  };
}
