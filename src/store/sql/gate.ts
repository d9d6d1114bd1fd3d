/** Many writers or one sweeper: rows that name blobs are written on one side, blobs are taken out on the other. */
export class Gate {
  private writers = 0;
  private closed = false;
  private readonly waiting: { exclusive: boolean; enter: () => void }[] = [];

  async shared<T>(work: () => Promise<T>): Promise<T> {
    await this.enter(false);
    try {
      return await work();
    } finally {
      this.writers--;
      this.next();
    }
  }

  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    await this.enter(true);
    try {
      return await work();
    } finally {
      this.closed = false;
      this.next();
    }
  }

  private enter(exclusive: boolean): Promise<void> {
    return new Promise((enter) => {
      this.waiting.push({ exclusive, enter });
      this.next();
    });
  }

  /** First come, first served, so that neither side starves. */
  private next(): void {
    for (let first = this.waiting[0]; first && !this.closed; first = this.waiting[0]) {
      if (first.exclusive && this.writers > 0) return;
      this.waiting.shift();
      if (first.exclusive) this.closed = true;
      else this.writers++;
      first.enter();
    }
  }
}
