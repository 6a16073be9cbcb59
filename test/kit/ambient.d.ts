// The package has this declaration, and an `exports` that hides it.
declare module 'fake-indexeddb/auto' {}
