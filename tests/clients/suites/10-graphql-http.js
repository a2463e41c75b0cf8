import { serverAudits } from 'graphql-http';

/** The public audit of GraphQL over HTTP. A warning counts as failed: every check of it is wanted. */
export const suite = {
  name: 'GraphQL over HTTP, public audit',
  packages: ['graphql-http'],
  async run({ server, check }) {
    const fetchFn = (url, init = {}) => fetch(url, { ...init, headers: { ...init.headers, ...server.headers } });
    for (const audit of serverAudits({ url: server.url, fetchFn })) {
      await check(`${audit.id} ${audit.name}`, async () => {
        const result = await audit.fn();
        if (result.status !== 'ok') {
          throw new Error(`${result.status}: ${result.reason}`);
        }
      });
    }
  },
};
