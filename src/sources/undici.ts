// A bundled CommonJS package has no names when it is imported lazily itself; this module is what is loaded lazily.
export { Pool, WebSocket } from 'undici'
