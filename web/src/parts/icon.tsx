// Line icons of 24 units, drawn for this page. They stand beside a word, so they say nothing themselves.

const PATHS: Record<string, string> = {
  MESSAGE: 'M4 5h16v11H9l-5 4z',
  CALL: 'M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A15 15 0 0 1 4 5a1 1 0 0 1 1-1z',
  EMAIL: 'M3 6h18v12H3zM3 7l9 6 9-6',
  PAGE_VIEW: 'M3 5h18v14H3zM3 9h18M6 7h.01M9 7h.01',
  NOTE: 'M5 4h14v11l-5 5H5zM14 20v-5h5M8 9h8M8 13h4',
  RECORD: 'M4 7h16v13H4zM4 7l2-3h12l2 3M9 12h6',
  IDENTITY: 'M9 12a3 3 0 0 0 4.5.5l3-3a3 3 0 0 0-4.2-4.2l-1 1M15 12a3 3 0 0 0-4.5-.5l-3 3a3 3 0 0 0 4.2 4.2l1-1',
  WEB: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18',
  APP: 'M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM11 18h2',
  SMS: 'M4 5h16v11H9l-5 4zM8 10.5h.01M12 10.5h.01M16 10.5h.01',
  WHATSAPP: 'M4 20l1.3-4A8 8 0 1 1 8 18.8zM9 9c0 3 3 6 6 6l1-1.5-2-1-1 .8a4 4 0 0 1-2.3-2.3l.8-1-1-2z',
  VOICE: 'M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A15 15 0 0 1 4 5a1 1 0 0 1 1-1z',
  FACEBOOK: 'M3 12a9 9 0 1 0 18 0 9 9 0 0 0-18 0M15 8h-1.5a2 2 0 0 0-2 2v10M9 13h5',
  INSTAGRAM: 'M8 4h8a4 4 0 0 1 4 4v8a4 4 0 0 1-4 4H8a4 4 0 0 1-4-4V8a4 4 0 0 1 4-4zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM16.5 7.5h.01',
  TELEGRAM: 'M3 11l18-7-3 16-6-4-3 3-1-6zM8 13l9-6-5 9',
  TWITTER: 'M5 4l14 16M19 4L5 20',
  FIELD: 'M12 21s7-6 7-11a7 7 0 0 0-14 0c0 5 7 11 7 11zM12 8a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
  INTERNAL: 'M5 21V4h9v17M14 9h5v12M3 21h18M8 8h3M8 12h3M8 16h3',
  OTHER: 'M4 6h16v10h-7l-4 4v-4H4zM8 11h.01M12 11h.01M16 11h.01',
  INBOUND: 'M17 7L7 17M7 9v8h8',
  OUTBOUND: 'M7 17L17 7M9 7h8v8',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5',
  people: 'M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM3 20c0-3.5 2.5-5.5 6-5.5s6 2 6 5.5M16 5.5a3.2 3.2 0 0 1 0 6M17.5 14.8c2.2.6 3.5 2.4 3.5 5.2',
  pulse: 'M3 12h4l3-7 4 14 3-7h4',
  inbox: 'M4 13l2-8h12l2 8v6H4zM4 13h5l1 2h4l1-2h5',
  gear: 'M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.2 2.2M16.2 16.2l2.2 2.2M18.4 5.6l-2.2 2.2M7.8 16.2l-2.2 2.2',
  log: 'M6 3h9l4 4v14H6zM9 10h7M9 14h7M9 18h4',
  user: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 21c0-4 3.5-6 8-6s8 2 8 6',
  up: 'M12 19V5M6 11l6-6 6 6',
  close: 'M6 6l12 12M18 6L6 18',
  check: 'M5 12l5 5 9-10',
  warn: 'M12 4l9 16H3zM12 10v4M12 17h.01',
  calendar: 'M4 6h16v14H4zM4 10h16M8 3v4M16 3v4',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  USER_ID: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 21c0-4 3.5-6 8-6s8 2 8 6',
  PHONE: 'M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A15 15 0 0 1 4 5a1 1 0 0 1 1-1z',
  ANONYMOUS_ID: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.4-1 .9-1 1.7M12 17h.01',
  DEVICE: 'M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM11 18h2',
  EXTERNAL: 'M14 4h6v6M20 4l-9 9M18 14v6H4V6h6',
};

export function Icon({ name, size = 16 }: { name: string; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name] ?? PATHS.RECORD} />
    </svg>
  );
}
