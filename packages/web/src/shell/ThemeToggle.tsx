import { Button } from '../design/Button.tsx'
import { nextTheme, setTheme, type Theme, useTheme } from '../theme/theme.ts'

const WORD: Record<Theme, string> = { system: 'As the system', light: 'Light', dark: 'Dark' }

export function ThemeToggle() {
  const theme = useTheme()
  return (
    <Button
      kind="quiet"
      aria-label={`Colours: ${WORD[theme]}. Change to ${WORD[nextTheme(theme)]}`}
      title={`Colours: ${WORD[theme]}`}
      className="px-2"
      onClick={() => setTheme(nextTheme(theme))}
    >
      <svg
        aria-hidden="true"
        width="16"
        height="16"
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
      >
        {theme === 'light' ? (
          <path d="M8 4.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4ZM8 1v1.2M8 13.8V15M1 8h1.2M13.8 8H15M3 3l.9.9M12.1 12.1l.9.9M13 3l-.9.9M3.9 12.1 3 13" />
        ) : theme === 'dark' ? (
          <path d="M13.5 9.6A6 6 0 1 1 6.4 2.5a4.8 4.8 0 0 0 7.1 7.1Z" />
        ) : (
          <path d="M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 0v12M8 4.5l3.5 2M8 8l4 1.5M8 11.5l3 .8" />
        )}
      </svg>
    </Button>
  )
}
