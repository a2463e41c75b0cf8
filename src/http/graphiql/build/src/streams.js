// A subscription goes on while another tab is in front. GraphiQL has one subscription for all of its tabs and ends it with
// a change of tabs; here it then goes on unseen, its tab is marked, and who comes back sees what came.

/** Events that are kept for a tab nobody looks at. */
const MOST = 200;

/** What GraphiQL's tabs and its execution are now; `Streams` keeps it current. */
let latest;
/** The streams that go on unseen, by the id of their tab. */
const unseen = new Map();
/** While a click leads to another tab: GraphiQL ends its subscription then. */
let leaving = false;

const activeTab = () => latest?.editor.tabs[latest.editor.activeTabIndex]?.id;

/** A subscription, whether or not somebody looks at it. */
class Stream {
  missed = 0;
  #source;
  #waiting = [];
  #last;
  #ended = false;
  #problem;
  #wake = () => {};

  constructor(source, readable) {
    this.#source = source;
    void this.#read(readable);
  }

  async #read(readable) {
    try {
      for await (const event of this.#source) {
        this.#waiting = [...this.#waiting, event].slice(-MOST);
        this.#last = event;
        this.missed += 1;
        this.#wake();
        mark();
      }
    } catch (problem) {
      this.#problem = readable(problem);
    }
    this.#ended = true;
    this.#wake();
    mark();
  }

  get ended() {
    return this.#ended;
  }

  end() {
    void this.#source.return();
  }

  /** What GraphiQL reads from: first what came meanwhile, or the last event once more. */
  view(tab) {
    this.missed = 0;
    if (this.#waiting.length === 0 && this.#last) {
      this.#waiting = [this.#last];
    }
    let closed = false;
    const next = async () => {
      for (;;) {
        if (closed) {
          return { done: true, value: undefined };
        }
        const [event, ...rest] = this.#waiting;
        if (event) {
          this.#waiting = rest;
          this.missed = 0;
          return { done: false, value: event };
        }
        if (this.#problem) {
          throw this.#problem;
        }
        if (this.#ended) {
          return { done: true, value: undefined };
        }
        await new Promise((done) => (this.#wake = done));
      }
    };
    const close = async () => {
      closed = true;
      if (leaving && !this.#ended) {
        this.missed = 0;
        unseen.set(tab, this);
        mark();
      } else {
        this.end();
      }
      this.#wake();
      return { done: true, value: undefined };
    };
    return {
      next,
      return: close,
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}

/** The stream that goes on unseen in the tab in front, if there is one: it is seen from now on. */
export function resumed() {
  const tab = activeTab();
  const stream = unseen.get(tab);
  unseen.delete(tab);
  mark();
  return stream?.view(tab);
}

/** A new subscription of the tab in front; `readable` makes an error of what may go wrong. */
export const started = (source, readable) => new Stream(source, readable).view(activeTab());

/** Marks the tabs whose streams go on unseen, with the number of events that came. */
function mark() {
  latest?.editor.tabs.forEach(({ id }, index) => {
    const button = document.getElementById(`graphiql-session-tab-${index}`);
    const stream = unseen.get(id);
    if (button && stream) {
      button.dataset.live = stream.ended ? 'ended' : String(stream.missed);
    } else if (button) {
      delete button.dataset.live;
    }
  });
}

/** To be called with what GraphiQL's hooks give, at each rendering. */
export function follow(editor, execution) {
  latest = { editor, execution };
  const open = new Set(editor.tabs.map(({ id }) => id));
  for (const [id, stream] of unseen) {
    if (!open.has(id)) {
      unseen.delete(id);
      stream.end();
    }
  }
  mark();
}

// Before GraphiQL's own listeners, which end the subscription.
document.addEventListener(
  'click',
  ({ target }) => {
    const adding = target.closest('.graphiql-tab-add');
    if (!adding && !target.closest('.graphiql-tab-button')) {
      return;
    }
    leaving = true;
    if (adding) {
      latest?.execution.stop();
    }
    // By then the other tab is in front, and what was left has ended for GraphiQL.
    setTimeout(() => {
      leaving = false;
      if (unseen.has(activeTab()) && !latest.execution.isSubscribed) {
        latest.execution.run();
      }
    });
  },
  { capture: true },
);
