// Drawings from the sprite of all staff screens.
export const Icon = ({ name, size = "" }) => (
  <svg className={size ? `ic ic-${size}` : "ic"} aria-hidden="true">
    <use href={`/icons.svg#${name}`} />
  </svg>
);

export const IconButton = ({ icon, label, on, testid, className = "", ...props }) => (
  <button
    type="button"
    className={`fe-i ${className}${on ? " on" : ""}`}
    aria-label={label}
    title={label}
    aria-pressed={on === undefined ? undefined : on}
    data-testid={testid}
    {...props}
  >
    <Icon name={icon} />
  </button>
);

// Words of the page with their facts: "Table {number}".
export const fill = (text, facts) => (text ?? "").replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
