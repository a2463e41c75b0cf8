// GraphiQL's history of queries keeps the headers of each, tokens and all, whatever shouldPersistHeaders says. This
// storage never writes headers.

const withoutHeaders = (value) => {
  try {
    return JSON.stringify(JSON.parse(value, (key, inner) => (key === 'headers' ? null : inner)));
  } catch {
    // Not JSON: a query, a setting.
    return value;
  }
};

export const storage = {
  getItem: (key) => localStorage.getItem(key),
  setItem: (key, value) => localStorage.setItem(key, withoutHeaders(value)),
  removeItem: (key) => localStorage.removeItem(key),
  clear: () => localStorage.clear(),
  get length() {
    return localStorage.length;
  },
};
