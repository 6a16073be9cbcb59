// The package has this declaration, and an `exports` that hides it.
declare module 'fake-indexeddb/auto' {}

// Vite's: a file as text.
declare module '*?raw' {
  const text: string
  export default text
}
