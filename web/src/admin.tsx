// The screens that are for admins: a file of their own, which the page loads with the first of them.

export { AuditScreen } from './screens/audit';
export { SettingsScreen } from './screens/settings';
export { SourcesScreen } from './screens/sources/sources';
