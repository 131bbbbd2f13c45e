/** How often values fell under each bound. To add one costs a look-up and an addition, because requests do it. */
export class Distribution {
  readonly #bounds: readonly number[];
  readonly #cells = new Map<string, Cell>();

  /** @param bounds ascending */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
  }

  /** Of one combination of labels, to be kept by whoever adds to it. */
  cell(...labels: readonly string[]): Cell {
    const key = labels.join('\n');
    const known = this.#cells.get(key);
    if (known !== undefined) return known;
    const cell = new Cell(labels, this.#bounds);
    this.#cells.set(key, cell);
    return cell;
  }

  get cells(): Iterable<Cell> {
    return this.#cells.values();
  }
}

export class Cell {
  readonly labels: readonly string[];
  readonly #bounds: readonly number[];
  /** The last one has what is beyond all bounds. */
  readonly #counts: number[];
  #sum = 0;

  constructor(labels: readonly string[], bounds: readonly number[]) {
    this.labels = labels;
    this.#bounds = bounds;
    this.#counts = new Array(bounds.length + 1).fill(0);
  }

  add(value: number): void {
    let n = 0;
    while (n < this.#bounds.length && value > (this.#bounds[n] as number)) n++;
    this.#counts[n] = (this.#counts[n] as number) + 1;
    this.#sum += value;
  }

  get sum(): number {
    return this.#sum;
  }

  /** How many values are at most as large as each bound; the last number is all of them. */
  get cumulated(): readonly number[] {
    let count = 0;
    return this.#counts.map((more) => {
      count += more;
      return count;
    });
  }
}
