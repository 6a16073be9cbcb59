import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'

const SAID_FOR_MS = 1500

export interface CopyButtonProps {
  label: string
  /** The key's that presses it. */
  command?: string
  text(): string | null
  disabled?: boolean
}

export function CopyButton({ label, command, text, disabled = false }: CopyButtonProps): JSX.Element {
  const [outcome, setOutcome] = useState<'copied' | 'refused' | null>(null)
  useEffect(() => {
    if (outcome === null) return
    const timer = setTimeout(() => setOutcome(null), SAID_FOR_MS)
    return () => clearTimeout(timer)
  }, [outcome])

  async function copy(): Promise<void> {
    const copied = text()
    if (copied === null) return
    try {
      await navigator.clipboard.writeText(copied)
      setOutcome('copied')
    } catch {
      // No permission, or not a secure page: the button says so.
      setOutcome('refused')
    }
  }

  const said = outcome === 'copied' ? 'Copied' : outcome === 'refused' ? 'Not allowed' : label
  return (
    <button
      type="button"
      class="button small"
      data-command={command}
      aria-label={label}
      disabled={disabled}
      onClick={() => void copy()}
    >
      {said}
    </button>
  )
}
