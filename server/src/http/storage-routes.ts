import type { Services } from '../services';
import { bytesOf, drain } from './body';
import type { Router } from './router';

/** Where signed URLs lead: bytes come in here, with no other credential than the URL. */
export function addStorageRoutes(router: Router, { uploads, signer }: Services): void {
  router.add(
    {
      method: 'put',
      path: '/api/storage/uploads/{version}/{part}',
      feature: 'core',
      summary: 'Takes the bytes that a signed URL was made for.',
      anonymous: true,
      status: 200,
      answer: 'nothing'
    },
    async ({ request, version, part, target }) => {
      const grant = { version, part };
      try {
        signer.check(grant, target.url.searchParams);
        const length = request.headers.get('content-length');
        await uploads.receive(grant, bytesOf(request), length === null ? null : Number(length));
      } catch (error) {
        await drain(request);
        throw error;
      }
      return new Response(null, { status: 200 });
    }
  );
}
