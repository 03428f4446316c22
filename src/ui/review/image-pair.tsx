import { useEffect, useRef, useState } from 'react';

import { formatBytes } from '../format';
import { useReview } from './review-context';

export interface NamedImage {
  readonly label: string;
  readonly content: Uint8Array<ArrayBuffer>;
}

export interface ImagePairProps {
  readonly images: readonly NamedImage[];
  readonly mimeType: string;
}

/** Images beside each other, each with its measures. */
export function ImagePair({ images, mimeType }: ImagePairProps) {
  return (
    <div className="jp-Projects-sides">
      {images.map((image, index) => (
        <ImageSide key={index} image={image} mimeType={mimeType} />
      ))}
    </div>
  );
}

function ImageSide({ image, mimeType }: { image: NamedImage; mimeType: string }) {
  const { trans, locale } = useReview();
  const { label, content } = image;
  const shown = useRef<HTMLImageElement>(null);
  const [measures, setMeasures] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([content], { type: mimeType }));
    if (shown.current) {
      shown.current.src = made;
    }
    return () => URL.revokeObjectURL(made);
  }, [content, mimeType]);
  return (
    <figure className="jp-Projects-side">
      <figcaption>
        <strong>{label}</strong>
        <span className="jp-Projects-reviewQuiet">
          {[measures, formatBytes(content.byteLength, locale)].filter(Boolean).join(', ')}
        </span>
      </figcaption>
      <img
        ref={shown}
        alt={label}
        onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
          setMeasures(trans.__('%1 × %2 pixels', naturalWidth, naturalHeight))
        }
        onError={() => setMeasures(trans.__('no image that can be shown'))}
      />
    </figure>
  );
}
