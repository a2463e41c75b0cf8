import { readFileSync } from 'node:fs';

const CHECK_SECONDS = 30;

/** A suite's checks and how they went. A suite that breaks off counts as a failure of its own. */
export class Score {
  constructor(suite) {
    this.suite = suite;
    this.passed = 0;
    this.failed = [];
  }

  get total() {
    return this.passed + this.failed.length;
  }

  /** The installed versions, as their packages tell them. */
  versions() {
    return this.suite.packages
      .map((name) => `${name} ${JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8')).version}`)
      .join(', ');
  }

  title() {
    return `${this.suite.name}${this.suite.packages.length > 0 ? ` (${this.versions()})` : ''}`;
  }

  async run(server) {
    const check = async (name, body, seconds = CHECK_SECONDS) => {
      try {
        const value = await within(seconds, body());
        this.passed += 1;
        console.log(`  ok    ${name}`);
        return value;
      } catch (problem) {
        this.fail(name, problem);
        return undefined;
      }
    };
    try {
      await this.suite.run({ server, check });
    } catch (problem) {
      this.fail('the suite ran to its end', problem);
    }
    if (this.total === 0) {
      this.fail('the suite has checks', new Error('none ran'));
    }
  }

  fail(name, problem) {
    const why = describe(problem).replace(/\s+/g, ' ').slice(0, 400);
    this.failed.push({ name, why });
    console.log(`  FAIL  ${name}: ${why}`);
  }
}

function describe(problem) {
  if (Array.isArray(problem)) {
    return JSON.stringify(problem);
  }
  return problem?.message || (typeof problem?.code === 'number' ? `closed ${problem.code} ${problem.reason}` : String(problem));
}

/** Fails when `promise` has not settled in time. */
export function within(seconds, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${seconds} s`)), seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
