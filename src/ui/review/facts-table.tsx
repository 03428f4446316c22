import { formatBytes } from '../format';
import { useReview } from './review-context';

export interface Facts {
  readonly label: string;
  /** Bytes; null where there is no such file. */
  readonly size: number | null;
  /** For people; '' where it is not known. */
  readonly when: string;
  readonly who: string;
}

/** What is known of contents that can't be shown. */
export function FactsTable({ facts, why }: { facts: readonly Facts[]; why: string }) {
  const { trans, locale } = useReview();
  const unknown = trans.__('not known');
  const rows: [string, (fact: Facts) => string][] = [
    [
      trans.__('Size'),
      ({ size }) => (size === null ? trans.__('no such file') : formatBytes(size, locale))
    ],
    [trans.__('When'), ({ when }) => when || unknown],
    [trans.__('Who'), ({ who }) => who || unknown]
  ];
  return (
    <>
      <p className="jp-Projects-reviewQuiet">{why}</p>
      <div className="jp-Projects-tableScroll" tabIndex={0} role="group" aria-label={why}>
        <table className="jp-Projects-factsTable">
          <thead>
            <tr>
              <td />
              {facts.map(({ label }, index) => (
                <th key={index} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([title, tell]) => (
              <tr key={title}>
                <th scope="row">{title}</th>
                {facts.map((fact, index) => (
                  <td key={index}>{tell(fact)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
